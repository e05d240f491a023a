#!/bin/bash
# SPDX-License-Identifier: MIT
# Real programs on hakmem: the outcome is the same as on glibc, and the counters are above zero, so
# the preload was on. A program that is not installed is named and left out.
#
#     real_programs.sh LIBHAKMEM COUNTER_SUM SOURCE_ROOT sample|full|long [PART PROGRAM...]
#
# With a part only that one, which needs these programs.
set -u
library=$(realpath "$1")
counter_sum=$(realpath "$2")
root=$(realpath "$3")
size=$4
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d) || exit 1
broken=0
ran=0
server=

finish() {
    [ -n "$server" ] && kill "$server" 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT

# Runs part_NAME twice, each in a folder of its own, which it fills with `outcome`.
part() { # name programs...
    local name=$1 missing= program
    shift
    for program in "$@"; do
        command -v "$program" > /dev/null || missing="$missing $program"
    done
    if [ -n "$missing" ]; then
        echo "note   $name: left out, not installed:$missing"
        return
    fi
    mkdir -p "$work/$name/glibc" "$work/$name/hakmem" "$work/$name/counters"
    (cd "$work/$name/glibc" && preload='' "part_$name") > "$work/$name/glibc.log" 2>&1
    local control=$?
    if [ $control = 77 ]; then
        echo "note   $name: left out: $(tail -1 "$work/$name/glibc.log")"
        return
    fi
    (
        cd "$work/$name/hakmem" || exit 1
        preload=$library HAKMEM_COUNTERS_DIR=$work/$name/counters "part_$name"
    ) > "$work/$name/hakmem.log" 2>&1
    judge "$name" $control $?
}

judge() { # name, status on glibc, status on hakmem
    local name=$1 counts mallocs processes
    counts=$("$counter_sum" "$work/$name/counters") || counts="0 0 0"
    mallocs=${counts%% *}
    processes=${counts##* }
    ran=$((ran + 1))
    if [ "$2" != 0 ]; then
        echo "BROKEN $name: the control on glibc failed with status $2: $(tail -1 "$work/$name/glibc.log")"
    elif [ "$3" != 0 ]; then
        echo "BROKEN $name: status $3: $(tail -3 "$work/$name/hakmem.log" | tr '\n' '|')"
    elif ! cmp -s "$work/$name/glibc/outcome" "$work/$name/hakmem/outcome"; then
        echo "BROKEN $name: the outcome differs from glibc's"
        diff "$work/$name/glibc/outcome" "$work/$name/hakmem/outcome" | head -5
    elif [ "$mallocs" -eq 0 ]; then
        echo "BROKEN $name: no malloc was counted: the preload was not on"
    else
        echo "ok     $name: same outcome; $mallocs mallocs in $processes processes"
        return
    fi
    broken=1
}

# Each part runs its program through `on`, which preloads the library, or nothing.
on() {
    if [ -n "$preload" ]; then
        # By name and folder: LD_PRELOAD parts its list at spaces.
        LD_LIBRARY_PATH=$(dirname "$preload") LD_PRELOAD=$(basename "$preload") "$@"
    else
        "$@"
    fi
}

pick() { # of sample, full and long, the argument for this run; the last one given serves for what is longer
    case $size in
        long) echo "${3:-$2}" ;;
        full) echo "$2" ;;
        *) echo "$1" ;;
    esac
}

for file in compilers languages servers tools; do
    # shellcheck source=/dev/null
    . "$here/parts_$file.sh"
done

# What each part needs; those from python_tests on are not in the sample.
all_parts() {
    cat << END
gcc gcc
clang clang
gxx g++
git git
sqlite sqlite3
redis redis-server redis-benchmark redis-cli
nginx nginx ab
python python3
perl perl
node node
ruby ruby
lua lua
sort sort seq awk
xz xz
zstd zstd
pigz pigz
python_tests python3
rust rustc
go go gcc
ffmpeg ffmpeg
END
}

if [ $# -gt 4 ]; then
    part "${@:5}"
else
    while read -r name programs; do
        [ "$size $name" != "sample python_tests" ] || break
        # shellcheck disable=SC2086
        part "$name" $programs < /dev/null
    done < <(all_parts)
fi
[ $ran -gt 0 ] || exit 77
exit $broken
