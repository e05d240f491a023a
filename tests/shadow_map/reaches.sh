#!/bin/bash
# SPDX-License-Identifier: MIT
# The seeded driver comes by the rare paths: each of these counters of the library is above zero after it.
# usage: reaches.sh SHADOW_MAP LIBRARY [KIB]     KIB: start with so little address space
set -u
report=$(mktemp)
trap 'rm -f "$report"' EXIT
counters="calloc realloc_in_place realloc_moved aligned operator_new operator_delete usable_size refills_depot refills_remote
    refills_slab overflows_depot overflows_slab slab_gives remote_frees remote_publishes remote_collects span_gives purges
    heaps_created heaps_adopted heaps_orphaned mremap out_of_memory"
[ $# -lt 3 ] || counters="mremap munmap out_of_memory purges"
(
    [ $# -lt 3 ] || ulimit -S -v "$3"
    LD_LIBRARY_PATH=$(dirname "$2") LD_PRELOAD=$(basename "$2") HAKMEM_TEST_EXPECT=hakmem HAKMEM_STATS=1 "$1" 7 200000
) > "$report" 2>&1 || { cat "$report"; exit 1; }
failed=0
for counter in $counters; do
    count=$(awk -v name="$counter" '$1 == name { print $2 }' "$report")
    [ "${count:-0}" -gt 0 ] && echo "ok     $counter $count" && continue
    echo "BROKEN $counter: never reached"
    failed=1
done
exit $failed
