#!/bin/bash
# SPDX-License-Identifier: MIT
# Where the kernel gives no samples, the report comes without them and says why and what would help.
# usage: no_samples.sh WITHOUT_PERF PROGRAM
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$HAKMEM_TRACE" run --json "$folder/json" --output "$folder/report" -- sh -c "$2 1000; exit 5"
status=$?
[ $status = 77 ] && { echo "skipped: no seccomp here"; exit 77; }
cat "$folder/report"
[ $status = 5 ] || { echo "FAIL: exit code $status"; exit 1; }
grep -q "^malloc's share of .* was not measured" "$folder/report" || { echo "FAIL: headline"; exit 1; }
tr -s ' \n' ' ' < "$folder/report" | grep -q "no time by source: .*CAP_PERFMON" || { echo "FAIL: no reason"; exit 1; }
grep -Eq "^  operations [0-9]+ " "$folder/report" || { echo "FAIL: no operations"; exit 1; }
grep -q "time by source  " "$folder/report" && { echo "FAIL: sources without samples"; exit 1; }
grep -q '"event": null' "$folder/json" || { echo "FAIL: JSON names an event"; exit 1; }
