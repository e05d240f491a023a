#!/bin/bash
# SPDX-License-Identifier: MIT
# What is installed finds its parts, wherever the installation stands, and needs nothing of the build.
#
#     install.sh SOURCE MESON BUILD yes|no      with hakmem-trace?
set -u
source=$1
. "$source/tests/ecosystem/installed.sh"
lay_out "$2" "$3"
export HAKMEM_LIBRARY='' HAKMEM_BENCH='' HAKMEM_VARIANTS=''
unset LD_LIBRARY_PATH LD_PRELOAD

for file in include/hakmem.h bin/hakmem; do
    [ -s "$prefix/$file" ]
    promise "$file" $?
done
for name in hakmem hakmem-hardened hakmem-hardened-light; do
    [ "$(readlink "$libraries/lib$name.so")" = "lib$name.so.1" ] &&
        readelf -dW "$libraries/lib$name.so.1" | grep -q "SONAME.*\[lib$name.so.1\]"
    promise "lib$name.so leads to its soname" $?
done
[ -s "$libraries/libhakmem.a" ]
promise "libhakmem.a" $?

runs_on_it() { # OPTION...
    quietly "$prefix/bin/hakmem" "$@" --stats -- env printenv LD_PRELOAD && grep -q '^hakmem: statistics of process' "$work/log"
}
runs_on_it
promise "hakmem finds its library in a folder with a blank" $?
runs_on_it --hardened
promise "hakmem --hardened" $?
runs_on_it --hardened-light
promise "hakmem --hardened-light" $?
[ "$4" = yes ] || finish

trace() { quietly "$prefix/bin/hakmem-trace" "$@"; }
trace run --no-bpf --json "$work/json" -- ls / && grep -q '"operations": [1-9]' "$work/json"
promise "hakmem-trace run counts on the installed library" $?
trace record --output "$work/ls.trace" -- ls / && [ -s "$work/ls.trace" ]
promise "record finds the recorder" $?
quietly "$libraries/hakmem/bench/replay" "$work/ls.trace"
promise "replay replays it" $?
if [ -e "$libraries/hakmem/libhakmem_stepper.so" ]; then
    trace count --skip 0 --calls 10 -- ls /
    promise "count finds the stepper" $?
fi
trace callers --bytes 1 --json "$work/json" -- ls / && grep -q '"programs": 1' "$work/json"
promise "callers finds the follower" $?
trace compare --suite --only '^nosuch$' --with glibc --rounds 1
grep -q 'suite.txt: no workload whose name matches' "$work/log"
promise "compare --suite finds the list of workloads" $?
: > "$work/log"
trace health --rounds 6 --operations 10000 --bound 0 --memory 0 --with hakmem
grep -q 'mid-size' "$work/log"
promise "health finds its workloads" $?
trace run --with phase10 -- true
grep -q 'is not installed: build it from the source' "$work/log"
promise "run --with phase10 says where to get variants" $?
finish
