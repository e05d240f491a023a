#!/bin/bash
# SPDX-License-Identifier: MIT
# Programs built with a sanitizer, with libhakmem preloaded, linked as a library and linked in: each
# works as without it and its mistake is reported, or it is stopped at once with one line that says
# why. Without libhakmem: the control.
#
#     sanitized.sh LIBHAKMEM LIBHAKMEM_A SOURCE_FOLDER sample|all
set -u
library=$(realpath "$1") archive=$(realpath "$2") source=$3 size=$4
. "$source/promises.sh"

# SANITIZER MISTAKE WHAT-IS-REPORTED
mistakes() {
    cat << END
address after-free AddressSanitizer: heap-use-after-free
thread race ThreadSanitizer: data race
END
    [ "$size" = all ] || return
    cat << END
address overrun AddressSanitizer: heap-buffer-overflow
address leak LeakSanitizer: detected memory leaks
leak leak LeakSanitizer: detected memory leaks
undefined undefined runtime error: signed integer overflow
memory unwritten MemorySanitizer: use-of-uninitialized-value
END
}

# Older sanitizers find their memory taken where newer kernels randomise more.
run() { quietly setarch -R env "$@"; }

# Its own line or ours, and nothing but that.
stopped_with_a_line() { # STATUS
    [ "$1" = 1 ] && [ "$(grep -c . "$work/log")" = 1 ] &&
        grep -qE '^hakmem: [A-Za-z]*Sanitizer needs a malloc of its own|runtime does not come first' "$work/log"
}

judge() { # NAME MISTAKE REPORT COMMAND...
    local name=$1 mistake=$2 report=$3 status how=works
    shift 3
    run "$@" none
    status=$?
    if stopped_with_a_line $status; then
        promise "$name: stopped with one line" 0
        return
    fi
    [ $status = 0 ] && [ "$(cat "$work/log")" = worked ]
    promise "$name: $how" $?
    run "$@" "$mistake"
    grep -q "$report" "$work/log"
    promise "$name: reports $mistake" $?
}

judge_all() { # COMPILER SANITIZER MISTAKE REPORT
    local program=$work/program name="$1 -fsanitize=$2" build=("$1" -g -O1 "-fsanitize=$2" "$source/sanitized.c" -pthread -o)
    quietly "${build[@]}" "$program" || { note "left out: $name does not link: $(tail -1 "$work/log")"; return; }
    run "$program" none && run "$program" "$3"
    grep -q "$4" "$work/log" || { note "left out: $name finds no $3 here: $(head -1 "$work/log")"; return; }
    judge "$name, preloaded" "$3" "$4" LD_PRELOAD="$library" "$program"
    if quietly "${build[@]}" "$work/linked" "$archive"; then
        judge "$name, libhakmem.a linked in" "$3" "$4" "$work/linked"
    else
        grep -q 'multiple definition of' "$work/log"
        promise "$name, libhakmem.a linked in: the linker refuses" $?
    fi
    quietly "${build[@]}" "$work/linked" "$library"
    judge "$name, libhakmem.so linked" "$3" "$4" LD_LIBRARY_PATH="$(dirname "$library")" "$work/linked"
}

compilers() { [ "$size" = all ] && echo "gcc clang" || echo gcc; }

for compiler in $(compilers); do
    have "$compiler" "$compiler" || continue
    while read -r sanitizer mistake report; do
        judge_all "$compiler" "$sanitizer" "$mistake" "$report"
    done < <(mistakes)
done
finish
