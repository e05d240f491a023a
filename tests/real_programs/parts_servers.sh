# SPDX-License-Identifier: MIT
# Servers under load, and databases. Sourced by real_programs.sh.

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

write_nginx_conf() { # port
    cat > nginx.conf << CONF
daemon off; worker_processes 2; pid $PWD/pid; error_log $PWD/error.log; $([ "$(id -u)" = 0 ] && echo 'user root;')
events { worker_connections 256; }
http { access_log off; gzip on; gzip_min_length 1; gzip_types *; client_body_temp_path $PWD/body; proxy_temp_path $PWD/proxy;
  fastcgi_temp_path $PWD/fastcgi; uwsgi_temp_path $PWD/uwsgi; scgi_temp_path $PWD/scgi;
  server { listen 127.0.0.1:$1; root $PWD/pages; autoindex on; location /again/ { proxy_pass http://127.0.0.1:$1/; } } }
CONF
}

# Compressed pages, a listing, and one that the server fetches from itself.
part_nginx() {
    local port page tries=0
    mkdir pages
    seq 1 20000 > pages/numbers
    while :; do
        port=$((20000 + RANDOM % 20000))
        write_nginx_conf "$port"
        on nginx -p "$PWD" -e error.log -c nginx.conf > server.log 2>&1 &
        server=$!
        sleep 0.3
        ab -q -n 1 "http://127.0.0.1:$port/numbers" > /dev/null 2>&1 && break
        [ ! -s pid ] || kill "$(cat pid)"
        wait $server
        tries=$((tries + 1))
        [ $tries -lt 5 ] || { cat server.log error.log; return 1; }
    done
    for page in numbers / again/numbers; do
        on ab -q -n "$(pick 300 10000)" -c 8 -H 'Accept-Encoding: gzip' "http://127.0.0.1:$port/${page#/}" > load || return 1
        grep -E '^(Document Path|Complete requests|Failed requests|HTML transferred)' load >> outcome
    done
    kill -QUIT "$(cat pid)" # $server is the shell's own child, which started it
    wait $server
}
