# SPDX-License-Identifier: MIT
"""What `hakmem-trace advise` says of Debian's programs, and whether a comparison afterwards confirms it.

Each program does some seconds of work that is made here. After the advice an independent `compare` runs with other
seeds: the program alone beside the allocator that was advised, or, where a change was said not to be worth it, beside
all of them. Confirmed is

    switch                     the allocator is better, by 2 % at least
    not worth it, no malloc    no allocator is certainly better by more than 5 %
    can't be replaced          nothing is told from the program alone

A line of the table for each program, in Markdown, for ADVICE.md. Installs nothing: programs that are missing are named
with their Debian packages.

usage: advise_programs.py [--seconds N] [--rounds N] [--only REGEX] [--build FOLDER] [--list]
exit code: 0 done, 1 something failed, 2 wrong arguments
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

WORTH, MATTERS = 1.02, 1.05  # as in analysis/commands/advise_judge.h
TEMPLATES = """#include <map>
#include <string>
#include <vector>
#include <functional>
#include <algorithm>
template <int N> struct item { std::map<std::string, std::vector<std::array<int, N + 1>>> all; };
"""


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def templates(folder):
    parts = (f"int f{n}(item<{n}> &x) {{ std::function<int(int)> g = [&](int i) {{ return i + {n}; }}; "
             f"x.all[std::to_string(g({n}))].push_back({{}}); std::sort(x.all[\"a\"].begin(), x.all[\"a\"].end()); "
             f"return (int)x.all.size(); }}\n" for n in range(12))
    return write(folder, "templates.cc", "#include <array>\n" + TEMPLATES + "".join(parts))


def records(folder):
    """A list of small objects, as JSON, one record a line."""
    source = random.Random(1)
    lines = (json.dumps({"id": n, "name": f"name {source.random()}", "tags": [str(source.randrange(99)) for _ in range(5)],
                         "where": {"x": source.random(), "y": source.random()}}) for n in range(120000))
    return write(folder, "records.json", "[" + ",\n".join(lines) + "]\n")


def words(folder, count=1500000):
    source = random.Random(2)
    return write(folder, "words", "".join(f"word{source.randrange(300000)} {source.random()}\n" for _ in range(count)))


def go_source(folder):
    return write(folder, "big.go", "package main\n" + "".join(
        f"func f{n}(a, b int) int {{ if a>b {{ return a*{n}+b }}; return f{n}(b,a) }}\n" for n in range(60000)))


def nginx(folder, port):
    write(folder, "index.html", "x" * 2000)
    configuration = write(folder, "nginx.conf", f"""worker_processes 1; pid {folder}/nginx.pid; error_log stderr;
