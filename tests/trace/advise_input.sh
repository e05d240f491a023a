#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use of advise, and every command that can't be advised on, gives one clear line and
# its exit code, and leaves nothing behind.
# usage: advise_input.sh
set -u
verb=advise
. "$(dirname "$0")/wrong_use.sh"
export TMPDIR=$folder/work

refused 2 "COMMAND is missing"
refused 2 "COMMAND is missing" -- ''
refused 2 "unknown option '--frob'" --frob -- true
refused 2 "needs a value" --seconds
for number in 0 -1 1x '' 86401; do
    refused 2 "not a number from 1 to 86400" --seconds "$number" -- touch ran
done
refused 2 "needs ( )" --metric figure -- touch ran
refused 2 "advise: --metric (: " --metric '(' -- touch ran
refused 2 "neither higher nor lower" --metric '(.)' --better bigger -- touch ran
refused 2 "--better needs --metric" --better lower -- touch ran
refused 2 "empty value" --json '' -- touch ran
refused 2 "empty value" --with '' -- touch ran
refused 2 "an empty name" --with hakmem, -- touch ran
refused 2 "known names: own, hakmem, phase10" --with nosuch -- touch ran
refused 2 "No such file" --with /nosuch/lib.so -- touch ran
refused 2 "nothing is preloaded for it" --with glibc -- touch ran
refused 2 "nothing is preloaded for it" --with hakmem,own -- touch ran
refused 2 "more than 32" --with "$(printf 'hakmem,%.0s' {1..33})hakmem" -- touch ran
refused 125 "No such file" --json /nosuch/report -- touch ran
refused 125 "No such file" --output /nosuch/report -- touch ran
refused 127 "No such file" --json report -- nosuch-program
refused 126 "Permission denied" --json report -- /etc/passwd
refused 3 "ended with exit code 3" --json report -- sh -c 'exit 3'
refused 139 "killed by signal 11" --json report -- sh -c 'kill -SEGV $$'
"$HAKMEM_TRACE" advise --help | grep -q '^usage: hakmem-trace advise' || fail "no help"
"$HAKMEM_TRACE" advise --help | awk 'length > 100 { exit 1 }' || fail "the help has a line that is too long"

[ $failures = 0 ]
