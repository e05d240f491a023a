#!/bin/bash
# SPDX-License-Identifier: MIT
# The tests of the hardened library are told by each measure: on a library without it, at least one of them breaks. And
# each measure alone, and all but each, still runs programs.
# usage: without.sh BUILD      builds what it runs
set -u
build=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
here=$(cd "$(dirname "$0")" && pwd)
ninja -C "$build" variants_hardened > "$log" 2>&1 || { tail -20 "$log"; exit 1; }
failed=0

on() { # LIBRARY PROGRAM ARGUMENT...
    timeout 120 env LD_PRELOAD="$1" HAKMEM_TEST_EXPECT=hakmem "${@:2}" >> "$log" 2>&1 < /dev/null
}

say() { # RESULT TEXT
    [ "$1" = ok ] || failed=1
    echo "$1: $2"
}

for library in "$build"/src/hardened/libhakmem-*.so; do
    name=$(basename "$library" .so)
    name=${name#libhakmem-}
    if on "$library" "$build/tests/shadow_map/shadow_map" 1 200000 2 && on "$library" "$build/tests/threads" 500; then
        say ok "$name keeps blocks apart and whole"
    else
        tail -5 "$log"
        say FAIL "$name"
    fi
    case $name in hardened-without-*) ;; *) continue ;; esac
    : > "$log"
    on "$library" "$build/tests/hardened/hardened_misuse" hardened
    on "$library" "$build/tests/hardened/hardened_choices" hardened
    bash "$here/places.sh" "$build/tests/hardened/hardened_places" hardened "$library" >> "$log" 2>&1
    broken=$(grep -c '^BROKEN' "$log")
    if [ "$broken" -gt 0 ]; then
        say ok "$name breaks $broken promises, the first: $(grep -m 1 '^BROKEN' "$log" | cut -c 8-70)"
    else
        say FAIL "$name breaks no promise: nothing tests the measure"
    fi
done
exit $failed
