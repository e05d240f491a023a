#!/bin/bash
# SPDX-License-Identifier: MIT
# hakmem-trace says what the malloc of a static program with libhakmem.a is, and reads its counters.
#
#     static_trace.sh HAKMEM_TRACE LIBHAKMEM_A SOURCE_FOLDER BENCH_FOLDER
set -u
trace=$1 archive=$2 source=$3 bench=$4
. "$source/promises.sh"
have gcc gcc || exit 77
quietly gcc -O2 -g -D_GNU_SOURCE -static -o "$work/program" \
    "$bench/random_mixed.c" "$bench/workload.c" "$bench/crew.c" "$bench/statistics.c" "$archive" -lm -pthread
promise "a workload links with libhakmem.a" $?
quietly "$trace" run --with own --frequency 997 --output "$work/report" -- "$work/program" 20000000 400 1
promise "hakmem-trace runs it" $?
cp "$work/report" "$work/log"
grep -qE '^ *hakmem: (fast_path|check|cache) ' "$work/report"
promise "time is told by hakmem's sources" $?
cp "$work/report" "$work/log"
mallocs=$(awk '$1 == "mallocs" { print $2 }' "$work/report")
[ "${mallocs:-0}" -gt 9900000 ]
promise "its counters are read: ${mallocs:-no} mallocs" $?
finish
