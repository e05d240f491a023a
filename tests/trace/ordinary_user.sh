#!/bin/bash
# SPDX-License-Identifier: MIT
# An ordinary user gets the sources too.
# usage: ordinary_user.sh PROGRAM
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
mkdir -m 777 "$folder/work"
as_user=()
if [ "$(id -u)" = 0 ]; then
    as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --inh-caps=-all)
    "${as_user[@]}" test -x "$HAKMEM_TRACE" || { echo "skipped: the build is closed to others"; exit 77; }
fi
unset XDG_RUNTIME_DIR
"${as_user[@]}" "$HAKMEM_TRACE" run --json "$folder/work/json" -- "$1" 6000000 2> "$folder/report" || exit 1
cat "$folder/report"
if grep -q "no time by source" "$folder/report"; then
    echo "skipped: the kernel refuses samples here (kernel.perf_event_paranoid above 2)"
    exit 77
fi
for source in application header cache metadata classify freelist check; do
    grep -Eq "^  $source +[0-9]+ +[0-9.]+ % +\[" "$folder/report" || { echo "FAIL: no $source"; exit 1; }
done
grep -q "^malloc took" "$folder/report" || { echo "FAIL: no headline"; exit 1; }
if [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -ge 2 ]; then
    grep -q "kernel.perf_event_paranoid=1" "$folder/report" || { echo "FAIL: not said what is missing"; exit 1; }
    grep -Eq "^  kernel +[0-9.]+ %" "$folder/report" || { echo "FAIL: no kernel row"; exit 1; }
fi
[ "$(ls "$folder/work")" = json ] || { echo "FAIL: left behind: $(ls "$folder/work")"; exit 1; }
