#!/bin/bash
# SPDX-License-Identifier: MIT
# The library built against musl: preloaded into a program of musl's, linked into a static one, with
# musl's own malloc as the control.
#
#     musl.sh SOURCE BUILD MESON      BUILD is made where it is not there
set -u
source=$1 build=$2
shift 2
here=$source/tests/places
. "$here/promises.sh"
have musl-gcc musl-tools || exit 77
library=$build/src/libhakmem.so archive=$build/src/libhakmem.a

if [ ! -f "$build/build.ninja" ]; then
    CC=musl-gcc quietly "$@" setup "$build" "$source" -Dtrace=disabled -Dbpf=disabled -Dusdt=disabled
    promise "configured for musl" $?
fi
quietly ninja -C "$build" src/libhakmem.so src/libhakmem.a
promise "built with musl-gcc" $?
[ $broken = 0 ] || exit 1
[ -z "$(nm -D --undefined-only "$library" | grep GLIBC)" ]
promise "asks for nothing of glibc's" $?

musl-gcc -o "$work/program" "$here/workout.c" 2> "$work/log" && musl-gcc -static -o "$work/control" "$here/workout.c" 2> "$work/log" &&
    musl-gcc -static -o "$work/static" "$here/workout.c" "$archive" 2> "$work/log"
promise "programs link, also with libhakmem.a" $?
quietly "$work/program"
promise "control: dynamic, on musl's malloc" $?
quietly "$work/control"
promise "control: static, on musl's malloc" $?

judge() { # NAME COMMAND...
    local name=$1 way
    shift
    HAKMEM_STATS=1 quietly "$@" && grep -qx worked "$work/log" && grep -q '^hakmem: statistics' "$work/log"
    promise "$name: works on hakmem, which counts" $?
    for way in free-twice free-stack free-inside; do
        quietly "$@" "$way"
        [ $? = 134 ] && [ "$(grep -c . "$work/log")" = 1 ] && grep -q '^hakmem: .*: pointer 0x' "$work/log"
        promise "$name: $way is stopped with one line" $?
    done
}
judge preloaded env LD_PRELOAD="$library" "$work/program"
judge static "$work/static"

# Those of the other tests that musl has the functions for.
for name in double_free wild_pointers use_after_free_write shadow_map threads; do # fork executes programs of the other C library
    quietly ninja -C "$build" "tests/$name" || { note "left out: $name does not build with musl: $(grep -m1 -o 'error: .*\|undefined reference.*' "$work/log")"; continue; }
    case $name in
    double_free) arguments=(1 300) ;;
    shadow_map) arguments=(1 100000 4) ;;
    threads) arguments=(1000) ;;
    *) arguments=() ;;
    esac
    quietly env LD_PRELOAD="$library" HAKMEM_TEST_EXPECT=hakmem "$build/tests/$name" "${arguments[@]}"
    promise "preloaded: $name ${arguments[*]}" $?
done
finish
