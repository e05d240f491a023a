#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes an archive of one object out of an archive of many. Of its names, only those that the shared
# library exports too can be seen from outside; where several are defined (malloc, calloc, the
# operators), a program gets all of them, for half of one allocator and half of another is none.
#
#     one_object.sh PARTS OUTPUT FOLDER READELF OBJCOPY AR COMPILER...
set -eu
parts=$1 output=$2 folder=$3 readelf=$4 objcopy=$5 ar=$6
shift 6
mkdir -p "$folder"
object=$folder/hakmem.o
# Objects of link-time optimisation become plain ones; only gcc knows the option.
"$@" -r -nostdlib -flinker-output=nolto-rel -o "$object" -Wl,--whole-archive "$parts" -Wl,--no-whole-archive \
    2> "$folder/log" ||
    "$@" -r -nostdlib -o "$object" -Wl,--whole-archive "$parts" -Wl,--no-whole-archive
# Undefined names, too, or weak ones would become ours. _.stapsdt.base: of a group that the linker keeps
# one of in a program.
"$readelf" -sW "$object" |
    awk '$5 != "LOCAL" && ($6 == "DEFAULT" || $7 == "UND") { print $8 } END { print "_.stapsdt.base" }' > "$folder/names"
# Code under a name of its own: the linker tells where that begins and ends in a program (sample_stack.c).
"$objcopy" --rename-section .text=hakmem_text --keep-global-symbols="$folder/names" "$object"
rm -f "$output"
"$ar" rcs "$output" "$object"
