#!/bin/bash
# SPDX-License-Identifier: MIT
# Real programs on hakmem: the outcome is the same as on glibc, and the counters are above zero, so
# the preload was on. A program that is not installed is named and left out.
#
#     real_programs.sh LIBHAKMEM COUNTER_SUM SOURCE_ROOT sample|full
set -u
library=$(realpath "$1")
counter_sum=$(realpath "$2")
root=$(realpath "$3")
size=$4
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d) || exit 1
broken=0
ran=0
server=

finish() {
    [ -n "$server" ] && kill "$server" 2> /dev/null
    rm -rf "$work"
}
trap finish EXIT

# Runs part_NAME twice, each in a folder of its own, which it fills with `outcome`.
part() { # name programs...
    local name=$1 missing= program
    shift
    for program in "$@"; do
        command -v "$program" > /dev/null || missing="$missing $program"
    done
    if [ -n "$missing" ]; then
        echo "note   $name: left out, not installed:$missing"
        return
    fi
    mkdir -p "$work/$name/glibc" "$work/$name/hakmem" "$work/$name/counters"
    (cd "$work/$name/glibc" && preload='' "part_$name") > "$work/$name/glibc.log" 2>&1
    local control=$?
    if [ $control = 77 ]; then
        echo "note   $name: left out: $(tail -1 "$work/$name/glibc.log")"
        return
    fi
    (
        cd "$work/$name/hakmem" || exit 1
        preload=$library HAKMEM_COUNTERS_DIR=$work/$name/counters "part_$name"
    ) > "$work/$name/hakmem.log" 2>&1
    judge "$name" $control $?
}

judge() { # name, status on glibc, status on hakmem
    local name=$1 counts mallocs processes
    counts=$("$counter_sum" "$work/$name/counters") || counts="0 0 0"
    mallocs=${counts%% *}
    processes=${counts##* }
    ran=$((ran + 1))
    if [ "$2" != 0 ]; then
        echo "BROKEN $name: the control on glibc failed with status $2: $(tail -1 "$work/$name/glibc.log")"
    elif [ "$3" != 0 ]; then
        echo "BROKEN $name: status $3: $(tail -3 "$work/$name/hakmem.log" | tr '\n' '|')"
    elif ! cmp -s "$work/$name/glibc/outcome" "$work/$name/hakmem/outcome"; then
        echo "BROKEN $name: the outcome differs from glibc's"
        diff "$work/$name/glibc/outcome" "$work/$name/hakmem/outcome" | head -5
    elif [ "$mallocs" -eq 0 ]; then
        echo "BROKEN $name: no malloc was counted: the preload was not on"
    else
        echo "ok     $name: same outcome; $mallocs mallocs in $processes processes"
        return
    fi
    broken=1
}

# Each part runs its program through `on`, which preloads the library, or nothing.
on() {
    if [ -n "$preload" ]; then
        # By name and folder: LD_PRELOAD parts its list at spaces.
        LD_LIBRARY_PATH=$(dirname "$preload") LD_PRELOAD=$(basename "$preload") "$@"
    else
        "$@"
    fi
}

pick() { # of sample and full, the argument for this run
    if [ "$size" = full ]; then echo "$2"; else echo "$1"; fi
}

part_gcc() {
    local level defines=(-DHAK_CACHE_WORDS=1) source
    for level in header/none cache/magazine metadata/flat classify/routed freelist/bitmap check/key; do
        source=${level%%/*}
        defines+=("-DHAK_${source^^}=\"factors/$level.h\"")
    done
    mkdir objects
    local sources=("$root"/src/*.c)
    for source in "${sources[@]:0:$(pick 4 100)}"; do
        on gcc -std=gnu11 -O2 -g -D_GNU_SOURCE -I"$root/src" -I"$root/probes" "${defines[@]}" "-ffile-prefix-map=$PWD=." \
            -c "$source" -o "objects/$(basename "$source" .c).o" || return 1
    done
    (cd objects && sha256sum -- *.o) > outcome
}

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

part_sqlite() {
    on sqlite3 data.db > outcome << SQL
PRAGMA synchronous = off;
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, value REAL, note TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $(pick 20000 200000))
  INSERT INTO t SELECT i, 'name ' || (i * 7919 % 10007), i * 0.5, hex(zeroblob(i % 200)) FROM n;
CREATE INDEX by_name ON t(name, value);
SELECT count(*), sum(value), sum(length(note)) FROM t;
SELECT name, count(*), max(value) FROM t GROUP BY name ORDER BY 2 DESC, 1 LIMIT 20;
SELECT group_concat(name) FROM (SELECT name FROM t WHERE id % 997 = 0);
UPDATE t SET note = note || name WHERE id % 3 = 0;
DELETE FROM t WHERE id % 5 = 0;
VACUUM;
SELECT count(*), sum(length(note)) FROM t;
PRAGMA integrity_check;
SQL
}

part_redis() {
    local socket=$PWD/socket tries=0
    on redis-server --port 0 --unixsocket "$socket" --save '' --appendonly no --io-threads 2 \
        --enable-debug-command yes > server.log 2>&1 &
    server=$!
    while ! redis-cli -s "$socket" ping > /dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -gt 100 ] && { cat server.log; kill $server; return 1; }
        sleep 0.1
    done
    on redis-benchmark -s "$socket" -q -n "$(pick 2000 100000)" -d 300 -P 16 \
        -t set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,zadd,lrange_100,mset > benchmark.log || return 1
    redis-cli -s "$socket" debug digest > outcome
    redis-cli -s "$socket" dbsize >> outcome
    redis-cli -s "$socket" shutdown nosave > /dev/null 2>&1
    wait $server
}

part_python() {
    export PYTHONMALLOC=malloc PYTHONHASHSEED=1
    on python3 "$here/work.py" "$(pick 20000 200000)" > outcome
}

part_perl() {
    PERL_HASH_SEED=0 on perl "$here/work.pl" "$(pick 20000 200000)" > outcome
}

part_sort() {
    seq 1 "$(pick 100000 1000000)" | awk '{ printf "%d %s\n", $1 * 7919 % 1000003, $1 }' > lines
    on sort --parallel=4 -S 64M lines > sorted || return 1
    on sort --parallel=4 -S 2M -T . -n -k2 lines > numeric || return 1
    sha256sum < sorted > outcome
    sha256sum < numeric >> outcome
}

part_stress() {
    on stress-ng --malloc 2 --verify -t "$(pick 2 10)" --metrics-brief > stress.log 2>&1 || { cat stress.log; return 1; }
    grep -c 'passed: 2\|successful run completed' stress.log > outcome
}

part gcc gcc
part git git
part sqlite sqlite3
part redis redis-server redis-benchmark redis-cli
part python python3
part perl perl
part sort sort seq awk
[ "$size" = full ] && part stress stress-ng
[ $ran -gt 0 ] || exit 77
exit $broken
