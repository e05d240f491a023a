# SPDX-License-Identifier: MIT
# Tools, most of them with several threads. Sourced by real_programs.sh.

part_git() {
    export HOME=$PWD GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
    git -C "$root" rev-parse --git-dir > /dev/null 2>&1 || { echo "not a git checkout"; return 77; }
    on git clone -q --no-hardlinks --no-local "$root" copy || return 1
    on git -C copy gc -q --aggressive || return 1
    on git -C copy fsck --full --strict > fsck 2>&1 || return 1
    on git -C copy log -p --stat > log || return 1
    on git -C copy cat-file --batch-all-objects --batch-check > objects || return 1
    sha256sum < log > outcome
    sort objects | grep -vc missing >> outcome
    on git -C copy rev-parse HEAD >> outcome
}

lines_of_text() { # lines
    seq 1 "$1" | awk '{ printf "%d %s\n", $1 * 7919 % 1000003, $1 }'
}

part_sort() {
    lines_of_text "$(pick 100000 1000000)" > lines
    on sort --parallel=4 -S 64M lines > sorted || return 1
    on sort --parallel=4 -S 2M -T . -n -k2 lines > numeric || return 1
    sha256sum < sorted > outcome
    sha256sum < numeric >> outcome
}

# Packs and unpacks; packed by so many threads a file is the same each time.
pack() { # lines, program and options to pack, program and options to unpack
    lines_of_text "$1" > lines
    # shellcheck disable=SC2086
    on $2 < lines > packed || return 1
    # shellcheck disable=SC2086
    on $3 < packed > unpacked || return 1
    cmp lines unpacked || return 1
    sha256sum < packed > outcome
}

part_xz() {
    pack "$(pick 50000 1000000)" "xz -T2 -2 --block-size=262144" "xz -T2 -d"
}

part_zstd() {
    pack "$(pick 300000 3000000)" "zstd -q -T2 -9" "zstd -q -d"
}

part_pigz() {
    pack "$(pick 300000 3000000)" "pigz -n -p 2" "pigz -d"
}

part_ffmpeg() {
    on ffmpeg -v error -f lavfi -i "testsrc=duration=$(pick 1 10):size=320x240:rate=25" -threads 2 -c:v mpeg4 \
        -fflags +bitexact -flags:v +bitexact -f avi movie || return 1
    on ffmpeg -v error -threads 2 -i movie -f framemd5 outcome
}

# The control may be shorter: what it shows is that the harness works.
part_stress() {
    local seconds
    seconds=$(pick 10 60 600)
    [ -n "$preload" ] || seconds=$((seconds / 5))
    on stress-ng --malloc "$(pick 1 2)" --verify -t "$seconds" --metrics-brief > stress.log 2>&1 || { cat stress.log; return 1; }
    grep -E 'passed:|failed:|run completed' stress.log | sed 's/.*\] *//; s/in [0-9.]*.*s//; s/passed: *[0-9]*:.*/passed/' > outcome
}
