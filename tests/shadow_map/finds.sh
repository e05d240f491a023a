#!/bin/bash
# SPDX-License-Identifier: MIT
# The shadow map finds each mistake that faulty.c can make, and says so by name.
# usage: finds.sh SHADOW_MAP LIBFAULTY
set -u
failed=0

finds() { # fault, what it is called
    local said
    said=$(LD_LIBRARY_PATH=$(dirname "$library") LD_PRELOAD=$(basename "$library") SHADOW_MAP_FAULT=$1 \
        timeout 60 "$program" 11 100000 2>&1)
    case $said in
        *"shadow_map: $2"*"shadow_map: again: "*) echo "ok     $1: $2" ;;
        *)
            echo "BROKEN $1: not found: $(tail -1 <<< "$said")"
            failed=1
            ;;
    esac
}

program=$1 library=$2
finds overlap "overlaps a live block"
finds short "fewer usable bytes than asked for"
finds refuse "refused"
finds met "an impossible malloc was met"
finds stray "a byte changed while its block was live"
finds dirty "a byte of calloc's is not zero"
finds lose "a byte changed in realloc"
finds swap "a byte changed in realloc"
finds align "not aligned"
finds errno "free changed errno"
exit $failed
