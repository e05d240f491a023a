#!/bin/sh
# SPDX-License-Identifier: MIT
# Every line of the suite names a program that exists and arguments that it takes.
#   suite_file.sh SUITE ANY_WORKLOAD: the programs are beside that one
set -eu

suite=$1 folder=$(dirname "$2")
lines=$(sed 's/#.*//' "$suite" | grep -c '[^[:space:]]')
[ "$lines" -ge 20 ] || { echo "only $lines workloads"; exit 1; }

sed 's/#.*//' "$suite" | while read -r name program arguments; do
    [ -n "$name" ] || continue
    # Arguments are looked at in their order: all that stand before --help are right, or it fails.
    # shellcheck disable=SC2086
    "$folder/$program" $arguments --help >/dev/null || { echo "$name: $program $arguments"; exit 1; }
done

# The headline, that every release is measured with.
grep -Eq '^random_mixed +random_mixed 20000000 400 1$' "$suite" || { echo "no headline"; exit 1; }
