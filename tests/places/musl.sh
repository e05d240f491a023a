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
quietly ninja -C "$build" src/libhakmem.so.1 src/libhakmem.a
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

quietly musl-gcc -o "$work/dlopen_program" "$source/tests/dlopen_program.c" && quietly "$work/dlopen_program" "$library"
status=$?
promise "loaded late, it works or is refused: $(head -1 "$work/log")" $status

# Other tests' programs. Functions that musl lacks come from the library, which is linked, too. Not fork: it executes
# programs of the other C library.
cat > "$work/names.h" << END
#include <stddef.h>
int malloc_trim(size_t);
void *pvalloc(size_t);
void cfree(void *);
END
build_test() { # NAME
    local sources=("$source/tests/$1.c")
    local folder=$source/tests/shadow_map
    [ "$1" != shadow_map ] || sources=("$folder"/{main,crowd,clock,contents,impossible,interleaved,operations,overlap_map}.c
        "$folder"/{requests,shadow,start,allocator_preloaded}.c "$source/src/vdso.c")
    quietly musl-gcc -std=gnu11 -w -D_GNU_SOURCE -fno-builtin -include "$work/names.h" -I"$source/tests" -I"$source/src" \
        -o "$work/$1" "${sources[@]}" "$source/tests/support/child.c" "$source/tests/support/process.c" \
        "$source/tests/support/promise.c" "$library" -Wl,-rpath,"$build/src"
}

while read -r -a words; do
    build_test "${words[0]}"
    promise "builds with musl: ${words[0]}" $?
    quietly env HAKMEM_TEST_EXPECT=hakmem "$work/${words[0]}" "${words[@]:1}"
    promise "linked with libhakmem.so: ${words[*]}" $?
done << END
double_free 1 32768
wild_pointers
use_after_free_write
shadow_map 1 300000 1
shadow_map 2 300000 4
threads 3000
producer_consumer 5 1
END
finish
