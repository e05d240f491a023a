# SPDX-License-Identifier: MIT
"""hakmem-trace compare --suite: known ratios give known means; failures and skips are named.

usage: compare_suite.py PROGRAM SAME DOUBLE: of the libraries only the names matter here: the
suite's programs print their figures by what LD_PRELOAD names.
"""

import json
import math
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail

SAME, DOUBLE = sys.argv[2:4]
SUITE_KEYS = {"schema", "kind", "file", "metric", "better", "rounds", "interrupted", "seed", "core",
              "elapsed_s", "geometric_means", "workloads", "notes"}
MEAN_KEYS = {"name", "library", "control", "speed", "memory", "of_floor"}
WORKLOAD_KEYS = {"name", "skipped", "fastest", "leanest", "comparison"}
SUITE = """# a comment, and an empty line

equal    program 100 100 400
twice    program 100 200 400   # and after a line
half\tprogram 100 50 400
"""
# program GLIBC DOUBLE FLOOR: the figure under each; 0 fails.
PROGRAM = """#!/bin/sh
case $LD_PRELOAD in *floor*) figure=$3;; *double*) figure=$2;; *) figure=$1;; esac
[ "$figure" != 0 ] || { echo "libfloor: its blocks don't fit"; exit 3; }
echo "warm-up: 7 M ops/s"
echo "work: $figure M ops/s  0.1 s  RSS 1.0 MB  then 40.0 MB of which 20.0 MB live"
"""


def make(folder, suite, floor=True):
    for name, text in ("program", PROGRAM), ("suite.txt", suite):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    os.chmod(os.path.join(folder, "program"), 0o755)
    if floor:
        shutil.copy(SAME, os.path.join(folder, "libfloor.so"))


def run(*options, suite=SUITE, expect=0, rounds=6, with_list=None, floor=True):
    # A library under such a name is preloaded by way of a link, which the program can't know.
    suffix = "" if "--floor" in options else " a:b"
    with tempfile.TemporaryDirectory(suffix=suffix) as folder:
        make(folder, suite, floor)
        path = os.path.join(folder, "json")
        done = subprocess.run(
            [TOOL, "compare", "--suite", "--json", path, "--rounds", str(rounds), "--with",
             with_list or f"glibc,{DOUBLE}", *options], env=dict(os.environ, HAKMEM_BENCH=folder),
            capture_output=True, text=True, timeout=60, check=False)
        check(done.returncode == expect, f"exit code {done.returncode}: {done.stderr}")
        if expect == 2:
            check(done.stderr.count("\n") == 1 and not done.stdout, "one line on stderr alone")
            return None, done.stderr.replace(folder, "FOLDER")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    return report, done.stdout


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-9)


def column(text, row):
    line = next(line for line in text.splitlines() if line.startswith(row))
    return line[len(row):].split()


