#!/bin/bash
# SPDX-License-Identifier: MIT
# More than one allocator in a process: two copies of libhakmem, one of them in a plugin; libhakmem
# beside jemalloc, mimalloc and tcmalloc; a program with a malloc of its own; the library loaded
# late. Everything works, or a block that crosses is named and the process stopped: nothing is
# corrupted silently. glibc's malloc is the control.
#
#     two_allocators.sh LIBHAKMEM LIBHAKMEM_A SOURCE_FOLDER PROGRAMS_FOLDER
set -u
library=$(realpath "$1") archive=$(realpath "$2") source=$3 programs=$4
. "$source/promises.sh"
have gcc gcc || exit 77
cp "$library" "$work/libother.so"

# What the last run printed is the line that names a foreign pointer.
names_foreign() { [ "$1" = 134 ] && [ "$(grep -c . "$work/log")" = 1 ] && grep -q '^hakmem: foreign pointer: pointer 0x' "$work/log"; }

late() { # NAME PRELOAD LIBRARY WAY
    LD_PRELOAD=$2 quietly "$programs/late_load" "$3" "$4"
    local status=$?
    promise "$1, $4: $(sed -n 's/^ok *[a-z]*: //p;q' "$work/log")" $status
}

load_late() {
    local way
    for way in local global deepbind namespace; do
        late "loaded late" "" "$library" $way
        late "a second copy loaded late" "$library" "$work/libother.so" $way
    done
}

# A plugin linked with the archive: its malloc is the process's where that may be; with its names kept
# to itself, a second one.
link_plugins() {
    quietly gcc -shared -fPIC -o "$work/plain.so" "$source/plugin.c" &&
        quietly gcc -shared -fPIC -o "$work/open.so" "$source/plugin.c" "$archive" &&
        quietly gcc -shared -fPIC -Wl,--exclude-libs,ALL -o "$work/closed.so" "$source/plugin.c" "$archive"
    promise "plugins link with libhakmem.a" $?
}

host() { # PRELOAD PLUGIN WAY
    LD_PRELOAD=$1 quietly "$programs/plugin_host" "$work/$2.so" "$3"
}

use_plugins() {
    local preload plugin way name
    for preload in "$library" ""; do
        name=${preload:+hakmem}
        for plugin in plain open closed; do
            host "$preload" $plugin work
            promise "program on ${name:-glibc}, plugin $plugin: each frees its own" $?
        done
        for way in take give; do
            for plugin in plain open; do
                host "$preload" $plugin $way
                promise "program on ${name:-glibc}, plugin $plugin: $way" $?
            done
        done
    done
    for way in take give; do
        host "$library" closed $way
        names_foreign $?
        promise "program on hakmem, plugin on its own copy: $way is stopped with one line" $?
    done
    host "" closed give
    names_foreign $?
    promise "program on glibc, plugin on its own copy: give is stopped with one line" $?
    host "" closed take
    note "program on glibc, plugin on its own copy: take ends with status $?: $(head -1 "$work/log")"
}

# Whichever comes first has the process's malloc; the names that it lacks must not be answered with
# blocks of the other's.
beside() {
    local other
    for other in /usr/lib/*/libjemalloc.so.2 /usr/lib/*/libmimalloc.so.2.0 /usr/lib/*/libtcmalloc_minimal.so.4 "$work/libother.so"; do
        [ -e "$other" ] || { note "left out: ${other##*/} is missing (Debian: libjemalloc2 libmimalloc2.0 libtcmalloc-minimal4)"; continue; }
        HAKMEM_STATS=1 LD_PRELOAD="$library $other" quietly "$programs/workout" && grep -q '^hakmem: statistics' "$work/log"
        promise "libhakmem.so before ${other##*/}" $?
        if ! LD_PRELOAD="$other" quietly "$programs/workout"; then
            note "left out: ${other##*/} alone fails too: $(head -1 "$work/log")"
            continue
        fi
        LD_PRELOAD="$other $library" quietly "$programs/workout"
        promise "libhakmem.so behind ${other##*/}" $?
    done
}

own_malloc() {
    quietly "$programs/other_malloc"
    promise "control: a program with its own malloc" $?
    LD_PRELOAD=$library quietly "$programs/other_malloc" --all
    promise "under libhakmem.so, names that it lacks give its own blocks" $?
}

load_late
link_plugins
use_plugins
beside
own_malloc
finish
