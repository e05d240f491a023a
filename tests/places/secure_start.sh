#!/bin/bash
# SPDX-License-Identifier: MIT
# A setuid program, linked with libhakmem.a, honours none of its environment variables and makes no
# file. Started by its owner, the same program does both: the control.
#
#     secure_start.sh LIBHAKMEM_A SOURCE_FOLDER
set -u
archive=$(realpath "$1") source=$2
. "$source/promises.sh"
have gcc gcc || exit 77
[ "$(id -u)" = 0 ] || skip_all "only root can make a program setuid for another user"
have setpriv util-linux || exit 77
chmod 755 "$work"
quietly gcc -static -o "$work/program" "$source/workout.c" "$archive" -pthread || { promise "it links" 1; exit 1; }
mkdir -m 777 "$work/counters"

answers() { # USER: prints the lines of statistics and the files made
    HAKMEM_STATS=1 HAKMEM_COUNTERS_DIR=$work/counters HAKMEM_HEAP_DIR=$work/counters HAKMEM_HEAP_SAMPLE=16 quietly setpriv --reuid="$1" --clear-groups "$work/program" lose 1
    grep -qx worked "$work/log" || echo "did not run;"
    echo "$(grep -c '^hakmem: statistics' "$work/log") $(find "$work/counters" -type f | wc -l)"
    rm -f "$work/counters"/*
}

chown 65534 "$work/program"
chmod 4755 "$work/program"
own=$(answers 65534) other=$(answers 12345)
[ "$own" = "1 2" ]
promise "started by its owner: statistics, a file of counters and one of samples ($own)" $?
case $(findmnt -no OPTIONS -T "$work" 2> /dev/null) in *nosuid*) skip_all "$work is mounted nosuid" ;; esac
[ "$other" = "0 0" ]
promise "setuid: no statistics, no file ($other)" $?
finish