daemon off; user root; events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; gzip on; gzip_min_length 1;
server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
""")
    return (f"nginx -p {folder} -c {configuration} & server=$!; "
            f"until ab -q -n 1 http://127.0.0.1:{port}/index.html >/dev/null 2>&1; do sleep 0.01; done; "
            f"ab -q -n 40000 -c 16 -H 'Accept-Encoding: gzip' http://127.0.0.1:{port}/index.html >/dev/null; result=$?; "
            f"kill -QUIT $server; wait $server; exit $result")


def redis(folder, port):
    client = f"-h 127.0.0.1 -p {port}"
    return (f"redis-server --port {port} --bind 127.0.0.1 --save '' --dir {folder} >/dev/null & "
            f"until redis-cli {client} ping >/dev/null 2>&1; do sleep 0.01; done; "
            f"redis-benchmark {client} -t set,lpush,hset -n 100000 -r 100000 -P 16 -q >/dev/null; result=$?; "
            f"redis-cli {client} shutdown nosave; wait; exit $result")


SQL = """CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600000)
INSERT INTO t SELECT i, 'text ' || (i * 7919 % 100003), i / 3.0 FROM n;
CREATE INDEX tb ON t(b);
SELECT count(*), sum(c) FROM (SELECT b, sum(c) AS c, group_concat(a) FROM t GROUP BY b ORDER BY 2);
"""
PERL = "my %h; for my $n (1..900000) { push @{$h{$n % 50000}}, [$n, \"text $n\"] } " \
       "my $t = 0; for my $k (keys %h) { $t += scalar @{$h{$k}} } print \"$t\\n\";"
LUA = "local t = 0 for r = 1, 12 do local l = {} for n = 1, 150000 do l[n] = {n, 'text ' .. n, {x = n}} end " \
      "t = t + #l end print(t)"
RUBY = "t = 0; 6.times { l = (1..250000).map { |n| [\"some longer text that is no part of an object #{n}\", n] }; " \
       "t += l.size }; puts t"
PYTHON = "import json, sys\nl = json.load(open(sys.argv[1]))\nd = {}\n" \
         "for _ in range(2):\n  for r in l:\n    d.setdefault(r['tags'][0], []).append(dict(r))\nprint(len(json.dumps(d)))"


def programs(folder):
    """Name, Debian package, what it needs, command; the files it works on are made here."""
    source, data, text, port = templates(folder), records(folder), words(folder), 20000 + os.getpid() % 10000
    return [
        ("g++", "g++", ["g++"], ["g++", "-O1", "-c", source, "-o", "/dev/null"]),
        ("clang", "clang", ["clang++"], ["clang++", "-O1", "-c", source, "-o", "/dev/null"]),
        ("python3", "python3", ["/usr/bin/python3"], ["/usr/bin/python3", "-c", PYTHON, data]),
        ("perl", "perl", ["perl"], ["perl", "-e", PERL]),
        ("lua", "lua5.4", ["lua5.4"], ["lua5.4", "-e", LUA]),
        ("ruby", "ruby", ["/usr/bin/ruby"], ["/usr/bin/ruby", "-e", RUBY]),
        ("jq", "jq", ["jq"], ["jq", "-c", "[.[] | {id, n: (.tags | length), x: .where.x}] | length", data]),
        ("gawk", "gawk", ["gawk"], ["gawk", "{ n[$1]++; s[$1] = s[$1] substr($2, 1, 4) } END { print length(n) }", text]),
        ("sqlite3", "sqlite3", ["sqlite3"], ["sqlite3", ":memory:", SQL]),
        ("redis", "redis-server redis-tools", ["redis-server", "redis-benchmark"], ["sh", "-c", redis(folder, port)]),
        ("nginx", "nginx-light apache2-utils", ["nginx", "ab"], ["sh", "-c", nginx(folder, port + 1)]),
        ("sort", "coreutils", ["sort"], ["sort", "-k2", "-o", "/dev/null", text]),
        ("xz", "xz-utils", ["xz"], ["sh", "-c", f"xz -1 -T1 -c {text} > /dev/null"]),
        ("gofmt", "golang-go", ["gofmt"], ["gofmt", "-l", go_source(folder)]),
    ]


def report_of(options, folder, *arguments):
    """A report of hakmem-trace, or None where it failed, which is said."""
    path = os.path.join(folder, "report.json")
    done = subprocess.run([os.path.join(options.build, "analysis/hakmem-trace"), arguments[0], "--json", path,
                           *arguments[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    print(f"advise_programs.py: {' '.join(arguments[:4])} ...: exit code {done.returncode}: "
          f"{done.stderr.strip()[-300:]}", file=sys.stderr)
    return None


def percent(value, low, high):
    return f"{100 * (value - 1):+.1f} % [{100 * (low - 1):.1f}, {100 * (high - 1):.1f}]"


def is_confirmed(verdict, rows, control):
    if verdict == "switch":
        return rows[0]["verdict"] == "better" and rows[0]["ratio"] >= WORTH
    bound = max(1, control["ci_high"])
    if verdict == "fixed":
        return all(row["verdict"] == "tie" for row in rows)
    return not any(row["ci_low"] > bound and row["ratio"] > MATTERS for row in rows)


def line_of(name, advice, compared):
    share, best, verdict = advice["malloc_share"], advice["best"], advice["verdict"]
    rows = [row for row in compared["allocators"][2:] if row["ci_low"] is not None]
    names = {row["library"]: row["name"] for row in advice["tried"]}
    again = max(rows, key=lambda row: row["ratio"], default=None)
    cells = [name, f"{100 * share['value']:.1f} % [{100 * share['ci_low']:.1f}, {100 * share['ci_high']:.1f}]" if share else "-",
             ", ".join(row["name"] for row in advice["allocators"]) or "-",
             f"switch to {best['name']}" if verdict == "switch" else verdict]
    estimates = [best[key] for key in ("faster", "memory")] if best and best["faster"] else []
    cells += [percent(of["value"], of["ci_low"], of["ci_high"]) for of in estimates] or ["-", "-"]
    cells.append(f"{names[again['library']]} {percent(again['ratio'], again['ci_low'], again['ci_high'])}" if again else "-")
    decides = verdict in ("switch", "not worth", "no malloc", "fixed") and rows
    cells.append("-" if not decides else
                 "yes" if is_confirmed(verdict, rows, compared["allocators"][1]) else "no")
    return "| " + " | ".join(cells) + " |"


def judge(options, folder, name, command):
    """True where there is a line for it, which is printed."""
    advice = report_of(options, folder, "advise", "--seconds", str(options.seconds), "--output", "/dev/null", "--", *command)
    if not advice:
        return False
    tried = [row["library"] for row in advice["tried"] if not row["failure"]]
    if advice["verdict"] == "switch":
        tried = [advice["best"]["library"]]
    compared = report_of(options, folder, "compare", "--seed", "7", "--rounds", str(options.rounds),
                         "--with", ",".join(["own", *tried]), "--", *command)
    if compared:
        print(line_of(name, advice, compared), flush=True)
    return bool(compared)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=120, help="of advise for each program (120)")
    parser.add_argument("--rounds", type=int, default=15, help="of the comparison afterwards (15; 6 at least)")
    parser.add_argument("--only", type=re.compile, default=re.compile(""), help="programs whose names match")
    parser.add_argument("--build", default="build", help="folder of the build (build)")
    parser.add_argument("--list", action="store_true", help="print the commands, run none")
    return parser.parse_args()


def main():
    options, done = parse(), True
    with tempfile.TemporaryDirectory() as folder:
        chosen = [row for row in programs(folder) if options.only.search(row[0])]
        if not options.list:
            print("| program | malloc | its malloc | advice | faster by | memory | compared again, the best | confirmed |\n"
                  "|---|---|---|---|---|---|---|---|", flush=True)
        for name, package, needs, command in chosen:
            if options.list:
                print(name + ":", *command)
            elif all(shutil.which(need) for need in needs):
                done = judge(options, folder, name, command) and done
            else:
                print(f"advise_programs.py: {name} is missing: apt install {package}", file=sys.stderr)
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
