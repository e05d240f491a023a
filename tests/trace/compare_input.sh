#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of compare gives one clear line and its exit code, and leaves nothing behind.
# usage: compare_input.sh
set -u
verb=compare
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work

refused 2 "COMMAND is missing"
refused 2 "COMMAND is missing" --
refused 2 "COMMAND is missing" -- ''
refused 2 "unknown option '--frob'" --frob -- true
refused 2 "unknown option '-x'" -x -- true
refused 2 "needs a value" --rounds
for number in 0 -1 1x x '' 1e3 1001 99999999999999999999 ' 5'; do
    refused 2 "not a number from 1 to 1000" --rounds "$number" -- touch ran
    refused 2 "not a number from 0" --seed "x$number" -- touch ran
done
refused 2 "not a number from 0" --core -1 -- touch ran
refused 2 "no such core" --core 1023 -- touch ran
refused 2 "needs ( )" --metric figure -- touch ran
refused 2 "--metric (: " --metric '(' -- touch ran
refused 2 "neither higher nor lower" --metric '(.)' --better bigger -- touch ran
refused 2 "--better needs --metric" --better lower -- touch ran
refused 2 "empty value" --json '' -- touch ran
refused 2 "empty value" --with '' -- touch ran
refused 2 "an empty name" --with glibc, -- touch ran
refused 2 "known names: own, hakmem, phase10" --with glibc,nosuch -- touch ran
refused 2 "No such file" --with /nosuch/lib.so -- touch ran
refused 2 "not a 64-bit ELF shared object" --with glibc,/etc/passwd -- touch ran
refused 2 "more than 32" --with "$(printf 'glibc,%.0s' {1..33})glibc" -- touch ran
refused 2 "no argument of COMMAND contains {n}" --sweep n=1,2 -- touch ran
refused 2 "not NAME=VALUE" --sweep 1,2 -- touch '{n}'
refused 2 "from 1 and 3 on to 6" --sweep n=1,3,...,6 -- touch '{n}'
refused 2 "comes twice" --sweep n=1,1 -- touch '{n}'
refused 2 "exclude each other" --sweep n=1,2 --suite
refused 127 "No such file" --with glibc --json report --sweep n=1,2 -- nosuch-program '{n}'
refused 2 "--suite takes no COMMAND" --suite -- touch ran
refused 2 "--suite takes no COMMAND" --suite true
refused 2 "--only needs --suite" --only pair -- touch ran
refused 2 "--only (: " --suite --only '('
refused 2 "empty value" --suite=
HAKMEM_BENCH=/nosuch refused 2 "/nosuch/suite.txt: No such file" --suite --with glibc
HAKMEM_BENCH=/nosuch refused 2 "/nosuch/libfloor.so" --floor --with glibc -- touch ran
refused 125 "No such file" --with glibc --json /nosuch/report -- touch ran
refused 127 "No such file" --with glibc --json report -- nosuch-program
refused 126 "Permission denied" --with glibc --json report -- /etc/passwd
HAKMEM_LIBRARY=/nosuch/lib.so refused 125 "HAKMEM_LIBRARY" -- touch ran

"$HAKMEM_TRACE" compare --with glibc --rounds 1 -- true > /dev/full 2> "$folder/err"
[ $? = 125 ] || fail "standard output full: not noticed"
"$HAKMEM_TRACE" compare --with glibc --rounds 1 --json /dev/full -- true > /dev/null 2> "$folder/err"
[ $? = 125 ] || fail "the report's disk full: not noticed"
"$HAKMEM_TRACE" compare --help | grep -q '^usage: hakmem-trace compare' || fail "no help"
"$HAKMEM_TRACE" compare --with glibc --rounds 1 --json - -- true 2> /dev/null |
    python3 -c 'import json, sys; json.load(sys.stdin)' || fail "--json - is not JSON alone"

[ $failures = 0 ]
