#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks the model whole, then each mutation: spin must find nothing in the first and an error in
# every other.
#
#     run_model.sh MODEL.pml
set -u
command -v spin > /dev/null || { echo "skipped: spin is not installed"; exit 77; }
compiler=${CC:-cc}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp "$1" "$work/model.pml" || exit 1
cd "$work" || exit 1
broken=0

# Prints the verifier's "errors: N" for the model built with these definitions.
errors() {
    rm -f pan* ./*.trail
    spin -a "$@" model.pml > spin.log 2>&1 || { cat spin.log >&2; echo "spin"; return; }
    "$compiler" -O0 -w -DSAFETY -o pan pan.c > cc.log 2>&1 || { cat cc.log >&2; echo "cc"; return; }
    ./pan -m100000 > pan.log 2>&1
    if grep -q 'max search depth too small\|out of memory\|Search not completed' pan.log; then
        grep -q 'errors: 0' pan.log && { echo "incomplete"; return; }
    fi
    sed -n 's/.*errors: *\([0-9]*\).*/\1/p' pan.log
}

count=$(errors)
states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' pan.log)
if [ "$count" = 0 ]; then
    echo "ok     the protocol holds in all $states states"
else
    echo "BROKEN the protocol: errors: $count"
    grep -m3 'assertion\|invalid\|error' pan.log
    broken=1
fi

for mutation in $(sed -n 's/^ \*   \(MUTATE_[A-Z]*\) .*/\1/p' model.pml); do
    count=$(errors "-D$mutation")
    case $count in
    '' | 0 | *[!0-9]*)
        echo "BROKEN $mutation is not found (errors: $count)"
        broken=1
        ;;
    *) echo "ok     $mutation is found: $(grep -m1 -o 'assertion violated.*\|invalid end state' pan.log)" ;;
    esac
done
exit $broken
