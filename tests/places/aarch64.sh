#!/bin/bash
# SPDX-License-Identifier: MIT
# The library and the tests' programs, built for 64-bit ARM and run in qemu-user: with the page size
# of most such processors, and with 16 and 64 KiB. hakmem-trace is not built: it needs libraries that
# a cross compiler does not bring.
#
#     aarch64.sh SOURCE BUILD sample|all MESON      BUILD is made where it is not there
set -u
source=$1 build=$2 size=$3
shift 3
here=$source/tests/places
. "$here/promises.sh"
have aarch64-linux-gnu-gcc "gcc-aarch64-linux-gnu libc6-dev-arm64-cross" || exit 77
have qemu-aarch64 qemu-user || have qemu-aarch64-static qemu-user-static || exit 77
export HAKMEM_TEST_RUNNER=$here/run_aarch64.sh

# [ON_GLIBC_TOO] PROGRAM ARGUMENT...; a # keeps it out of the sample.
programs() {
    cat << END
api_probe LIBRARY
counters_truth
shadow_map 1 30000 1
double_free 1 300
wild_pointers
use_after_free_write
places/zero_after_purge
fork 5 2
threads 300
#double_free 1 32768
#shadow_map 2 300000 4
#fork 50 4
#threads 3000
#producer_consumer 5 1
#memory_returned
#sparse_slabs
#early_start
#cxx_operators
#places/many_heaps
#places/workout
END
}

build_all() {
    local targets=(src/libhakmem.so src/libhakmem.a) line
    [ -f "$build/build.ninja" ] ||
        quietly "$@" setup "$build" "$source" --cross-file "$here/aarch64.cross" -Dtrace=disabled -Dbpf=disabled || return
    while read -r line _; do
        line=${line#\#}
        ninja -C "$build" -t query "tests/$line" > /dev/null 2>&1 && targets+=("tests/$line")
    done < <(programs)
    timeout 300 ninja -C "$build" "${targets[@]}" tests/dlopen_program > "$work/log" 2>&1
}

run() { # PAGE PROGRAM ARGUMENT...
    local page=$1 program=$build/tests/$2
    shift 2
    [ -x "$program" ] || { echo "it was not built" > "$work/log"; return 1; }
    if [ "${1-}" = LIBRARY ]; then
        HAKMEM_TEST_GUEST_PAGE=$page quietly "$HAKMEM_TEST_RUNNER" "$program" "$build/src/libhakmem.so"
    else
        HAKMEM_TEST_GUEST_PAGE=$page LD_PRELOAD=$build/src/libhakmem.so HAKMEM_TEST_EXPECT=hakmem \
            quietly "$HAKMEM_TEST_RUNNER" "$program" "$@"
    fi
    [ $? -le 0 ]
}

build_all "$@"
promise "built for aarch64" $?
[ $broken = 0 ] || exit 1
quietly "$source/tests/exports.sh" "$build/src/libhakmem.so" "$build/src/libhakmem.a" "$build/tests/dlopen_program"
promise "exports.sh" $?
pages=(4096)
[ "$size" = sample ] || pages=(4096 16384 65536)
for page in "${pages[@]}"; do
    while read -r -a words; do
        case ${words[0]} in '#'*) [ "$size" = all ] || continue ;; esac
        run "$page" "${words[0]#\#}" "${words[@]:1}"
        promise "pages of $page bytes: ${words[*]#\#}" $?
    done < <(programs)
done
exit $broken