def known_means():
    report, text = run()
    check(set(report) == SUITE_KEYS and report["kind"] == "compare suite", "the documented keys")
    check([w["name"] for w in report["workloads"]] == ["equal", "twice", "half"], "every workload")
    check(all(set(w) == WORKLOAD_KEYS for w in report["workloads"]), "the keys of a workload")
    first, control, double = report["geometric_means"]
    check(all(set(row) == MEAN_KEYS for row in report["geometric_means"]), "the keys of the means")
    check(control["control"] and not double["control"], "the control is told")
    speed = double["speed"]
    check(near(speed["mean"], 1) and speed["workloads"] == 3, "1, 2 and 0.5 come to 1")
    check(near(speed["ci_low"], 1) and near(speed["ci_high"], 1), "with no spread")
    check(first["speed"]["mean"] == 1 and control["speed"]["mean"] == 1, "the first is 1")
    check(double["of_floor"]["mean"] is None, "no floor was asked for")
    rows = [w["comparison"]["allocators"] for w in report["workloads"]]
    check([row[2]["ratio"] for row in rows] == [1, 2, 0.5], "the ratios of each")
    check([row[2]["verdict"] for row in rows] == ["tie", "better", "worse"], "and the verdicts")
    check([w["fastest"] for w in report["workloads"]][1:] == [os.path.basename(DOUBLE), "glibc"],
          "the fastest is named")
    runs = rows[1][2]["runs"]
    check(near(runs[0]["resident_kb"] * 1024, 40e6) and near(runs[0]["live_kb"] * 1024, 20e6),
          "what a workload tells of its memory")
    orders = [[[(r["position"], r["padding"]) for r in a["runs"]] for a in row] for row in rows]
    check(orders[0] != orders[1] != orders[2], "another order in each")
    memory = [statistics.median(
        own["max_rss_kb"] / other["max_rss_kb"]
        for own, other in zip(row[2]["runs"], row[0]["runs"])) for row in rows]
    check(near(double["memory"]["mean"], statistics.geometric_mean(memory)), "the mean of memory")
    check(column(text, "twice") == ["100.00", "1.000", "2.000*"], "the table: the best is marked")
    check(column(text, "half") == ["100.00", "1.000*", "0.500"], "and in another row")
    check(re.search(r"^equal +100.00 +1.000\* +1.000=$", text, re.M), "a tie is marked")
    check(column(text, "geometric mean") == ["1.000", "1.000"], "the mean stands below")
    check(column(text, "  then, of live")[1:] == ["2.000", "2.000"], "resident by live")
    check("glibc is below 0.97 of the best in: twice (0.500 of compared_double)\n" in text,
          "the losses are named")
    check(column(text, "speed") == ["figure", "glibc", "compared_double"], "short names")


def floor_share():
    report, text = run("--floor")
    first, _, double, floor = report["geometric_means"]
    rows = [w["comparison"]["allocators"] for w in report["workloads"]]
    check([row[0]["of_floor"] for row in rows] == [0.25] * 3, "100 of 400 is a quarter")
    check([row[2]["of_floor"] for row in rows] == [0.25, 0.5, 0.125], "and of the other")
    check(rows[1][2]["of_floor_low"] == rows[1][2]["of_floor_high"] == 0.5, "with its interval")
    check(floor["name"] == "floor" and near(floor["speed"]["mean"], 4), "a column of its own")
    check(near(first["of_floor"]["mean"], 0.25) and near(double["of_floor"]["mean"], 0.25), "means")
    check(column(text, "mean of floor") == ["0.250", "0.250", "1.000"], "printed too")
    check(all(w["fastest"] != "floor" for w in report["workloads"]), "the floor does not compete")
    report, text = run("--floor", suite=SUITE + "broad program 100 100 0\n")
    broad = report["workloads"][3]["comparison"]["allocators"][3]
    check(broad["failure"] == "exit code 3 in round 1", "a program that is not for the floor")
    check(column(text, "broad")[-1] == "-" and "failed" not in text, "is no failure")
    check(report["geometric_means"][3]["speed"]["workloads"] == 3, "the mean is over the others")


def one_command_on_the_floor():
    with tempfile.TemporaryDirectory() as folder:
        make(folder, "")
        for floor, shown in ("400", "glibc             0.250  [ 0.250,  0.250]"), \
                ("0", "floor          can't run it: its blocks don't fit"):
            done = subprocess.run(
                [TOOL, "compare", "--floor", "--with", "glibc", "--rounds", "6", "--metric",
                 "([0-9.]+) M ops/s", "--", os.path.join(folder, "program"), "100", "1", floor],
                env=dict(os.environ, HAKMEM_BENCH=folder), capture_output=True, text=True,
                timeout=60, check=False)
            check(done.returncode == 0, f"exit code {done.returncode}: {done.stderr}")
            check(shown in done.stdout.splitlines(), f"the floor at {floor}: {done.stdout}")


def one_fails():
    report, text = run(suite=SUITE + "bad program 100 0 400\n", expect=1)
    check(column(text, "bad") == ["100.00", "1.000*", "failed"], "the table says so")
    means = [row["speed"]["workloads"] for row in report["geometric_means"]]
    check(means == [4, 4, 3], "and how many are in the mean")
    check(column(text, "  workloads in it") == ["4", "3"], "and prints it")
    check("note: bad failed under libcompared_double.so: exit code 3 in round 1" in text, "why")
    _, text = run("--details", suite="bad program 100 0 400\n", expect=1)
    check("its last output" in text and "stdev" in text, "details: each workload's own report")


