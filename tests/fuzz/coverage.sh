#!/bin/bash
# SPDX-License-Identifier: MIT
# How many lines of each parser the corpora reach; fails where it is less than LEAST percent.
#
#     coverage.sh LEAST LLVM_PROFDATA LLVM_COV CORPUS PARSER... -- HARNESS...
#
# PARSER is a file of analysis/.
set -euo pipefail
least=$1 profdata=$2 cov=$3 corpus=$4
shift 4
parsers=()
while [ "$1" != -- ]; do
    parsers+=("$1")
    shift
done
shift

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
objects=()
for harness in "$@"; do
    name=${harness##*/libfuzzer_}
    if ! LLVM_PROFILE_FILE=$folder/$name.raw "$harness" -runs=0 -rss_limit_mb=4096 "$corpus/$name" \
        > "$folder/log" 2>&1; then
        cat "$folder/log"
        echo "FAIL: $name: its own corpus breaks it"
        exit 1
    fi
    objects+=(-object "$harness")
done
"$profdata" merge -o "$folder/all" "$folder"/*.raw
"$cov" export -format=lcov -instr-profile="$folder/all" "${objects[@]}" > "$folder/lcov"

awk -F: -v least="$least" -v parsers="${parsers[*]}" '
    BEGIN { count = split(parsers, name, " "); for (i in name) { wanted[name[i]] = 1; all[name[i]] = 0 } }
    $1 == "SF" { file = $2; sub(/.*\/analysis\//, "", file) }
    $1 == "DA" && wanted[file] { split($2, part, ","); all[file]++; if (part[2] > 0) reached[file]++ }
    END {
        for (file in all) {
            share = all[file] ? 100 * reached[file] / all[file] : 0
            printf "%6.1f %%  %4d of %4d lines  %s\n", share, reached[file], all[file], file | "sort -k5"
            total += all[file]; hit += reached[file]
            if (share < least) low = low " " file
        }
        close("sort -k5")
        printf "%6.1f %%  %4d of %4d lines of %d parsers\n", 100 * hit / total, hit, total, count
        if (low) { print "FAIL: below " least " %:" low; exit 1 }
    }' "$folder/lcov"
