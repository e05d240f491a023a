#!/bin/bash
# SPDX-License-Identifier: MIT
# A harness under libFuzzer for so many seconds. What it finds on the way stays in a folder that
# goes; what breaks something is left in the current one.
#
#     libfuzzer.sh HARNESS CORPUS SECONDS
set -euo pipefail
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
LLVM_PROFILE_FILE=/dev/null "$1" -max_total_time="$3" -max_len=65536 -len_control=0 -rss_limit_mb=4096 -timeout=30 \
    -print_final_stats=1 -artifact_prefix="${1##*/}-" "$found" "$2" 2>&1 | grep -v '^#[0-9]*[[:space:]]*\(NEW\|REDUCE\)' ||
    exit 1 # a crash's own code is that of a skipped test
