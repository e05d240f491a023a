#!/bin/bash
# SPDX-License-Identifier: MIT
# Wrong use of the options that write profiles and timelines: one clear line each, nothing left behind.
# usage: input.sh WITH_PPROF (true or false)
set -u
with_pprof=$1
verb=callers
. "$(dirname "$0")/../trace/wrong_use.sh"
export TMPDIR=$folder/work

for option in --collapsed --speedscope; do
    refused 2 "needs a value" $option
    refused 2 "empty value" $option '' -- touch ran
    refused 125 "/nosuch/profile: No such file" $option /nosuch/profile -- touch ran
done
if [ "$with_pprof" = true ]; then
    refused 2 "empty value" --pprof '' -- touch ran
    refused 125 "/nosuch/profile: No such file" --pprof /nosuch/profile -- touch ran
else
    refused 2 "libprotobuf-c-dev" --pprof profile -- touch ran
fi
refused 2 "no value has this name" --collapsed out --value nosuch -- touch ran
refused 2 "empty value" --collapsed out --value '' -- touch ran
refused 2 "value is of --collapsed" --value time -- touch ran
refused 127 "nosuch-program: No such file" --collapsed out --speedscope other -- nosuch-program

verb=run tool=("$HAKMEM_TRACE" run)
for option in --collapsed --speedscope; do
    refused 2 "have no stacks here: --heap has" $option out -- touch ran
    refused 2 "empty value" --heap $option '' -- touch ran
    refused 125 "/nosuch/profile: No such file" --heap $option /nosuch/profile -- touch ran
done
refused 2 "no value has this name" --heap --collapsed out --value time -- touch ran
refused 2 "needs a value" --timeline
refused 2 "empty value" --timeline '' -- touch ran
refused 2 "can't go with --aggregate yes" --timeline out --aggregate yes -- touch ran
refused 125 "/nosuch/trace: No such file" --timeline /nosuch/trace -- touch ran
refused 127 "nosuch-program: No such file" --timeline out -- nosuch-program

[ $failures = 0 ]
