# SPDX-License-Identifier: MIT
"""hakmem-trace compare --sweep: every value gets its turn, figures and growth come out as they are.

usage: compare_sweep.py SAME: a library that changes nothing.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail

SAME = sys.argv[1]
KEYS = {"schema", "kind", "command", "name", "cost", "rounds", "interrupted", "seed", "core",
        "elapsed_s", "points", "notes"}
METRIC = ("--metric", "([0-9.]+) M ops/s")


def sweep(values, script, *options, expect=0, rounds=6):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        done = subprocess.run(
            [TOOL, "compare", "--sweep", values, "--with", f"glibc,{SAME}", "--rounds", str(rounds),
             "--json", path, *options, "--", "sh", "-c", script], capture_output=True, text=True,
            timeout=40, check=False, env=dict(os.environ, LC_ALL="C"))
        check(done.returncode == expect, f"exit code {done.returncode}: {done.stderr}")
        check(not done.stderr, "nothing on standard error")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("hakmem-trace")]
    check(all(len(line) <= 80 for line in lines), "it stays within 80 columns")
    return report, done.stdout


def ops_per_second():
    report, text = sweep("n=1,2,...,8", "echo work {n}: {n} M ops/s", *METRIC)
    points = report["points"]
    check(set(report) == KEYS and report["kind"] == "compare sweep", "the documented keys")
    check((report["name"], report["cost"]) == ("n", "ns per operation"), "what grows, and the cost")
    check([point["value"] for point in points] == [1, 2, 4, 8], "the progression")
    for point in points:
        value, compared = point["value"], point["comparison"]
        check(point["costs"] == [1000 / value] * 3, f"{value} M ops/s are {1000 / value} ns each")
        check(compared["kind"] == "compare" and compared["rounds_done"] == 6, "a whole comparison")
        check(compared["command"][2] == f"echo work {value}: {value} M ops/s", "in every place")
        check(all(len(row["runs"]) == 6 for row in compared["allocators"]), "with every run")
    orders = [[run["padding"] for run in point["comparison"]["allocators"][0]["runs"]]
              for point in points]
    check(orders[0] != orders[1], "each value has its own seed")
    for line in "1     1000.0*     1000.0=", "8     125.00*     125.00=":
        check(line in text, f"the table: {line}")
    check("max RSS, MiB" in text and text.count("g glibc  c compared_same") == 2, "two plots")
    check(text.isascii(), "in ASCII, as the locale wants")


def wall_time():
    report, text = sweep("ms=10,60", "sleep 0.0{ms}", rounds=1)
    costs = [point["costs"] for point in report["points"]]
    check(report["cost"] == "wall s" and min(costs[1]) >= 0.06, "wall time grows")
    check("--metric '([0-9.]+) M ops/s'" in text, "how to get the cost of an operation")


def own_figure():
    report, text = sweep("n=1,2,3", "echo figure {n}", "--metric", "figure ([0-9]+)", rounds=1)
    check([point["costs"][0] for point in report["points"]] == [1, 2, 3], "figures as they are")
    check(report["cost"] == "figure" and "figure by n\n" in text, "an arithmetic axis")


def one_fails():
    report, text = sweep("n=1,2,3", "[ {n} != 2 ]", "--details", expect=1, rounds=1)
    costs = [point["costs"][0] for point in report["points"]]
    check(costs[1] is None and costs[0] and costs[2], "the others were compared")
    check("note: n 2 failed under glibc: exit code 1 in round 1" in text, "it is named")
    check(text.count("hakmem-trace compare: sh -c") == 3, "each value's own report")


def one_fails_later():
    with tempfile.TemporaryDirectory() as folder:
        script = f"[ {{n}} = 1 ] || {{ [ ! -e {folder}/mark ] && touch {folder}/mark; }}"
        report, _ = sweep("n=1,2", script, expect=1, rounds=2)
    check(report["points"][1]["costs"] == [None] * 3, "no cost of one that failed in the end")
    check(None not in report["points"][0]["costs"], "the other value stands")


def ctrl_c():
    with tempfile.TemporaryDirectory() as folder:
        mark, path = os.path.join(folder, "mark"), os.path.join(folder, "json")
        script = f"[ {{n}} -lt 4 ] || {{ touch {mark}; sleep 60; }}"
        with subprocess.Popen(
                [TOOL, "compare", "--sweep", "n=1,2,...,16", "--with", "glibc", "--rounds", "1",
                 "--json", path, "--", "sh", "-c", script], stdout=subprocess.PIPE) as tool:
            deadline = time.monotonic() + 20
            while not os.path.exists(mark):
                if time.monotonic() > deadline:
                    fail("the third value's turn")
                time.sleep(0.02)
            tool.send_signal(signal.SIGINT)
            out, _ = tool.communicate(timeout=20)
        check(tool.returncode == 128 + signal.SIGINT, f"exit code {tool.returncode}")
        check(b"2 values of 5: interrupted" in out and b"max RSS" in out, "what is done is shown")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        done = [point["comparison"] and point["comparison"]["rounds_done"] for point in report["points"]]
        check(report["interrupted"] and done == [1, 1, 0, None, None], "JSON says so too")


ops_per_second()
wall_time()
own_figure()
one_fails()
one_fails_later()
ctrl_c()
