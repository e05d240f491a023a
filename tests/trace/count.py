# SPDX-License-Identifier: MIT
"""Counting is exact: an allocator of known instructions, libhakmem by its golden counts, whatever
signals, threads and children do meanwhile; and the same twice.

usage: count.py PROGRAM ALLOCATOR RANDOM_MIXED LIBHAKMEM FAST_PATH [CXX_PROGRAM]
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail

PROGRAM = os.path.realpath(sys.argv[1])
_, ALLOCATOR, RANDOM_MIXED, LIBHAKMEM, FAST_PATH, *CXX_PROGRAM = sys.argv[1:]
KINDS = ("malloc", "calloc", "realloc", "aligned", "free")
EFFECTS = ("instructions", "loads", "stores", "branches")
# By the comments of counted_allocator.S.
KNOWN = {
    ("malloc", "fast"): (7, 2, 1, 1), ("malloc", "big_malloc"): (14, 3, 2, 1), ("calloc", "fast"): (12, 2, 2, 0),
    ("realloc", "fast"): (14, 3, 2, 1), ("free", "note"): (9, 3, 2, 2),
    ("aligned", "malloc"): (21, 5, 4, 1),
}
SKIP, CALLS = 120, 800  # rounds of eight calls


class Count:
    def __init__(self, *command, options=(), expect=0, limits=""):
        with tempfile.TemporaryDirectory() as folder:
            path, temporary = os.path.join(folder, "json"), os.path.join(folder, "temporary")
            os.mkdir(temporary)
            whole = [TOOL, "count", "--json", path, *options, "--", *command]
            if limits:
                whole = ["bash", "-c", limits + '; exec "$@"', "bash", *whole]
            done = subprocess.run(whole, env=dict(os.environ, TMPDIR=temporary, MALLOC_PERTURB_="0"),
                                  capture_output=True, text=True, timeout=60, check=False)
            self.stdout, self.stderr = done.stdout, done.stderr
            if done.returncode != expect:
                fail(f"{command}: exit status {done.returncode} instead of {expect}: {self.stderr}")
            self.json = None
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    self.json = json.load(file)
            if os.listdir(temporary):
                fail("something is left behind")

    def paths(self):
        return {(path["kind"], path["name"]): path for path in self.json["paths"]}

    def effects(self, of):
        """As many as are known: without capstone the instructions alone."""
        return tuple(of[effect] for effect in EFFECTS if of[effect] is not None)

    def check_sums(self):
        for kind in KINDS:
            whole = next(row for row in self.json["kinds"] if row["name"] == kind)
            paths = [path for path in self.json["paths"] if path["kind"] == kind]
            check_sum = [self.effects(row) for row in paths]
            by_source = [self.effects(source[kind]) for source in self.json["sources"]]
            none = (0,) * len(self.effects(whole))
            for rows in check_sum, by_source:
                if tuple(map(sum, zip(*rows or [none]))) != self.effects(whole):
                    fail(f"{kind}: the parts are not the whole")
            if sum(path["calls"] for path in paths) != whole["calls"]:
                fail(f"{kind}: calls")
        check(True, "paths and sources add up")


def known(mode, *, calls=CALLS, expect=0, exact_calls=True, **more):
    count = Count(PROGRAM, mode, "200", expect=expect, **more,
                  options=["--with", ALLOCATOR, "--skip", str(SKIP), "--calls", str(calls)])
    paths = count.paths()
    for key, each in KNOWN.items():
        path = paths[key]
        if {path["min"], path["median"], path["p90"], path["p99"], path["max"]} != {each[0]}:
            fail(f"{mode}: {key}: {path}")
        for got, effect in zip(count.effects(path), each):
            if got != effect * path["calls"]:
                fail(f"{mode}: {key}: {got} of {effect} each")
        if exact_calls and path["calls"] not in (calls // 8, 2 * calls // 8):
            fail(f"{mode}: {path['calls']} calls of {key}")
    check(True, f"{mode}: every instruction of every call")
    count.check_sums()
    return count


def exactness():
    count = known("rounds")
    if count.paths()["malloc", "fast"]["loads"] is not None:
        chains = {key: (path["dependent_loads_min"], path["dependent_loads_max"])
                  for key, path in count.paths().items() if key in KNOWN and key[0] != "aligned"}
        check(set(chains.values()) == {(1, 1)}, f"no load needs another one: {chains}")
        check(re.search(r"\n    malloc 1 \((fast|big_malloc)\); free 1 \(note\)\n", count.stderr),
              "the text has the longest chains")
    big = count.paths()["malloc", "big_malloc"]
    check(count.json["calls"] == CALLS and count.json["stopped"] is None and not count.json["notes"][1:],
          "as many calls as asked for")
    check((big["bytes_min"], big["bytes_max"]) == (5000, 5000), "sizes")
    check("\n  all                 10.50" in count.stderr, "the text has the same")
    # Half of the calls of malloc take 7 instructions and half 14.
    malloc = next(row for row in count.json["kinds"] if row["name"] == "malloc")
    check([malloc[key] for key in ("min", "median", "p90", "p99", "max")] == [7, 7, 14, 14, 14], "all calls of a kind")
    check(re.search(r"\n  malloc +\d+ 100\.00 % +7 +7 +14 +14 +14  all paths\n", count.stderr), "in the text too")
    check(known("clock", calls=8 * 400, exact_calls=False).stdout == "stands\n", "the clock stands still")
    check(known("fork").stdout == "0\n", "a child of fork goes on unstepped")
    fast = known("thread", exact_calls=False).paths()["malloc", "fast"]
    check((fast["bytes_min"], fast["bytes_max"]) == (1000, 1000), "one thread alone")
    check(int(known("signals").stdout) > 0, "signal handlers run, and are not counted")


def ends():
    count = known("handle_between", exact_calls=False)
    check(count.stdout == "1\n" and "handles SIGTRAP itself" in count.json["stopped"], "it keeps its handler")
    count = known("block_between", exact_calls=False)
    check("blocks SIGTRAP" in count.json["stopped"], "a blocked SIGTRAP does not kill it")
    for mode, status in ("killed_between", 137), ("trapped_between", 133):
        count = known(mode, exact_calls=False, expect=status)
        check(count.json["calls"] == 800 - SKIP and count.json["stopped"] == "the program ended before"
              and count.json["signal"] == status - 128, "what was counted until then")
    options = ["--with", ALLOCATOR, "--skip", "100"]
    count = Count(PROGRAM, "handle_before", "200", options=options, expect=125)
    check(count.stdout == "1\n" and "handles SIGTRAP itself" in count.stderr and not count.json, "not counted")
    count = Count(PROGRAM, "rounds", "10", options=options, expect=125)
    check("no thread made more than 100 calls" in count.stderr and not count.json, "fewer calls than skipped")
    count = Count(PROGRAM, "rounds", "200", options=options, expect=125, limits="ulimit -f 3000")
    check("nothing was counted: File too large" in count.stderr, "without room the program goes on")


def which_process():
    script = f"{PROGRAM} rounds 100; cp {PROGRAM} $TMPDIR/other; $TMPDIR/other rounds 50; rm $TMPDIR/other"
    options = ["--with", ALLOCATOR, "--skip", "100"]
    count = Count("sh", "-c", script, options=options)
    check(count.json["program"] == PROGRAM and count.json["calls"] == 700, "the first one")
    count = Count("sh", "-c", script, options=[*options, "--process", "other"])
    check(count.json["program"].endswith("/other") and count.json["calls"] == 300, "the one of that name")


def golden():
    lines = subprocess.run(["bash", FAST_PATH, LIBHAKMEM], capture_output=True, text=True, check=False).stdout
    count = Count(RANDOM_MIXED, "200000", "400", "1", options=["--skip", "10000", "--calls", "1500"])
    for row in count.json["paths"] + count.json["kinds"]:
        spread = [row[key] for key in ("min", "median", "p90", "p99", "max")]
        if row["calls"] and sorted(spread) != spread:
            fail(f"a distribution out of order: {row}")
    count.check_sums()
    check({"header", "cache", "metadata", "classify", "freelist", "check"} <=
          {source["name"] for source in count.json["sources"] if source["group"] == "factor"}, "factors")
    for kind in "malloc", "free":
        fast, line = count.paths().get((kind, "fast")), re.search(kind + r": (\d+) \D+ (\d+) \D+ (\d+) \D+ (\d+)", lines)
        if not fast or not line:  # no objdump, or a hard mode
            continue
        wanted = [fast["calls"] * int(number) for number in line.groups()]
        check(list(count.effects(fast)) == wanted[:len(count.effects(fast))] and fast["min"] == fast["max"],
              f"the fast path of {kind} is what its machine code says: {line.group(0)}")


def twice(name, *command, options):
    first, second = (Count(*command, options=["--with", name, *options]).json for _ in range(2))
    first.pop("pid"), second.pop("pid")
    check(first == second, f"{name}: the same twice")
    return first


def exceptions():
    """bad_alloc leaves a stepped call by another way than it came."""
    for program in CXX_PROGRAM:
        Count(program, options=["--skip", "600", "--calls", "40"])
        check(True, "exceptions pass through")


exactness()
ends()
which_process()
golden()
twice("hakmem", RANDOM_MIXED, "200000", "400", "1", options=["--calls", "700"])
report = twice("glibc", RANDOM_MIXED, "200000", "400", "1", options=["--calls", "700"])
check(report["library"] is None and report["sources"][0]["group"] != "elsewhere", "glibc's malloc is told apart")
exceptions()
sys.exit(0)
