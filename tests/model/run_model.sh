#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks a model whole, then each mutation: spin must find nothing in the first and an error in
# every other. An error is a broken assertion, threads that wait for ever, or a run without end: the
# threads of a model have finitely much to do.
#
#     run_model.sh MODEL.pml [DEFINITION...]      definitions for a larger run: ROUNDS=3
set -u
command -v spin > /dev/null || { echo "skipped: spin is not installed"; exit 77; }
compiler=${CC:-cc}
command -v "${compiler%% *}" > /dev/null || { echo "skipped: no C compiler"; exit 77; }
model=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp "$model" "$work/model.pml" && cp "$(dirname "$model")"/*.pmlh "$work" || exit 1
cd "$work" || exit 1
# Partial-order reduction is not for models in which a process is cut short.
reduction=
if grep -q '} unless {' model.pml; then reduction=-DNOREDUCE; fi
definitions=
optimize=-O0 # most of a short search is the compiler's
if [ $# -gt 0 ]; then optimize=-O2; fi
for definition; do
    definitions="$definitions -D$definition"
done
broken=0

# Builds a verifier. Two are needed: one that looks for runs without end takes no notice of threads
# that wait for ever.
build() {
    # shellcheck disable=SC2086 # $compiler and $reduction are lists of words
    $compiler $optimize -w $reduction -DVECTORSZ=2048 "$@" pan.c > cc.log 2>&1 || { cat cc.log >&2; exit 1; }
}

# What one search finds: "holds", "incomplete", or the error. $1: the mutation's number, 0 for none; then the verifier.
search() {
    number=$1
    shift
    MUTATION=$number "$@" -m1000000 -w21 > pan.log 2>&1
    if ! grep -q 'errors: 0$' pan.log; then
        grep -o -m1 'assertion violated.\{1,40\}\|invalid end state\|non-progress cycle' pan.log || echo "no verdict"
    elif grep -q 'max search depth too small\|out of memory\|Search not completed' pan.log; then
        echo incomplete
    else
        echo holds
    fi
}

# Both searches: for errors, and (fairly) for runs without end.
verdict() {
    found=$(search "$1" ./errors)
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
    [ "$found" != holds ] || found=$(search "$1" ./endless -l -f)
    echo "$found:$states"
}

# shellcheck disable=SC2086 # a list of words
spin -a $definitions model.pml > spin.log 2>&1 || { cat spin.log; exit 1; }
build -DSAFETY -o errors
build -DNP -o endless
found=$(verdict 0)
if [ "${found%%:*}" = holds ]; then
    echo "ok     the protocol holds in all ${found##*:} states, and every run ends"
else
    echo "BROKEN the protocol: ${found%:*}"
    cat pan.log
    broken=1
fi

for mutation in $(sed -n 's/^ \*   \(MUTATE_[A-Z]*\) .*/\1/p' model.pml); do
    number=$(sed -n "s/^#define $mutation .*broken == \([0-9]*\).*/\1/p" model.pml)
    found=$(verdict "${number:-none}")
    case $number:$found in
    :* | *:holds:* | *:incomplete:* | *:"no verdict":*)
        echo "BROKEN $mutation is not found (${found%:*})"
        broken=1
        ;;
    *) echo "ok     $mutation is found: ${found%:*}" ;;
    esac
done
exit $broken