def skipped_and_picked():
    report, text = run("--only", "^(half|trace)$", suite=SUITE + "trace program @no/trace 1 1\n")
    check([w["name"] for w in report["workloads"]] == ["half", "trace"], "--only picks")
    check(report["workloads"][1]["skipped"] == "no/trace: No such file or directory", "skipped")
    check(report["workloads"][1]["comparison"] is None, "and not run")
    check("note: trace is skipped: no/trace: No such file" in text, "with a note")


def width():
    for count, narrow in (6, True), (9, False):
        names = ",".join(["glibc"] + [DOUBLE] * (count - 1))
        _, text = run(rounds=1, suite="only program 100 100 1\n", with_list=names)
        table = [line for line in text.splitlines() if not line.startswith("hakmem-trace compare")]
        check(all(len(line) <= 80 for line in table) == narrow, f"{count} allocators in 80 columns")


def bad_files():
    for suite, said in (
            ("", "suite.txt: no workload"),
            (SUITE + "alone\n", "suite.txt:6: alone: the program is missing"),
            (SUITE + "half program 1 1\n", "suite.txt:6: half: this name was there before"),
            ("a nosuch 1\n", "suite.txt:1: FOLDER/nosuch: No such file or directory"),
            ("# \na suite.txt\n", "suite.txt:2: FOLDER/suite.txt: Permission denied"),
            ("a/b program\n", "suite.txt:1: a/b: a name has letters"),
            ("a234567890123456789 program\n", "suite.txt:1: a234567890123456789: a name of more"),
            ("a program" + " 1" * 64, "suite.txt:1: more than 64 words"),
            ("a pro\0gram\n", "suite.txt:1: not text")):
        _, error = run(suite=suite, expect=2)
        check(said in error, f"{said!r} in {error!r}")
    _, error = run("--only", "nothing", expect=2)
    check("no workload whose name matches --only" in error, "--only that picks nothing")
    _, error = run("--suite=/nosuch/suite.txt", expect=2)
    check("/nosuch/suite.txt: No such file" in error and "HAKMEM_BENCH" in error, "no such file")
    _, error = run("--floor", floor=False, expect=2)
    check("libfloor.so" in error and "HAKMEM_BENCH" in error, "no floor")


def interrupted():
    with tempfile.TemporaryDirectory() as folder:
        make(folder, "first program 100 200 1\nlater slow\nnever slow\n")
        mark, path = os.path.join(folder, "mark"), os.path.join(folder, "json")
        with open(os.path.join(folder, "slow"), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n'{folder}/program' 100 800 1; echo >> '{mark}'\n"
                       f"[ $(wc -l < '{mark}') -lt 8 ] || exec sleep 60\n")
        os.chmod(file.name, 0o755)

        def is_third_round():
            return os.path.exists(mark) and os.path.getsize(mark) == 8
        with subprocess.Popen(
                [TOOL, "compare", "--suite", "--rounds", "6", "--with", f"glibc,{DOUBLE}", "--json",
                 path], env=dict(os.environ, HAKMEM_BENCH=folder), stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True) as tool:
            deadline = time.monotonic() + 20
            while not is_third_round():
                if time.monotonic() > deadline:
                    fail("the second workload never came so far")
                time.sleep(0.02)
            tool.send_signal(signal.SIGINT)
            text, errors = tool.communicate(timeout=20)
        check(tool.returncode == 130, f"exit code {tool.returncode}: {errors}")
        check("1 workloads of 3: interrupted" in text, "it says so")
        check(column(text, "later") == ["100.00", "1.000", "8.000*"], "what was begun is printed")
        check(column(text, "first") == ["100.00", "1.000", "2.000*"], "what was done is printed")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        check(report["interrupted"] and report["workloads"][2]["comparison"] is None, "JSON too")
        speed = report["geometric_means"][2]["speed"]
        check(near(speed["mean"], 2) and near(speed["ci_low"], 2), "with the means of it")
        check("note: later was cut short in round 3 of 6" in text, "and what was cut short")


known_means()
floor_share()
one_command_on_the_floor()
one_fails()
skipped_and_picked()
width()
bad_files()
interrupted()
