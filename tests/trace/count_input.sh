#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of count gives one clear line and its exit code, and leaves nothing behind.
# usage: count_input.sh STATIC_PROGRAM
set -u
static_program=${1:+$(realpath "$1")}
verb=count
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work

refused 2 "COMMAND is missing"
refused 2 "COMMAND is missing" --
refused 2 "COMMAND is missing" -- ''
refused 2 "unknown option '--frob'" --frob -- true
refused 2 "needs a value" --calls
for number in 0 -1 x '' 1e3 10000001 99999999999999999999 ' 5'; do
    refused 2 "not a number from 1 to 10000000" --calls "$number" -- touch ran
done
for number in -1 x '' 1000000000001; do
    refused 2 "not a number from 0 to 1000000000000" --skip "$number" -- touch ran
done
refused 2 "empty value" --output '' -- touch ran
refused 2 "empty value" --json '' -- touch ran
refused 2 "empty value" --with '' -- touch ran
refused 2 "not a program's name" --process '' -- touch ran
refused 2 "not a program's name" --process a/b -- touch ran
refused 125 "No such file" --output /nosuch/report -- touch ran
refused 125 "No such file" --json /nosuch/report -- touch ran
refused 125 "known names: own, hakmem" --with nosuch -- touch ran
TMPDIR=/nosuch refused 125 "/nosuch: No such file" -- touch ran
refused 127 "nosuch-program: No such file" -- nosuch-program
refused 127 "nosuch-program: No such file" --json report --output text -- nosuch-program
refused 126 "Permission denied" -- /etc/passwd
refused 125 "nothing was counted" --output text -- true
[ -z "$static_program" ] || refused 125 "static or setuid" --skip 0 -- "$static_program"
refused 3 "nothing was counted" -- sh -c 'exit 3'

"$HAKMEM_TRACE" count --help | grep -q '^usage: hakmem-trace count' || fail "no help"
"$HAKMEM_TRACE" count --skip 0 --json - -- sort /dev/null 2> /dev/null | python3 -c 'import json, sys; json.load(sys.stdin)' ||
    fail "--json - is not JSON alone"
"$HAKMEM_TRACE" count --skip 0 -- sh -c 'echo out; cat' < "$0" 2> /dev/null | cmp -s - <(echo out; cat "$0") ||
    fail "COMMAND's input or output is not its own"
[ "$(LD_PRELOAD=libm.so.6 "$HAKMEM_TRACE" count --output "$folder/text" -- sh -c 'echo "$LD_PRELOAD"' 2> /dev/null |
    sed 's/.*libhakmem.so.1//')" = ":libm.so.6" ] || fail "LD_PRELOAD is not kept"

[ $failures = 0 ]
