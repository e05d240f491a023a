#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs `places` on a library, told where in it the variables are that the measure `seal` closes.
# usage: places.sh PROGRAM hardened|default LIBRARY
set -eu
program=$1 mode=$2 library=$3
command -v nm > /dev/null || { echo "nm is missing: install binutils"; exit 77; }
names='hak_arena'
[ "$mode" = hardened ] && names='hak_arena hak_secret the_clock'
offsets=()
for name in $names; do
    offset=$(nm "$library" | awk -v name="$name" '$3 == name { print $1 }')
    [ -n "$offset" ] || { echo "$library has no symbols"; exit 77; }
    offsets+=("$offset")
done
LD_PRELOAD=$library HAKMEM_TEST_EXPECT=hakmem exec timeout 60 "$program" "$mode" "${offsets[@]}"
