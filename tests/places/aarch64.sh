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

limit=600 # seconds for one program: each fork of qemu's is a slow one

# PROGRAM ARGUMENT...; a # keeps it out of the sample. Of resident memory only the emulator's own can be read, in
# pages that it makes up: what judges it (sparse_slabs, and those with a @ at other page sizes) is left to page_sizes.sh.
programs() {
    cat << END
api_probe
@counters_truth
shadow_map/shadow_map 1 30000 1
places/zero_after_purge
places/workout
#wild_pointers
#use_after_free_write
#double_free 1 32768
#shadow_map/shadow_map 2 300000 4
#fork 20 0
#fork 20 2
#@threads 3000
#producer_consumer 5 1
#@memory_returned
#early_start
#cxx_operators
#places/many_heaps
END
}

build_all() {
    local targets=(src/libhakmem.so.1 src/libhakmem.a) line
    [ -f "$build/build.ninja" ] ||
        quietly "$@" setup "$build" "$source" --cross-file "$here/aarch64.cross" -Dtrace=disabled -Dbpf=disabled || return
    while read -r line _; do
        line=${line##*[#@]}
        ninja -C "$build" -t query "tests/$line" > /dev/null 2>&1 && targets+=("tests/$line")
    done < <(programs)
    timeout 300 ninja -C "$build" "${targets[@]}" tests/dlopen_program > "$work/log" 2>&1
}

# This machine's programs see the preload, too, when a guest starts one: for each there is its own.
lay_out_preload() {
    local folder=$work/preload/lib
    mkdir -p "$folder/aarch64-linux-gnu" "$folder/$(gcc -print-multiarch)" "$work/counters"
    ln -s "$build/src/libhakmem.so" "$folder/aarch64-linux-gnu/"
    gcc -shared -x c /dev/null -o "$folder/$(gcc -print-multiarch)/libhakmem.so"
    preload="$work/preload/\$LIB/libhakmem.so" # the dynamic linker's $LIB
}

on_glibc() { # PAGE PROGRAM ARGUMENT...
    HAKMEM_TEST_GUEST_PAGE=$1 timeout "$limit" "$HAKMEM_TEST_RUNNER" "$build/tests/$2" "${@:3}" > "$work/log.glibc" 2>&1 < /dev/null
}

run() { # PAGE PROGRAM ARGUMENT...
    local page=$1 program=$build/tests/$2 environment=(HAKMEM_TEST_GUEST_PAGE="$1")
    shift 2
    [ -x "$program" ] || { echo "it was not built" > "$work/log"; return 1; }
    case $program in
    */api_probe) set -- "$build/src/libhakmem.so" ;;
    */counters_truth | */many_heaps) environment+=(HAKMEM_COUNTERS_DIR="$work/counters") ;;&
    *) environment+=(LD_PRELOAD="$preload" HAKMEM_TEST_EXPECT=hakmem) ;;
    esac
    quietly env "${environment[@]}" "$HAKMEM_TEST_RUNNER" "$program" "$@"
    local status=$?
    rm -f "$work/counters"/*
    [ $status = 0 ] || [ $status = 77 ]
}

build_all "$@"
promise "built for aarch64" $?
[ $broken = 0 ] || exit 1
quietly "$source/tests/exports.sh" "$build/src/libhakmem.so" "$build/src/libhakmem.a" "$build/tests/dlopen_program"
promise "exports.sh" $?
lay_out_preload
pages=(4096)
[ "$size" = sample ] || pages=(4096 16384 65536)
for page in "${pages[@]}"; do
    while read -r -a words; do
        case ${words[0]} in '#'*) [ "$size" = all ] || continue ;; esac
        case ${words[0]} in *@*) [ "$page" = 4096 ] || continue ;; esac
        words[0]=${words[0]##*[#@]}
        if [ "${words[0]}" = cxx_operators ] && [ ! -x "$build/tests/cxx_operators" ]; then
            note "left out: cxx_operators was not built (Debian: g++-aarch64-linux-gnu)"
            continue
        fi
        run "$page" "${words[@]}"
        status=$?
        # The emulator has mistakes of its own, above all with threads that fork.
        if [ $status != 0 ] && ! on_glibc "$page" "${words[@]}"; then
            note "left out: ${words[*]} fails on glibc too: $(grep -m1 -E 'BROKEN|ERROR' "$work/log.glibc")"
            continue
        fi
        promise "pages of $page bytes: ${words[*]}" $status
    done < <(programs)
done
finish
