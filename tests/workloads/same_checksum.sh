#!/bin/sh
# SPDX-License-Identifier: MIT
# A workload does the same work whatever serves it: two runs on the system's malloc and one on each
# library give one checksum and one count of operations. The line for readers has its form.
#   same_checksum.sh WORKLOAD LIBHAKMEM [LIBFLOOR] -- ARGUMENTS...
set -eu

program=$1 hakmem=$2 floor=
name=$(basename "$program")
[ "$3" = -- ] || { floor=$3; shift; }
shift 3
unset LD_PRELOAD MALLOC_PERTURB_ 2>/dev/null || :
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$name: $1" >&2
    exit 1
}

# By name and folder: LD_PRELOAD parts its list at spaces.
on() {
    library=$(basename "$1")
    folder=$(dirname "$1")
    shift
    LD_PRELOAD=$library LD_LIBRARY_PATH=$folder "$@"
}

work_of() {
    sed -n 's/.*\("operations": [0-9]*, "checksum": "[0-9a-f]*"\).*/\1/p' "$1"
}

"$program" "$@" --json >"$scratch/first" || fail "it failed on the system's malloc"
"$program" "$@" --json >"$scratch/second" || fail "it failed on the system's malloc"
work=$(work_of "$scratch/first")
[ -n "$work" ] || fail "no checksum in: $(cat "$scratch/first")"
case $work in *'"operations": 0,'*) fail "no operations: $work" ;; esac
[ "$(work_of "$scratch/second")" = "$work" ] ||
    fail "two runs differ: $work, then $(work_of "$scratch/second")"

HAKMEM_STATS=1 on "$hakmem" "$program" "$@" --json >"$scratch/hakmem" 2>"$scratch/said" ||
    fail "it failed on libhakmem: $(cat "$scratch/said")"
grep -q "^hakmem: statistics" "$scratch/said" || fail "libhakmem was not preloaded"
[ "$(work_of "$scratch/hakmem")" = "$work" ] ||
    fail "libhakmem: $(work_of "$scratch/hakmem") instead of $work"

if [ -n "$floor" ]; then
    on "$floor" "$program" "$@" --json >"$scratch/floor" || fail "it failed on the floor"
    [ "$(work_of "$scratch/floor")" = "$work" ] ||
        fail "the floor: $(work_of "$scratch/floor") instead of $work"
fi

"$program" "$@" >"$scratch/line"
grep -Eq "^$name: [0-9]+\.[0-9]+ M ops/s  [0-9]+\.[0-9]{3} s  RSS [0-9]+\.[0-9] MB" "$scratch/line" ||
    fail "the line has another form: $(cat "$scratch/line")"

status=0
"$program" "$@" --no-such-option >"$scratch/out" 2>"$scratch/said" || status=$?
[ "$status" = 2 ] && [ "$(wc -l <"$scratch/said")" = 1 ] && [ ! -s "$scratch/out" ] ||
    fail "an unknown option: status $status, $(cat "$scratch/said")"
