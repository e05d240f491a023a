#!/bin/bash
# SPDX-License-Identifier: MIT
# Wrong use of hakmem-trace export: one clear line on stderr and the documented exit status.
# usage: export_input.sh LIBRARY
set -u
library=$1
folder=$(mktemp -d)
LD_PRELOAD=$library sleep 60 &
on_hakmem=$!
LD_PRELOAD='' sleep 60 &
on_glibc=$!
trap 'kill -9 $on_hakmem $on_glibc 2> /dev/null; wait 2> /dev/null; rm -rf "$folder"' EXIT
fail() {
    echo "FAIL: $1"
    exit 1
}

expect() { # status, pattern, arguments
    local status=$1 pattern=$2
    shift 2
    timeout 30 "$HAKMEM_TRACE" export "$@" > "$folder/out" 2> "$folder/line"
    local got=$?
    [ "$got" = "$status" ] || fail "export $*: exit status $got instead of $status: $(cat "$folder/line")"
    [ "$(wc -l < "$folder/line")" = 1 ] || fail "export $*: not one line: $(cat "$folder/line")"
    [ ! -s "$folder/out" ] || fail "export $*: output"
    grep -Eq -- "$pattern" "$folder/line" || fail "export $*: $(cat "$folder/line")"
    echo "ok:   export $*: $(cat "$folder/line")"
}

# Until the library is there.
for _ in $(seq 100); do
    timeout 30 "$HAKMEM_TRACE" export $on_hakmem > "$folder/first" 2> /dev/null && break
    sleep 0.05
done
grep -q '^# EOF$' "$folder/first" || fail "a process on libhakmem is exported"

expect 2 "$on_glibc is not on libhakmem: its malloc is glibc" $on_glibc
expect 2 "$on_glibc is not on libhakmem" $on_hakmem $on_glibc
expect 2 'no process' 2147483647
expect 2 'PID is missing'
expect 2 'exclude' --all 1
expect 2 'given twice' $on_hakmem $on_hakmem
expect 2 'PID' abc
expect 2 'PID' 0
expect 2 'more than 64' $(seq 65)
expect 2 'nosuch' --nosuch 1
expect 2 'format' --format xml $on_hakmem
expect 2 'empty value' --output '' $on_hakmem
expect 2 'interval' --interval 5 $on_hakmem
expect 2 'interval' --interval 0 --output "$folder/x" $on_hakmem
expect 2 'interval' --listen 0 --output "$folder/x" $on_hakmem
expect 2 'port' --listen 65536 $on_hakmem
expect 2 'port' --listen 127.0.0.1: $on_hakmem
expect 2 'address' --listen localhost:0 $on_hakmem
expect 2 'ADDRESS' --listen :80 $on_hakmem
expect 125 'listen' --listen 192.0.2.1:0 $on_hakmem
expect 125 'No such file' --output "$folder/no/such/folder" $on_hakmem
[ -z "$(find "$folder" -name 'x*')" ] || fail "a file is left behind"
if [ -w /dev/full ]; then
    timeout 30 "$HAKMEM_TRACE" export $on_hakmem > /dev/full 2> "$folder/line"
    [ $? = 125 ] || fail "standard output is full: $(cat "$folder/line")"
fi
timeout 30 "$HAKMEM_TRACE" export --help | grep -q -- --listen || fail "no help"
timeout 30 "$HAKMEM_TRACE" --help | grep -q '^  export ' || fail "it is not listed"
