#!/bin/bash
# SPDX-License-Identifier: MIT
# Where eBPF is refused samples come one by one, and the report says why they do; wrong use is refused.
# usage: aggregate_refused.sh PROGRAM
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "FAIL: $1"; exit 1; }

"$HAKMEM_TRACE" run --aggregate=perhaps -- true 2> "$folder/error"
[ $? = 2 ] || fail "exit code of a wrong --aggregate"
[ "$(wc -l < "$folder/error")" = 1 ] || fail "not one line: $(cat "$folder/error")"

# usage: report NAME COMMAND...
report() {
    local name=$1
    shift
    "$@" "$HAKMEM_TRACE" run --json "$folder/$name.json" --output "$folder/$name" "${options[@]}" -- "$program" 3000000 \
        || fail "$name: exit code $?"
    sed 's/^/    /' "$folder/$name"
    tr -s ' \n' ' ' < "$folder/$name" > "$folder/$name.unfolded"
    grep -q "no time by source" "$folder/$name" && { echo "skipped: no samples here"; exit 77; }
    grep -q '"aggregated": false' "$folder/$name.json" || fail "$name: JSON says aggregated"
    grep -q "aggregated in the kernel;" "$folder/$name.unfolded" && fail "$name: the text says aggregated"
    grep -Eq "^  [0-9]+ samples of .* Hz.*, 0 lost" "$folder/$name" || fail "$name: no samples one by one"
}
program=$1

# Few samples, or no eBPF wanted: no need to be told why.
options=()
report default env
options=(--no-bpf --frequency 4999)
report no_bpf env
grep -q "not aggregated" "$folder/default.unfolded" "$folder/no_bpf.unfolded" && fail "a note on what nobody asked for"

[ "$(id -u)" = 0 ] || { echo "the rest needs root"; exit 0; }
options=(--frequency 4999 --aggregate=yes)
report without_bpf setpriv --bounding-set=-bpf,-sys_admin
grep -q "not aggregated in the kernel: .*CAP_BPF" "$folder/without_bpf.unfolded" || fail "no reason, or no way out"
options=(--frequency 4999)
report by_itself setpriv --bounding-set=-bpf,-sys_admin
grep -q "not aggregated in the kernel: .*CAP_BPF" "$folder/by_itself.unfolded" || fail "auto gives no reason"
options=(--frequency 4999 --aggregate=no)
report told_not setpriv --bounding-set=-bpf,-sys_admin
grep -q "not aggregated" "$folder/told_not.unfolded" && fail "a note on what was told"
exit 0
