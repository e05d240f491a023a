# SPDX-License-Identifier: MIT
# Sourced by the tests of wrong use, with the command in `verb`, empty for the tool as a whole.
# Makes a folder and works in an empty one inside it; a test ends with [ $failures = 0 ].
tool=("$HAKMEM_TRACE" ${verb:+"$verb"})
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/work"
cd "$folder/work" || exit 1
left_empty=("$folder/work")
failures=0

fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# refused CODE PATTERN ARGUMENT...: the tool says one line that matches and leaves nothing.
refused() {
    local code=$1 pattern=$2 status
    shift 2
    "${tool[@]}" "$@" > "$folder/out" 2> "$folder/err"
    status=$?
    [ $status = "$code" ] || fail "$*: exit code $status, expected $code"
    [ "$(wc -l < "$folder/err")" = 1 ] || fail "$*: not one line: $(cat "$folder/err")"
    grep -q -- "$pattern" "$folder/err" || fail "$*: says $(cat "$folder/err")"
    [ ! -s "$folder/out" ] || fail "$*: wrote to standard output"
    [ -z "$(find "${left_empty[@]}" -mindepth 1)" ] || fail "$*: left something behind"
    echo "done: $*: $(cat "$folder/err")"
}
