# SPDX-License-Identifier: MIT
"""bench/results_tables.py: known figures give known cells and losses; no path, no traceback.

usage: results_tables.py SCRIPT
"""

import json
import os
import subprocess
import sys
import tempfile

from hakmem_trace import check

SCRIPT = sys.argv[1]


def allocator(name, verdict, figures, ratio, memory, failure=None, live=None):
    """ratio: with its interval; memory: MiB; live: KiB, of which all is in memory."""
    runs = [{"figure": f, "wall_s": 0.5, "max_rss_kb": memory * 1024, "live_kb": live,
             "resident_kb": live and memory * 1024} for f in figures]
    value, low, high = ratio or (None, None, None)
    return {"name": name, "verdict": verdict, "failure": failure, "runs": runs,
            "compared": {"median": sorted(figures)[1] if ratio else None},
            "ratio": value, "ci_low": low, "ci_high": high,
            "max_rss_kb": memory * 1024 if ratio else None, "memory_ratio": memory / 4 if ratio else None,
            "resident_kb": live and memory * 1024, "live_kb": live}


def workload(name, allocators):
    comparison = {"rounds_done": 3, "interrupted": False, "others_cores": 0.01, "stolen_cores": None,
                  "floor": None, "allocators": allocators}
    return {"name": name, "skipped": None, "comparison": comparison}


def mean(name, speed, memory, count=2):
    return {"name": name, "speed": dict(zip(("mean", "ci_low", "ci_high"), speed), workloads=count),
            "memory": {"mean": memory, "ci_low": None, "ci_high": None, "workloads": count}}


def suite():
    first = ([100.5, 99, 102], (1, 1, 1))
    both = [
        workload("plain_one", [
            allocator("hakmem", "first", *first, 4, live=2048),
            allocator("hakmem", "control", *first, 4, live=2048),
            allocator("glibc", "worse", [3, 3, 3], (0.03149, 0.031, 0.0325), 2, live=2048),
            allocator("/tmp/p/other.so", "better", [125, 125, 125], (1.25, 1.2, 1.3), 16, live=2048)]),
        workload("hard_one", [
            allocator("hakmem", "first", *first, 4), allocator("hakmem", "control", *first, 4),
            allocator("glibc", "tie", [200, 200, 200], (2, 1, 4), 3.5),
            allocator("/tmp/p/other.so", "unknown", [], None, 0, "a|b *c*\n/tmp/p/other.so: in round 1")])]
    return {"schema": "hakmem-trace/1", "kind": "compare suite", "file": "/tmp/p/suite.txt",
            "metric": "([0-9.]+) M ops/s", "rounds": 3, "seed": 7, "core": None, "interrupted": False,
            "elapsed_s": 12.34, "notes": ["3 rounds tell no interval"], "workloads": both,
            "geometric_means": [mean("hakmem", (1, 1, 1), 1), mean("hakmem", (1, 1, 1), 1),
                                mean("glibc", (0.2509, 0.2, 0.3), 0.661),
                                mean("/tmp/p/other.so", (1.25, None, None), 4, 1)]}


def run(report, *options, expect=0):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(report if isinstance(report, str) else json.dumps(report))
        done = subprocess.run([sys.executable, SCRIPT, path, *options], capture_output=True, text=True,
                              timeout=20, check=False)
    check(done.returncode == expect, f"exit code {done.returncode}: {done.stderr}")
    if expect:
        check(done.stderr.count("\n") == 1 and not done.stdout, "one line on stderr alone")
        return done.stderr
    return done.stdout.splitlines()


def part(lines, start):
    """The lines from that heading to the next."""
    rest = lines[lines.index(start) + 1:]
    return rest[:next((i for i, line in enumerate(rest) if line.startswith("### ")), len(rest))]


def tables(lines):
    speed, memory = part(lines, "### Speed"), part(lines, "### Memory (max RSS)")
    check("| workload | hakmem, M ops/s | glibc | other |" in speed, "short names, no control")
    check("| plain_one | 100.5 | 0.031 [0.031, 0.033] | **1.25 [1.20, 1.30]** |" in speed, "the best is bold")
    check("| hard_one | 100.5 | **2.00 [1.00, 4.00]** | failed |" in speed, "a failure is a cell")
    check("| geometric mean |  | 0.25 [0.20, 0.30] | 1.25 (1 workloads) |" in speed, "the means")
    check("| plain_one | 4.000 | **0.50** | 4.00 |" in memory, "the least memory is bold")
    check("| hard_one | 4.000 | **0.88** | failed |" in memory, "memory of one that failed")
    check("| plain_one | 2.000 | 2.00 | 1.00 | 8.00 |" in memory, "resident by live")
    check(not any(line.startswith("| hard_one | 2") for line in memory), "only where it is told")


def losses(lines):
    check([line for line in part(lines, "### Losses") if line] == [
        "hakmem is below 0.97 of the best speed in:",
        "- hard_one: 0.500 of glibc [0.250, 1.000], a tie",
        "- plain_one: 0.800 of other [0.769, 0.833]",
        "hakmem takes more than 1.3 times the least memory in:",
        "- plain_one: 2.000 of glibc"], "the losses, the worst first")


