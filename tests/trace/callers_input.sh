#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of callers gives one clear line and its exit code, and leaves nothing behind.
# usage: callers_input.sh STATIC_PROGRAM
set -u
static_program=${1:+$(realpath "$1")}
verb=callers
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work

refused 2 "COMMAND is missing"
refused 2 "COMMAND is missing" --
refused 2 "COMMAND is missing" -- ''
refused 2 "unknown option '--frob'" --frob -- true
refused 2 "unknown option '--calls'" --calls 5 -- true
refused 2 "needs a value" --bytes
for number in 0 -1 x '' 1e3 1073741825 99999999999999999999 ' 5'; do
    refused 2 "not a number from 1 to 1073741824" --bytes "$number" -- touch ran
done
for number in 0 -1 x '' 1001; do
    refused 2 "not a number from 1 to 1000" --top "$number" -- touch ran
done
for number in 0 -1 x '' 100001; do
    refused 2 "not a number from 1 to 100000" --frequency "$number" -- touch ran
done
for number in 0 -1 x '' 101; do
    refused 2 "not a number from 0.01 to 100" --budget "$number" -- touch ran
done
refused 2 "empty value" --output '' -- touch ran
refused 2 "empty value" --json '' -- touch ran
refused 2 "empty value" --with '' -- touch ran
refused 125 "No such file" --output /nosuch/report -- touch ran
refused 125 "No such file" --json /nosuch/report -- touch ran
refused 125 "known names: own, hakmem" --with nosuch -- touch ran
TMPDIR=/nosuch refused 125 "/nosuch: No such file" -- touch ran
refused 127 "nosuch-program: No such file" -- nosuch-program
refused 127 "nosuch-program: No such file" --json report --output text -- nosuch-program
refused 126 "Permission denied" -- /etc/passwd
refused 125 "nothing was sampled" --output text --bytes 1073741824 -- true
[ -z "$static_program" ] || refused 125 "static or setuid" --bytes 1 -- "$static_program"
refused 3 "nothing was sampled" --bytes 1073741824 -- sh -c 'exit 3'

"$HAKMEM_TRACE" callers --help | grep -q '^usage: hakmem-trace callers' || fail "no help"
"$HAKMEM_TRACE" callers --bytes 1 --json - -- sort /dev/null 2> /dev/null |
    python3 -c 'import json, sys; json.load(sys.stdin)' || fail "--json - is not JSON alone"
"$HAKMEM_TRACE" callers --bytes 1 -- sh -c 'echo out; cat' < "$0" 2> /dev/null | cmp -s - <(echo out; cat "$0") ||
    fail "COMMAND's input or output is not its own"
# A disk without room ends the samples, not the program.
(ulimit -f 128; "$HAKMEM_TRACE" callers --bytes 1 -- sort "$0" 2> /dev/null) | cmp -s - <(sort "$0") ||
    fail "a limit on files harms COMMAND"

[ $failures = 0 ]
