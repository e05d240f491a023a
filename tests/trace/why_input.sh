#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of why gives one clear line and its exit code, and leaves nothing behind.
# usage: why_input.sh
set -u
verb=why
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work XDG_RUNTIME_DIR=$folder/work

refused 2 "two allocators are wanted"
refused 2 "two allocators are wanted" glibc
refused 2 "two allocators are wanted" --rounds 3
refused 2 "COMMAND is missing" glibc glibc
refused 2 "COMMAND is missing" glibc glibc --
refused 2 "COMMAND is missing" glibc glibc -- ''
refused 2 "empty name" glibc '' -- touch ran
refused 2 "unknown option '--frob'" --frob glibc glibc -- touch ran
refused 2 "unknown option '--frob'" glibc glibc --frob -- touch ran
refused 2 "needs a value" --rounds
for number in 0 -1 1x '' 1001 ' 5'; do
    refused 2 "not a number from 1 to 1000" --rounds "$number" glibc glibc -- touch ran
    refused 2 "not a number from 1 to 100000" glibc glibc --frequency "x$number" -- touch ran
    refused 2 "not a number from 0" --seed "x$number" glibc glibc -- touch ran
    refused 2 "not a number from 1 to" --calls "x$number" glibc glibc -- touch ran
done
refused 2 "no such core" --core 1023 glibc glibc -- touch ran
refused 2 "why: --metric figure: needs ( )" --metric figure glibc glibc -- touch ran
refused 2 "neither higher nor lower" --metric '(.)' --better bigger glibc glibc -- touch ran
refused 2 "--better needs --metric" --better lower glibc glibc -- touch ran
refused 2 "empty value" --json '' glibc glibc -- touch ran
refused 2 "empty value" --process '' glibc glibc -- touch ran
refused 2 "known names: own, hakmem, phase10" glibc nosuch -- touch ran
refused 2 "No such file" /nosuch/lib.so glibc -- touch ran
refused 2 "not a 64-bit ELF shared object" glibc /etc/passwd -- touch ran
refused 125 "No such file" --json /nosuch/report glibc glibc -- touch ran
refused 125 "No such file" --output /nosuch/report --json report glibc glibc -- touch ran
TMPDIR=/nosuch refused 125 "/nosuch/hakmem-trace" --output text --json report glibc glibc -- touch ran
refused 127 "No such file" --json report glibc glibc -- nosuch-program
refused 126 "Permission denied" --output report glibc glibc -- /etc/passwd

"$HAKMEM_TRACE" why --rounds 1 glibc glibc -- true > /dev/full 2> "$folder/err"
[ $? = 125 ] || fail "standard output full: not noticed"
"$HAKMEM_TRACE" why --rounds 1 glibc glibc --json /dev/full -- true > /dev/null 2> "$folder/err"
[ $? = 125 ] || fail "the report's disk full: not noticed"
"$HAKMEM_TRACE" why --help | grep -q '^usage: hakmem-trace why' || fail "no help"
"$HAKMEM_TRACE" why --rounds 1 --json - glibc glibc -- true 2> /dev/null |
    python3 -c 'import json, sys; json.load(sys.stdin)' || fail "--json - is not JSON alone"

[ $failures = 0 ]