def rest(lines):
    check(lines[0] == "2 workloads of suite.txt, 3 rounds, seed 7, any core, 12.3 seconds in all.", "what was run")
    check("- 3 rounds tell no interval" in lines, "the file's notes")
    check(r"- hard_one failed under other: a\|b \*c\*?other.so: in round 1" in lines, "a failure is escaped")
    raw = part(lines, "### Raw rows")
    check("plain_one,hakmem (control),100.5 99 102,4096 4096 4096,4096 4096 4096,2048 2048 2048" in raw, "runs")
    check("hard_one,other,failed,,," in raw, "no runs")
    check(not any("/tmp" in line for line in lines), "no path")


def names():
    lines = run(suite(), "--name", "other=a|b, 2.4", "--name", "glibc=GNU")
    check(r"| workload | hakmem, M ops/s | GNU | a\|b, 2.4 |" in lines, "names are replaced")
    check('hard_one,"a|b, 2.4",failed,,,' in lines, "and quoted in CSV")
    twice = suite()
    twice["geometric_means"][2]["name"] = "/tmp/q/hakmem.so"
    check("| workload | hakmem, M ops/s | hakmem#2 | other |" in run(twice), "two of one name are told apart")


def first_is_best():
    report = suite()
    report["workloads"][1] = {"name": "trace", "skipped": "traces/x.trace: No such file", "comparison": None}
    rows = report["workloads"][0]["comparison"]["allocators"]
    rows[3].update(ratio=0.98, memory_ratio=1)
    rows[2].update(ratio=0.5, memory_ratio=0.8)
    lines = run(report)
    check(any(line.startswith("| plain_one | **100.5** |") for line in lines), "its figure is bold")
    check("hakmem is nowhere below 0.97 of the best speed." in lines, "no loss of speed")
    check("hakmem nowhere takes more than 1.3 times the least memory." in lines, "nor of memory")
    check("- trace is skipped: traces/x.trace: No such file" in lines, "a skip is told")
    check(lines[0].startswith("1 workloads of"), "and not counted")


def disturbed_and_cut_short():
    report = dict(suite(), interrupted=True, metric=None, core=1)
    report["workloads"][1]["comparison"].update(interrupted=True, rounds_done=2, stolen_cores=0.25)
    lines = run(report)
    check(lines[0].startswith("1 workloads of 2 (interrupted) of suite.txt, 3 rounds, seed 7, core 1,"), "cut short")
    check("- hard_one was cut short after 2 rounds" in lines, "and where")
    check("- disturbed: others kept up to 0.25 cores busy, in 1 workloads" in lines, "disturbed")
    check("| workload | hakmem, wall seconds | glibc | other |" in lines, "no figure but the clock's")
    check("workload,allocator,wall_s,max_rss_kb,resident_kb,live_kb" in lines, "in the raw rows too")


def floor():
    report = suite()
    report["geometric_means"].append(mean("floor", (4, None, None), 0.1, 1))
    both = [w["comparison"] for w in report["workloads"]]
    both[0]["allocators"].append(allocator("floor", "better", [400] * 3, (4, 4, 4), 1, live=2048))
    both[1]["allocators"].append(allocator("floor", "unknown", [], None, 0, "not for the floor"))
    for comparison in both:
        comparison["floor"] = "floor"
    lines = run(report)
    speed = part(lines, "### Speed")
    check("| plain_one | 100.5 | 0.031 [0.031, 0.033] | **1.25 [1.20, 1.30]** | 4.00 [4.00, 4.00] |" in speed,
          "the floor does not compete")
    check("| hard_one | 100.5 | **2.00 [1.00, 4.00]** | failed | - |" in speed, "nor fail")
    check(not any("failed under floor" in line for line in lines), "and is not named")
    losses(lines)


def bad_input():
    check("not what hakmem-trace compare --suite" in run("no JSON", expect=1), "no JSON")
    for key in suite():
        broken = suite()
        del broken[key]
        check(f"no '{key}'" in run(broken, expect=1), f"without {key}")
    check("its kind is compare sweep" in run(dict(suite(), kind="compare sweep"), expect=1), "another kind")
    broken = suite()
    del broken["workloads"][1]["comparison"]["allocators"][3]
    check("other allocators" in run(broken, expect=1), "an allocator is missing")
    broken["workloads"][1]["comparison"]["allocators"].append({"name": 5})
    run(broken, expect=1)
    run("[" * 100000, expect=1)
    check("no allocator othr" in run(suite(), "--name", "othr=x", expect=2), "no such name")
    check("two allocators of one name" in run(suite(), "--name", "other=glibc", expect=2), "a name twice")
    check("is not SHORT=NAME" in run(suite(), "--name", "other", expect=2), "no name")
    check("unrecognized arguments" in run(suite(), "second", expect=2), "one argument too many")
    done = subprocess.run([sys.executable, SCRIPT, "/nosuch"], capture_output=True, text=True, timeout=20,
                          check=False)
    check((done.returncode, done.stderr) == (1, "results_tables.py: /nosuch: No such file or directory\n"),
          "no such file")


known = run(suite())
tables(known)
losses(known)
rest(known)
names()
first_is_best()
disturbed_and_cut_short()
floor()
bad_input()
