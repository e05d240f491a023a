# SPDX-License-Identifier: MIT
# Sourced by the scripts of this folder: promises, one line each, as support/promise.h prints them.
# shellcheck shell=sh
made=0 broken=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# TEXT STATUS: kept where the status is 0; else also what was printed to $work/log.
promise() {
    made=$((made + 1))
    if [ "$2" = 0 ]; then
        echo "ok     $1"
    else
        echo "BROKEN $1"
        [ ! -s "$work/log" ] || sed 's/^/         /' "$work/log" | tail -12
        broken=1
    fi
    : > "$work/log"
}

note() { echo "note   $*"; }

skip_all() {
    note "skipped: $*"
    exit 77
}

# Is this program here? Where it is not, says which Debian package has it.
have() {
    command -v "$1" > /dev/null && return
    note "left out: $1 is missing (Debian: $2)"
    return 1
}

# Runs a command, for `limit` seconds at most; its output of both kinds is in $work/log. The shell keeps to itself how it died.
quietly() { { timeout "${limit:-120}" "$@" > "$work/log" 2>&1 < /dev/null; } 2> /dev/null; }

# The script's end: without a promise it was skipped.
finish() {
    [ "$made" != 0 ] || exit 77
    exit "$broken"
}
