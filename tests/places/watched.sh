#!/bin/bash
# SPDX-License-Identifier: MIT
# Tools that watch a program see with libhakmem.so what they see with glibc's malloc. Each is run on
# glibc first: what it can't do there is left out.
#
#     watched.sh LIBHAKMEM WORKOUT SOURCE_FOLDER sample|all
set -u
library=$(realpath "$1") workout=$(realpath "$2") source=$3 size=$4
. "$source/promises.sh"

# TOOL PACKAGE PATTERN COMMAND...: prints a line that matches the pattern, on glibc and on hakmem, too.
# In the command, @PRELOAD@ stands for what makes the watched program run on hakmem, or for nothing.
watches() {
    local tool=$1 package=$2 pattern=$3 way
    shift 3
    have "$tool" "$package" || return
    local title
    title=$(echo "$*" | sed "s#env LD_PRELOAD=@PRELOAD@ ##; s#$workout#workout#; s#$work/##g")
    for way in glibc hakmem; do
        local command=("${@//@PRELOAD@/$([ $way = hakmem ] && echo "$library")}")
        (cd "$work" && quietly "${command[@]}")
        local status=$?
        if [ $status = 0 ] && grep -qE "$pattern" "$work/log"; then
            [ $way = glibc ] || promise "$title" 0
        elif [ $way = glibc ]; then
            note "left out: $tool fails on glibc too (status $status): $(tail -1 "$work/log")"
            return
        else
            promise "$title (status $status, wanted a line of '$pattern')" 1
        fi
    done
}

# valgrind gives a program its own malloc and free, also where they are ours.
valgrind_with() { # PATTERN TOOL-OPTION... -- ARGUMENT...
    local pattern=$1
    shift
    local options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    watches valgrind valgrind "$pattern" env LD_PRELOAD=@PRELOAD@ valgrind "${options[@]}" "$workout" "$@"
}

valgrind_with 'definitely lost: 7,000 bytes in 7 blocks' --leak-check=full -- lose 7
watches strace strace 'exited with 0' strace -f -E LD_PRELOAD=@PRELOAD@ "$workout" lose 1
watches gdb gdb 'Breakpoint 1, .*malloc|^#0 .*malloc' gdb -nx -batch -ex 'set startup-with-shell off' \
    -ex 'set environment LD_PRELOAD @PRELOAD@' -ex 'break main' -ex run -ex 'break malloc' -ex continue -ex bt \
    -ex 'info proc' -ex delete -ex continue --args "$workout" lose 1
if [ "$size" = all ]; then
    valgrind_with 'Invalid write of size 1' -- overrun
    valgrind_with 'Invalid free|free\(\)' -- free-twice
    valgrind_with 'ERROR SUMMARY: 0 errors' -- lose 0
    # Its own malloc left alone: what we do must not look wrong.
    valgrind_with 'ERROR SUMMARY: 0 errors' --soname-synonyms=somalloc=nouserintercepts -- lose 3
    valgrind_with 'Collected' --tool=callgrind --callgrind-out-file=/dev/null -- lose 3
    valgrind_with 'worked' --tool=massif --massif-out-file=/dev/null -- lose 3
    valgrind_with 'Total:' --tool=dhat --dhat-out-file=/dev/null -- lose 3
    valgrind_with 'ERROR SUMMARY: 0 errors' --tool=helgrind -- lose 3
    valgrind_with 'ERROR SUMMARY: 0 errors' --tool=drd -- lose 3
    watches ltrace ltrace 'malloc\(1000\)' env LD_PRELOAD=@PRELOAD@ ltrace -e malloc "$workout" lose 3
    watches perf linux-perf 'Captured and wrote' perf record -o "$work/perf.data" -e cpu-clock \
        env LD_PRELOAD=@PRELOAD@ "$workout" all of it
    watches rr rr 'worked' env LD_PRELOAD=@PRELOAD@ _RR_TRACE_DIR="$work" rr record "$workout" lose 3
    if have gcc gcc && quietly gcc -pg -o "$work/profiled" "$source/workout.c" -pthread; then
        watches gprof binutils 'churn' sh -c 'LD_PRELOAD=@PRELOAD@ ./profiled && gprof ./profiled gmon.out' gprof profiled
    fi
fi
finish
