#!/bin/bash
# SPDX-License-Identifier: MIT
# What different allocators stop, of nine kinds of misuse, with blocks of 24, 100 and 1000 bytes: a table of how many of
# the three. A program that runs on although its memory was misused counts as not stopped.
#
# usage: beside.sh PROGRAM LIBRARY...      PROGRAM: build/tests/hardened/beside
set -u
program=$(realpath "$1")
shift
mapfile -t names < <("$program" names)
exec 2> /dev/null # the shell's word of each that was killed

printf '| stopped, of 3 |'
for library in "$@"; do printf ' %s |' "$(basename "$library" .so)"; done
printf '\n|---|'
for library in "$@"; do printf -- '---|'; done
printf '\n'
for which in "${!names[@]}"; do
    printf '| %s |' "${names[which]}"
    for library in "$@"; do
        stopped=0
        for bytes in 24 100 1000; do
            LD_PRELOAD=$(realpath "$library") timeout 60 "$program" "$which" "$bytes" > /dev/null < /dev/null ||
                stopped=$((stopped + 1))
        done
        printf ' %s |' "$stopped"
    done
    printf '\n'
done
