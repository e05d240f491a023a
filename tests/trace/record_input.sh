#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of record gives one clear line and its exit code, and leaves nothing behind.
# usage: record_input.sh STATIC_PROGRAM
set -u
static_program=${1:+$(realpath "$1")} # the tests change folder
verb=record
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work

refused 2 "COMMAND is missing"
refused 2 "COMMAND is missing" --
refused 2 "COMMAND is missing" -- ''
refused 2 "unknown option '--frob'" --frob -- true
refused 2 "unknown option '-x'" -x -- true
refused 2 "needs a value" --limit
for number in 0 -1 1x x '' 1e3 1000000001 99999999999999999999 ' 5'; do
    refused 2 "not a number from 1 to 1000000000" --limit "$number" -- touch ran
done
refused 2 "empty value" --output '' -- touch ran
refused 2 "empty value" --process '' -- touch ran
refused 2 "empty value" --json '' -- touch ran
refused 2 "empty value" --with '' -- touch ran
refused 2 "not written to standard output" --output - -- touch ran
refused 125 "No such file" --output /nosuch/trace -- touch ran
refused 125 "Is a directory" --output "$folder" -- touch ran
refused 125 "No such file" --json /nosuch/report -- touch ran
refused 125 "known names: own, hakmem, phase10" --with nosuch -- touch ran
refused 125 "not a 64-bit ELF shared object" --with /etc/passwd -- touch ran
refused 125 "No space left" --output /dev/full -- sort /dev/null
refused 125 "no program called 'nosuch' was recorded; there were: sort" --process nosuch -- sort /dev/null
refused 125 "it called no malloc" -- true
refused 127 "No such file" --output trace -- nosuch-program
refused 126 "Permission denied" --output trace -- /etc/passwd
(ulimit -f 128; refused 125 "nothing was recorded: File too large" -- sort /dev/null; [ $failures = 0 ]) || fail "above"
if [ -x "$static_program" ]; then
    refused 125 "or is static" -- "$static_program"
fi

"$HAKMEM_TRACE" record --help | grep -q '^usage: hakmem-trace record' || fail "no help"
"$HAKMEM_TRACE" record --json - -- sort /dev/null 2> /dev/null | python3 -c 'import json, sys; json.load(sys.stdin)' ||
    fail "--json - is not JSON alone"
[ -s sort.trace ] || fail "a trace is called after its command"
"$HAKMEM_TRACE" record --output three -- sh -c 'exit 3' 2> /dev/null
[ $? = 3 ] || fail "COMMAND's exit status is lost"
"$HAKMEM_TRACE" record --output lines -- sh -c 'echo out; cat' < "$0" 2> /dev/null | cmp -s - <(echo out; cat "$0") ||
    fail "COMMAND's input or output is not its own"

# An old trace stays whole when the new one can't be made.
echo old > old.trace
"$HAKMEM_TRACE" record --output old.trace -- nosuch-program 2> /dev/null
[ "$(cat old.trace)" = old ] || fail "the old trace is gone"

[ $failures = 0 ]
