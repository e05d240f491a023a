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
export objects
number=0
for source in "$@"; do
    number=$((number + 1)) # two sources may have one name
    case $source in *.h) continue ;; esac
    printf '%s\0%s\0' "$number" "$source"
done | xargs -0 -n 2 -P "$(nproc)" bash -c '
    number=${*: -2:1} source=${*: -1}
    exec "${@:1:$#-2}" -c "$source" -o "$objects/$number.o"' bash "${command[@]}"
ar rcs "$archive" "$objects"/*.o
rm -r "$objects"
