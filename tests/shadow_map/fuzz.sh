#!/bin/bash
# SPDX-License-Identifier: MIT
# Fuzzes for some seconds; what fails is kept, with the command that shows it again.
# usage: fuzz.sh libfuzzer|afl BUILD LIBRARY SECONDS FOLDER
#   LIBRARY   as the list in meson.build names it: default, phase10, hard_tiny, ...; the program is built first
#   FOLDER    where findings and the fuzzer's own files go; inputs that it found before are begun with
set -u
fuzzer=$1 build=$2 library=$3 seconds=$4
corpus=$(dirname "$(realpath "$0")")/corpus
mkdir -p "$5/found" "$5/work" || exit 1
folder=$(realpath "$5")
target=tests/shadow_map/shadow_map_${library}_$fuzzer
flock "$build/tests/shadow_map" ninja -C "$build" "$target" > "$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
program=$(realpath "$build/$target")

found() { # why, file
    echo "BROKEN $1: $2"
    if ! "$program" "$2" > /dev/null 2>&1; then
        echo "again: $program $2"
    elif [ -s "$folder/history" ]; then
        mv "$folder/history" "$2.history"
        echo "it takes the inputs before it; again: SHADOW_MAP_AGAIN=$2.history $program"
    else
        echo "it does not fail a second time by itself"
    fi
}

with_libfuzzer() {
    rm -f "$folder/history"
    SHADOW_MAP_HISTORY=$folder/history "$program" -max_total_time="$seconds" -max_len=1024 -len_control=0 -timeout=30 -rss_limit_mb=4096 \
        -print_final_stats=1 -artifact_prefix="$folder/found/" "$folder/work" "$corpus" 2>&1 | tee "$folder/log" |
        grep --line-buffered -E 'pulse|INITED|ERROR|shadow_map:|hakmem:|stat::|Done'
    if [ "${PIPESTATUS[0]}" = 0 ]; then
        rm -f "$folder/history"
        return
    fi
    found "libFuzzer stopped" "$(sed -n 's/.*Test unit written to //p' "$folder/log" | tail -1)"
    return 1
}

with_afl() {
    rm -rf "$folder/afl"
    export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_COLOR=1
    afl-fuzz -i "$corpus" -o "$folder/afl" -V "$seconds" -t 10000 -m none -- "$program" 1 > "$folder/log" 2>&1 ||
        { tail -20 "$folder/log"; return 1; }
    grep -E '^(execs_done|execs_per_sec|corpus_count|edges_found|saved_)' "$folder/afl/default/fuzzer_stats"
    local input failed=0
    for input in "$folder"/afl/default/crashes/id* "$folder"/afl/default/hangs/id*; do
        [ -e "$input" ] || continue
        cp "$input" "$folder/found/afl-$(sha256sum < "$input" | cut -c 1-16)"
        found "AFL++ stopped" "$folder/found/afl-$(sha256sum < "$input" | cut -c 1-16)"
        failed=1
    done
    return $failed
}

if "with_$fuzzer"; then
    echo "ok     $fuzzer, $seconds s: $(basename "$program"), nothing found"
else
    exit 1
fi
