#!/bin/bash
# SPDX-License-Identifier: MIT
# Every wrong use gives one clear line and its exit code, and leaves nothing behind.
# usage: bad_input.sh STATIC_PROGRAM
set -u
static_program=${1:+$(realpath "$1")} # the tests change folder
verb=
. "$(dirname "$0")/wrong_use.sh"
export XDG_RUNTIME_DIR=$folder/runtime
mkdir "$XDG_RUNTIME_DIR"
left_empty+=("$XDG_RUNTIME_DIR")

refused 2 "a command is missing"
refused 2 "unknown command 'nosuch'" nosuch
refused 2 "unknown command 'nosuch'" help nosuch
refused 2 "COMMAND is missing" run
refused 2 "COMMAND is missing" run --
refused 2 "COMMAND is missing" run --no-bpf --
refused 2 "COMMAND is missing" run -- ''
refused 2 "unknown option '--frob'" run --frob -- echo no
refused 2 "unknown option '-x'" run -x -- echo no
refused 2 "needs a value" run --json
refused 2 "empty value" run --json '' -- echo no
for number in 0 -1 1x x '' 1e3 100001 99999999999999999999 ' 5'; do
    refused 2 "not a number from 1 to 100000" run --frequency "$number" -- echo no
done
refused 125 "known names: own, hakmem, phase10" run --with nosuch -- echo no
refused 125 "No such file" run --with /nosuch/lib.so -- echo no
refused 125 "not a 64-bit ELF shared object" run --with /etc/passwd -- echo no
refused 125 "not a 64-bit ELF shared object" run --with /dev/null -- echo no
refused 125 "Is a directory" run --with "$folder" -- echo no
refused 127 "No such file" run --no-bpf -- /nosuch/program
refused 127 "No such file" run --no-bpf --json report --output text -- nosuch-program
refused 126 "Permission denied" run --no-bpf -- /etc/passwd
refused 125 "No such file" run --json /nosuch/report -- echo no
refused 125 "Is a directory" run --json "$folder" -- echo no
refused 125 "No such file" run --output /nosuch/report -- echo no
refused 125 "No space left" run --no-bpf --json /dev/full --output /dev/null -- true
refused 125 "No space left" run --no-bpf --output /dev/full -- true
refused 3 "No space left" run --no-bpf --output /dev/full -- sh -c 'exit 3'
HAKMEM_LIBRARY=/nosuch/lib.so refused 125 "HAKMEM_LIBRARY" run -- echo no
printf '\177ELF' > "$folder/broken.so"
refused 125 "not a 64-bit ELF shared object" run --with "$folder/broken.so" -- echo no
refused 127 'a?b' run --no-bpf -- "$(printf 'a\033b')"

"$HAKMEM_TRACE" run --no-bpf -- true 2> /dev/full
[ $? = 125 ] || fail "standard error full: not noticed"

# An old report stays whole when the new one can't be made.
echo old > "$folder/old.json"
"$HAKMEM_TRACE" run --no-bpf --json "$folder/old.json" -- /nosuch/program 2> /dev/null
[ "$(cat "$folder/old.json")" = old ] || fail "the old report is gone"

# A static program can't be preloaded: said, not invented.
if [ -x "$static_program" ]; then
    "$HAKMEM_TRACE" run --no-bpf -- "$static_program" 2> "$folder/err" || fail "a static program: exit code $?"
    grep -q "libhakmem was not loaded into" "$folder/err" || fail "a static program: nothing said"
    grep -q "^malloc took" "$folder/err" && fail "a static program: a share invented"
    grep -q "operations not counted" "$folder/err" || fail "a static program: operations invented"
fi

# Names are shown without the control characters in them.
printf '#!/bin/sh\nexit 0\n' > "$folder/$(printf 'e\033[31m')"
chmod +x "$folder/$(printf 'e\033[31m')"
"$HAKMEM_TRACE" run --no-bpf -- "$folder/$(printf 'e\033[31m')" 2> "$folder/err"
grep -q "$(printf '\033')" "$folder/err" && fail "an escape sequence reached the terminal"
grep -q 'e\\x1b\[31m' "$folder/err" || fail "the escaped name is missing"

[ $failures = 0 ]
