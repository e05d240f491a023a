#!/bin/bash
# SPDX-License-Identifier: MIT
# What can't be watched: one clear line on stderr and the documented exit status. And what an ordinary user gets.
# usage: attach_input.sh PROGRAM
set -u
program=$1
folder=$(mktemp -d)
children=()
trap 'kill -9 "${children[@]}" 2> /dev/null; wait 2> /dev/null; rm -rf "$folder"' EXIT
fail() {
    echo "FAIL: $1"
    exit 1
}

expect() { # status, pattern, arguments
    local status=$1 pattern=$2
    shift 2
    timeout 30 "$HAKMEM_TRACE" attach "$@" > "$folder/out" 2> "$folder/line"
    local got=$?
    [ "$got" = "$status" ] || fail "attach $*: exit status $got instead of $status: $(cat "$folder/line")"
    [ "$(wc -l < "$folder/line")" = 1 ] || fail "attach $*: not one line: $(cat "$folder/line")"
    grep -Eq -- "$pattern" "$folder/line" || fail "attach $*: $(cat "$folder/line")"
    echo "ok:   attach $*: $(cat "$folder/line")"
}

expect 2 'PID is missing'
expect 2 'one PID is wanted' 1 2
expect 2 'PID' abc
expect 2 'PID' 0
expect 2 'PID' -- -5
expect 2 'PID' 99999999999999999999
expect 2 'seconds' --seconds -1 1
expect 2 'seconds' --seconds soon 1
expect 2 'frequency' --frequency 0 1
expect 2 'empty value' --json '' 1
expect 2 'nosuch' --nosuch 1
expect 1 'there is no process' 2147483647
timeout 30 "$HAKMEM_TRACE" attach --help | grep -q -- --until-exit || fail "no help"

# Ourselves: the shell becomes the tool.
(exec timeout 30 bash -c 'exec "$0" attach $$' "$HAKMEM_TRACE") 2> "$folder/line"
[ $? = 1 ] && grep -q 'itself' "$folder/line" || fail "on itself: $(cat "$folder/line")"

python3 -c '
import os, time
if os.fork() == 0:
    os._exit(0)
time.sleep(30)' &
children+=($!)
for _ in $(seq 100); do
    zombie=$(cat "/proc/${children[-1]}/task/${children[-1]}/children" 2> /dev/null)
    zombie=${zombie%% *}
    [ -n "$zombie" ] && grep -q 'State:.Z' "/proc/$zombie/status" && break
    sleep 0.1
done
[ -z "$zombie" ] || expect 1 'zombie' "$zombie"

# A 32-bit program, of two bytes: it jumps to itself.
python3 - "$folder/narrow" << 'PROGRAM'
import os, struct, sys
code, base = b"\xeb\xfe", 0x8048000
header = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, base + 84, 52, 0, 0, 52, 32, 1, 0, 0, 0)
segment = struct.pack("<IIIIIIII", 1, 0, base, base, 84 + len(code), 84 + len(code), 5, 4096)
with open(sys.argv[1], "wb") as file:
    file.write(header + segment + code)
os.chmod(sys.argv[1], 0o755)
PROGRAM
"$folder/narrow" 2> "$folder/refused" &
children+=($!)
sleep 0.3
if [ "$(readlink "/proc/${children[-1]}/exe")" = "$folder/narrow" ]; then
    expect 1 '32-bit' "${children[-1]}"
else
    echo "skipped: no 32-bit programs here"
fi

kernel=$(awk '$9 ~ /^[0-9]+$/ && int($9 / 2097152) % 2 {print $1; exit}' /proc/[0-9]*/stat 2> /dev/null)
[ -z "$kernel" ] || expect 1 'kernel' "$kernel"

"$program" works 2 > "$folder/runs" &
children+=($!)
target=$!
for _ in $(seq 100); do [ -s "$folder/runs" ] && break; sleep 0.05; done
thread=$(ls "/proc/$target/task" | grep -vx "$target" | head -1)
[ -z "$thread" ] || expect 1 'is a thread of process' "$thread"
expect 125 'No such file' --json "$folder/none/json" "$target"

if [ "$(id -u)" != 0 ]; then
    echo "skipped: the rest takes root"
    exit 0
fi
as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --inh-caps=-all)
"${as_user[@]}" test -x "$HAKMEM_TRACE" || { echo "skipped: the build is closed to others"; exit 0; }
timeout 30 "${as_user[@]}" "$HAKMEM_TRACE" attach "$target" 2> "$folder/line"
[ $? = 1 ] && grep -q 'another user' "$folder/line" || fail "another user's process: $(cat "$folder/line")"
echo "ok:   another user's: $(cat "$folder/line")"

"${as_user[@]}" env LD_PRELOAD="$HAKMEM_LIBRARY_BUILT" "$program" elsewhere > "$folder/own" &
children+=($!)
own=$!
for _ in $(seq 100); do [ -s "$folder/own" ] && break; sleep 0.05; done
timeout 60 "${as_user[@]}" "$HAKMEM_TRACE" attach --seconds 2 "$own" 2> "$folder/report" ||
    fail "an own process: $(cat "$folder/report")"
grep -q "no slow-path events" "$folder/report" || fail "not said that slow paths are missing"
if ! grep -q "no time by source" "$folder/report"; then
    grep -Eq "^  (cache|metadata|classify|check|fast_path) +[1-9]" "$folder/report" || fail "no samples in malloc: $(cat "$folder/report")"
fi
if ! grep -q "no counters" "$folder/report"; then
    grep -Eq "^  mallocs +[1-9]" "$folder/report" || fail "no counters: $(cat "$folder/report")"
fi
echo "ok:   an ordinary user on an own process"
