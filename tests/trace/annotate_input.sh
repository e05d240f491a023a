#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of annotate gives one clear line and its exit code, and leaves nothing behind.
# usage: annotate_input.sh STATIC_PROGRAM
set -u
static_program=${1:+$(realpath "$1")}
verb=annotate
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work

refused 2 "COMMAND is missing"
refused 2 "COMMAND is missing" -- ''
refused 2 "unknown option '--frob'" --frob -- true
refused 2 "needs a value" --function
refused 2 "an empty name" --function '' -- touch ran
refused 2 "no function 'mallocc' in the library; near: .*malloc.*--list" --function mallocc -- touch ran
refused 2 "no function 'qqqqqqqqqq' in the library; --list" --function qqqqqqqqqq -- touch ran
refused 2 "shows no function" --list --function malloc -- touch ran
refused 2 "not a number from 1 to 10000000" --calls 0 -- touch ran
refused 2 "not a number from 0 to 1000000000000" --skip x -- touch ran
refused 2 "empty value" --json '' -- touch ran
refused 2 "not a program's name" --process a/b -- touch ran
refused 125 "No such file" --output /nosuch/report -- touch ran
refused 125 "known names: own, hakmem" --with nosuch -- touch ran
refused 127 "nosuch-program: No such file" --json report --output text -- nosuch-program
refused 125 "nothing was counted" --output text -- true
[ -z "$static_program" ] || refused 125 "static or setuid" --skip 0 -- "$static_program"
refused 3 "nothing was counted" -- sh -c 'exit 3'

"$HAKMEM_TRACE" annotate --help | grep -q 'runs twice' || fail "the help does not say that COMMAND runs twice"
"$HAKMEM_TRACE" annotate --skip 0 --json - -- sort /dev/null 2> /dev/null |
    python3 -c 'import json, sys; json.load(sys.stdin)' || fail "--json - is not JSON alone"
"$HAKMEM_TRACE" annotate --skip 0 --output "$folder/text" -- sh -c 'echo out; cat' < "$0" 2> /dev/null > "$folder/out"
[ "$(grep -c '^out$' "$folder/out")" = 1 ] || grep -q 'no shares of time: [^-]' "$folder/text" || {
    [ "$(grep -c '^out$' "$folder/out")" = 2 ] && cmp -s "$folder/out" <(echo out; cat "$0"; echo out; cat "$0")
} || fail "COMMAND's input and output are not its own in both runs"
[ "$("$HAKMEM_TRACE" annotate --no-samples --skip 0 -- sh -c 'echo out' 2> /dev/null)" = out ] ||
    fail "--no-samples runs COMMAND more than once"

[ $failures = 0 ]
