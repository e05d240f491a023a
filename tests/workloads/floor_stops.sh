#!/bin/sh
# SPDX-License-Identifier: MIT
# The floor stops a program that is not for it with one line that says why, before memory is gone.
#   floor_stops.sh LIBFLOOR WHY WORKLOAD ARGUMENTS...
set -eu

floor=$1 why=$2
shift 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

status=0
LD_PRELOAD=$(basename "$floor") LD_LIBRARY_PATH=$(dirname "$floor") timeout 50 "$@" \
    >"$scratch/out" 2>"$scratch/said" || status=$?
[ "$status" = 1 ] || { echo "status $status: $(cat "$scratch/said")"; exit 1; }
[ "$(cat "$scratch/said")" = "libfloor: $why" ] || { echo "it says: $(cat "$scratch/said")"; exit 1; }
