#!/bin/bash
# SPDX-License-Identifier: MIT
# The command keeps its input, output, exit status and signals, and an LD_PRELOAD that is set already.
# usage: exit_codes.sh
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_RUNTIME_DIR=$folder/runtime
mkdir "$XDG_RUNTIME_DIR"
failures=0

check() { # check TEXT GOT EXPECTED
    if [ "$2" = "$3" ]; then
        echo "ok:   $1"
    else
        echo "FAIL: $1: got '$2', expected '$3'"
        failures=$((failures + 1))
    fi
}

run() {
    "$HAKMEM_TRACE" run --no-bpf --output "$folder/report" "$@"
}

for code in 0 1 7 125 255; do
    run -- sh -c "exit $code"
    check "exit code $code" $? $code
done
for signal in KILL SEGV TERM; do
    run -- sh -c "kill -$signal \$\$"
    check "killed by $signal" $? $((128 + $(kill -l $signal)))
done

check "output" "$(run -- printf 'one\ntwo\n')" "$(printf 'one\ntwo\n')"
check "input" "$(echo given | run -- cat)" given
check "error output" "$(run -- sh -c 'echo wrong >&2' 2>&1)" wrong
check "arguments" "$(run -- printf '<%s>' 'a b' '' '--with' '*')" '<a b><><--with><*>'
check "options end at the command" "$(run echo --json x)" '--json x'
check "environment" "$(MARK=here run -- sh -c 'echo $MARK')" here
check "no descriptor leaks" \
    "$(run -- sh -c 'for file in /proc/$$/fd/*; do readlink $file; done' | grep -c 'anon_inode\|hakmem-trace')" 0
check "ignored signals stay ignored" \
    "$(trap '' HUP; run -- grep SigIgn /proc/self/status)" "$(trap '' HUP; grep SigIgn /proc/self/status)"
check "blocked signals stay as they were" \
    "$(run -- grep SigBlk /proc/self/status)" "$(grep SigBlk /proc/self/status)"

preloaded=$(LD_PRELOAD=libm.so.6 run -- sh -c 'echo "$LD_PRELOAD"')
check "LD_PRELOAD is kept" "${preloaded#*libhakmem.so.1}" ":libm.so.6"
check "nothing is preloaded for glibc" "$(run --with glibc -- sh -c 'echo "$LD_PRELOAD"')" ""

spaced="$folder/a path: with all"
mkdir "$spaced"
cp "$HAKMEM_LIBRARY_BUILT" "$spaced/libhakmem.so"
HAKMEM_LIBRARY="$spaced/libhakmem.so" run -- true
check "a library under a name with blanks" "$(grep -c '^  operations [0-9]' "$folder/report")" 1

# SIGTERM to the tool goes to the program.
"$HAKMEM_TRACE" run --no-bpf --output "$folder/report" -- \
    sh -c "trap 'exit 9' TERM; echo > '$folder/ready'; for i in \$(seq 200); do sleep 0.05; done" &
tool=$!
for _ in $(seq 100); do [ -e "$folder/ready" ] && break; sleep 0.05; done
kill -TERM $tool
wait $tool
check "SIGTERM is passed on" $? 9

# A program that closes its output early must not take the report with it.
run -- sh -c 'seq 100000' | head -1 > /dev/null
check "report after a broken pipe" "$(grep -c 'hakmem-trace: sh' "$folder/report")" 1

check "no counter files left" "$(ls -A "$XDG_RUNTIME_DIR")" ""
[ $failures = 0 ]
