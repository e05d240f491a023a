#!/bin/bash
# SPDX-License-Identifier: MIT
# A program that is linked with libhakmem.a runs on it, however it is linked: glibc's malloc is
# replaced whole, no name is defined twice, counters and misuse lines work. The same program linked
# without is the control.
#
#     static_link.sh LIBHAKMEM_A SOURCE_FOLDER sample|all
set -u
archive=$(realpath "$1") source=$2 size=$3
. "$source/promises.sh"

# One row a way to link: language, then options.
ways() {
    cat << END
c
c -static
c -static-pie -fPIE
c -no-pie -flto -O2
c++ -static -flto -O2
END
    [ "$size" = all ] || return
    cat << END
c -pie -fPIE
c -no-pie
c -flto -O2
c -static -flto -O2
c -static-pie -fPIE -flto -O2
c -Wl,--gc-sections -ffunction-sections
c -static -Wl,--gc-sections -ffunction-sections
c -fuse-ld=gold
c -fuse-ld=lld
c -static -fuse-ld=lld
c -static -Wl,-z,now,-z,relro -Wl,-z,defs
c++
c++ -static
c++ -no-pie -flto -O2
c++ -static-pie -fPIE
c++ -pie -fPIE -fuse-ld=lld
END
}

compilers() { [ "$size" = all ] && echo "gcc clang" || echo gcc; }

compile() { # OUTPUT COMPILER LANGUAGE OPTION...
    local output=$1 compiler=$2 language=$3
    shift 3
    if [ "$language" = c++ ]; then
        case $compiler in gcc) compiler=g++ ;; clang) compiler=clang++ ;; esac
        quietly "$compiler" -std=c++17 -o "$output" "$source/workout.cpp" "$@" -pthread
    else
        quietly "$compiler" -o "$output" "$source/workout.c" "$@" -pthread
    fi
}

runs_on_ours() { # PROGRAM
    local counters=$work/counters
    rm -rf "$counters"
    mkdir "$counters"
    HAKMEM_STATS=1 HAKMEM_COUNTERS_DIR=$counters quietly "$1" || return 1
    grep -qx worked "$work/log" && grep -q '^hakmem: statistics of process' "$work/log" &&
        [ -n "$(find "$counters" -name '*.counters' -size +100k)" ]
}

stops_misuse() { # PROGRAM
    local way
    for way in free-twice free-stack free-inside; do
        quietly "$1" "$way"
        [ $? = 134 ] && [ "$(grep -c . "$work/log")" = 1 ] && grep -q '^hakmem: .*: pointer 0x' "$work/log" || return 1
    done
}

judge() { # COMPILER WAY...
    local compiler=$1 kept=1
    shift
    compile "$work/control" "$compiler" "$@"
    if ! quietly "$work/control" || ! grep -qx worked "$work/log"; then
        note "left out: $compiler $* does not work with glibc's malloc either: $(head -1 "$work/log")"
        return
    fi
    compile "$work/program" "$compiler" "$@" "$archive" && [ ! -s "$work/log" ] && runs_on_ours "$work/program" && kept=0
    promise "$compiler, $*: linked without a word, runs on hakmem (and on glibc), counts" $kept
    [ "$kept" = 0 ] && [ "$1" = c ] || return
    stops_misuse "$work/program"
    promise "$compiler, $*: misuse is stopped with one line" $?
}

have gcc gcc || exit 77
for compiler in $(compilers); do
    have "$compiler" "$compiler" || continue
    while read -r -a way; do
        judge "$compiler" "${way[@]}"
    done < <(ways)
done

# Its own probes and ours are in groups of the same name, of which the linker keeps one.
printf '#include <sys/sdt.h>\n#include <stdlib.h>\nint main(void) { DTRACE_PROBE(own, here); free(malloc(1)); return 0; }\n' > "$work/probed.c"
if quietly gcc -o "$work/probed" "$work/probed.c"; then
    quietly gcc -o "$work/probed" "$work/probed.c" "$archive" && quietly "$work/probed"
    promise "a program with probes of its own" $?
fi
finish
