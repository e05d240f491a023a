#!/bin/bash
# SPDX-License-Identifier: MIT
# The allocator's promises on processors with larger pages: the library over a kernel that behaves
# as one with such pages (paged_syscall.h), under the other tests' programs.
#
#     page_sizes.sh BUILD sample|all LIBRARY...
set -u
build=$1 size=$2
shift 2
. "$(dirname "$0")/promises.sh"

# PROGRAM ARGUMENT...; a # keeps it out of the sample.
programs() {
    cat << END
places/many_heaps
places/zero_after_purge
counters_truth
shadow_map/shadow_map 1 100000 1
memory_returned
#shadow_map/shadow_map 2 1000000 4
#double_free 1 32768
#wild_pointers
#use_after_free_write
#threads 3000
#fork 100 4
#producer_consumer 5 1
#locked_memory
#address_space
#cxx_operators
#early_start
END
}

run() { # LIBRARY PROGRAM ARGUMENT...
    local environment=(LD_PRELOAD="$1" HAKMEM_TEST_EXPECT=hakmem) status
    case $2 in
    places/many_heaps | counters_truth) environment+=(HAKMEM_COUNTERS_DIR="$work/counters") ;;
    esac
    mkdir "$work/counters"
    quietly env "${environment[@]}" "$build/tests/$2" "${@:3}"
    status=$?
    rm -rf "$work/counters"
    [ $status = 0 ] || [ $status = 77 ]
}

for library in "$@"; do
    name=$(basename "$library" .so)
    while read -r -a words; do
        case ${words[0]} in '#'*) [ "$size" = all ] || continue ;; esac
        words[0]=${words[0]#\#}
        [ -x "$build/tests/${words[0]}" ] || continue
        run "$library" "${words[@]}"
        promise "$name: ${words[*]}" $?
    done < <(programs)
    if [ "$size" = all ]; then
        quietly "$build/tests/api_probe" "$library"
        promise "$name: api_probe" $?
    fi
    HAKMEM_TEST_KEEP_PAGES=1 run "$library" places/zero_after_purge
    promise "$name: zero_after_purge, where the kernel says that it did, and did not" $?
done
finish
