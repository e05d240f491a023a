#!/bin/bash
# SPDX-License-Identifier: MIT
# The hardened library keeps the promises of the default one, but for use_after_free_write, whose writes it stops
# (hardened_misuse), and sparse_slabs, for the states take a page beside each slab: the programs of tests/ run on it or on
# another library of src/hardened.
# usage: promises.sh TESTS_FOLDER LIBRARY short|long
set -u
tests=$1 library=$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

promises() {
    if [ "$3" = long ]; then
        cat << END
double_free 1 32760
wild_pointers
shadow_map/shadow_map 1 10000000 1
shadow_map/shadow_map 2 10000000 4
fork 1000 4
threads 10000
producer_consumer 60 2
memory_returned
locked_memory
address_space
cxx_operators
early_start
counters_truth
api_probe $library
END
    else
        cat << END
wild_pointers
shadow_map/shadow_map 1 200000 1
shadow_map/shadow_map 2 200000 4
fork 50 4
threads 2000
locked_memory
address_space
cxx_operators
early_start
counters_truth
api_probe $library
END
    fi
}

once() { # PROGRAM ARGUMENT...
    local preload=(LD_PRELOAD="$library" HAKMEM_TEST_EXPECT=hakmem)
    [ "$1" = api_probe ] && preload=() # asks glibc first, then the library that it is told
    timeout 240 env "${preload[@]}" MALLOC_PERTURB_=0 "$tests/$1" "${@:2}" > "$log" 2>&1 < /dev/null || [ $? = 77 ]
}

# How full the queues of producer_consumer happen to be can pass for growth once; a leak grows every time.
keeps() {
    once "$@" || { [ "$1" = producer_consumer ] && { once "$@" || once "$@"; }; }
}

failed=0
while read -r -a words; do
    [ -x "$tests/${words[0]}" ] || continue
    if keeps "${words[@]}"; then
        echo "ok: ${words[*]}"
    else
        tail -20 "$log"
        echo "FAIL: ${words[*]}"
        failed=1
    fi
done < <(promises "$@")
exit $failed
