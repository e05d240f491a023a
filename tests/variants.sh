#!/bin/bash
# SPDX-License-Identifier: MIT
# Variants of the allocator keep its promises, but for those that their levels can't (src/factors/README.md).
# usage: variants.sh BUILD all|NAME...      NAME: levels in the order of the factors, as in src/variants
# Builds what it runs. One line for each variant; what a failed promise printed comes before it.
set -u
build=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
names=("$@")
seconds=2
if [ "$1" = all ]; then
    seconds=10
    mapfile -t names < <(ninja -C "$build" -t targets all |
        sed -n 's/^src\/variants\/libhakmem-\(.*\)\.so: .*/\1/p' | grep -v -- '-again$\|-unchecked\|^phase10$')
fi
libraries=()
for name in "${names[@]}"; do
    libraries+=("src/variants/libhakmem-$name.so")
done
ninja -C "$build" "${libraries[@]}" > "$log" 2>&1 || { cat "$log"; exit 1; }

# Lines of PROGRAM ARGUMENT..., and after a # the levels that can't.
promises() {
    cat << END
double_free 1 $slab_max
wild_pointers
use_after_free_write        # tcache linked tagged
shadow_map/shadow_map 1 300000
shadow_map/shadow_map 2 300000 4
fork 100 4
threads 3000                # hard
producer_consumer $seconds 1 # hard
memory_returned             # inline linked tagged hard
locked_memory
sparse_slabs                # inline linked tagged hard
address_space               # inline hard
cxx_operators
early_start
counters_truth              # inline
END
}

can_keep() { # NAME, levels that can't
    local level
    for level in $2; do
        case -$1- in *-$level-*) return 1 ;; esac
    done
}

once() { # LIBRARY PROGRAM ARGUMENT...
    timeout 120 env LD_PRELOAD="$1" HAKMEM_TEST_EXPECT=hakmem "$build/tests/$2" "${@:3}" > "$log" 2>&1 < /dev/null ||
        [ $? = 77 ]
}

# How full the queues of producer_consumer happen to be can pass for growth once; a leak grows every time.
keeps() {
    once "$@" || { [ "$2" = producer_consumer ] && { once "$@" || once "$@"; }; }
}

failed=0
for name in "${names[@]}"; do
    library=$(cd "$build/src/variants" && pwd)/libhakmem-$name.so
    kept=0 broken=
    slab_max=32768
    case $name in inline-*) slab_max=32767 ;; esac # a header wants room, too
    while IFS='#' read -r command cannot; do
        read -r -a words <<< "$command"
        program=$build/tests/${words[0]}
        [ -x "$program" ] || continue
        can_keep "$name" "$cannot" || continue
        if keeps "$library" "${words[@]}"; then
            kept=$((kept + 1))
        else
            tail -20 "$log"
            broken="$broken ${words[0]}"
            failed=1
        fi
    done < <(promises)
    echo "$([ -z "$broken" ] && echo ok || echo FAIL): $name keeps $kept promises${broken:+, breaks$broken}"
done
exit $failed
