#!/bin/bash
# SPDX-License-Identifier: MIT
# Compiles sources with another compiler than the build's and puts them into an archive:
#
#     build_parts.sh ARCHIVE COMPILER FLAG... -- SOURCE...
set -euo pipefail
archive=$1
shift
command=()
while [ "$1" != -- ]; do
    command+=("$1")
    shift
done
shift

objects=$archive.objects
rm -rf "$objects" "$archive"
mkdir -p "$objects"
number=0
for source in "$@"; do
    number=$((number + 1)) # two sources may have one name
    case $source in *.h) continue ;; esac
    "${command[@]}" -c "$source" -o "$objects/$number.o" &
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
        wait -n
    done
done
while [ "$(jobs -p | wc -l)" -gt 0 ]; do
    wait -n || exit 1
done
ar rcs "$archive" "$objects"/*.o
rm -r "$objects"
