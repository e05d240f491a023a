# SPDX-License-Identifier: MIT
"""hakmem-trace compare finds a known ratio, ties what is equal, and goes on where one fails.

usage: compare.py PROGRAM SAME DOUBLE: the program prints 100 with SAME, 200 with DOUBLE preloaded.
"""

import json
import os
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check

PROGRAM, SAME, DOUBLE = sys.argv[1:4]
KEYS = {"schema", "kind", "command", "metric", "better", "rounds", "rounds_done", "interrupted",
        "seed", "core", "elapsed_s", "others_cores", "stolen_cores", "floor", "allocators",
        "notes"}
ROW_KEYS = {"name", "library", "verdict", "failure", "last_output", "compared", "ratio", "ci_low",
            "ci_high", "of_floor", "of_floor_low", "of_floor_high", "cpu_s", "max_rss_kb",
            "memory_ratio", "resident_kb", "live_kb", "faults", "runs"}
RUN_KEYS = {"round", "position", "padding", "wall_s", "user_s", "system_s", "figure", "max_rss_kb",
            "minor_faults", "major_faults", "voluntary_switches", "involuntary_switches", "resident_kb",
            "live_kb"}
METRIC = ("--metric", "figure ([0-9.]+)")


def compare(*options, command=(PROGRAM,), expect=0, rounds=7):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        done = subprocess.run(
            [TOOL, "compare", "--json", path, "--rounds", str(rounds), *options, "--", *command],
            capture_output=True, text=True, timeout=30, check=False,
            env={key: value for key, value in os.environ.items() if key != "MALLOC_PERTURB_"})
        check(done.returncode == expect, f"exit code {done.returncode}: {done.stderr}")
        check(os.listdir(folder) == ["json"], "one file, whole")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    table = [line for line in done.stdout.splitlines() if not line.startswith("hakmem-trace")]
    check(all(len(line) <= 80 for line in table), "the table stays within 80 columns")
    check("of the work\n" not in done.stdout or expect, "the command's output is hidden")
    return report, done.stdout


def ratios(row):
    return row["ratio"], row["ci_low"], row["ci_high"]


def known_ratio():
    report, text = compare("--with", f"glibc,{SAME},{DOUBLE}", "--details", *METRIC)
    first, control, same, double = report["allocators"]
    check(set(report) == KEYS and set(first) == ROW_KEYS, "the documented keys, no others")
    check(set(first["runs"][0]) == RUN_KEYS, "and those of a run")
    check((report["schema"], report["kind"]) == ("hakmem-trace/1", "compare"), "schema and kind")
    check((first["verdict"], first["library"]) == ("first", None), "glibc is the first")
    check(ratios(control) == (1, 1, 1) and control["verdict"] == "control", "A/A is 1.00")
    check(ratios(same) == (1, 1, 1) and same["verdict"] == "tie", "the same figure is a tie")
    check(ratios(double) == (2, 2, 2) and double["verdict"] == "better", "twice the figure is 2.00")
    check(double["compared"]["mean"] == 200 and double["compared"]["stdev"] == 0, "summary")
    check(double["library"] == os.path.realpath(DOUBLE), "the library is named")
    check("glibc again" in text and "stdev" in text and "2.000" in text, "the table says so")
    positions = [[run["position"] for run in row["runs"]] for row in report["allocators"]]
    check(all(sorted(column) == [1, 2, 3, 4] for column in zip(*positions)), "each once a round")
    check(len(set(map(tuple, zip(*positions)))) > 1, "the order is shuffled")
    paddings = {run["padding"] for row in report["allocators"] for run in row["runs"]}
    check(len(paddings) > 10, "the environment's size changes")


def lower_is_better():
    report, _ = compare("--with", f"glibc,{DOUBLE}", "--better", "lower", *METRIC)
    double = report["allocators"][2]
    check(ratios(double) == (0.5, 0.5, 0.5) and double["verdict"] == "worse", "lower is better")


def seeds_repeat():
    orders = []
    for seed in "5", "5", "6":
        report, _ = compare("--with", f"glibc,{SAME}", "--seed", seed)
        orders.append([[(run["position"], run["padding"]) for run in row["runs"]]
                       for row in report["allocators"]])
    check(orders[0] == orders[1] != orders[2], "a seed repeats its order, another has its own")


def wall_time():
    report, _ = compare("--with", f"{SAME},{DOUBLE}", rounds=6)
    slow = report["allocators"][2]
    check(min(run["wall_s"] for run in slow["runs"]) >= 0.06, "60 ms of sleep are in the wall time")
    check(slow["compared"]["median"] >= 0.06 and report["metric"] is None, "and in the median")
    check(report["allocators"][0]["max_rss_kb"] > 0 and slow["faults"] > 0, "memory and faults")


def one_fails():
    report, text = compare("--with", f"glibc,{SAME},{DOUBLE}", *METRIC, command=(PROGRAM, "200"),
                           expect=1)
    double = report["allocators"][3]
    check(double["failure"] == "exit code 3 in round 1" and not double["runs"], "it failed")
    check(report["allocators"][2]["verdict"] == "tie", "the others were compared")
    check("this one \\x1b[31mfails" in text, "its last output is shown, safely")
    report, _ = compare("--metric", "nothing like ([0-9]+)", "--with", "glibc", expect=1)
    check("no figure" in report["allocators"][0]["failure"], "a missing figure is a failure")
    report, text = compare("--with", f"glibc,{SAME}", command=("sh", "-c", "kill -SEGV $$"), expect=1)
    check(all("signal 11" in row["failure"] for row in report["allocators"]), "all failed")


def few_rounds():
    report, text = compare("--with", f"glibc,{DOUBLE}", *METRIC, rounds=5)
    check(report["allocators"][2]["verdict"] == "unknown", "five rounds decide nothing")
    check(report["allocators"][2]["ci_low"] is None and "--rounds 6" in text, "and say so")


def surroundings():
    script = 'read -r line && exit 9; cat /proc/self/environ; seq 300000; echo "$LD_PRELOAD" >&2'
    compare("--with", f"glibc,{SAME}", command=("bash", "-c", script), rounds=1)
    with tempfile.TemporaryDirectory(suffix=" a:b") as folder:
        copied = os.path.join(folder, "copy.so")
        subprocess.run(["cp", DOUBLE, copied], check=True)
        report, _ = compare("--with", f"glibc,{copied}", *METRIC, rounds=6)
        check(report["allocators"][2]["ratio"] == 2, "a library under a name with blanks")


def small_program():
    """Its memory begins as a copy of ours: whatever this tool links to must not be seen in it."""
    report, _ = compare("--with", "glibc", rounds=1)
    kib = report["allocators"][0]["max_rss_kb"]
    check(kib < 2048, f"a small program takes {kib} KiB")


known_ratio()
small_program()
lower_is_better()
seeds_repeat()
wall_time()
one_fails()
few_rounds()
surroundings()
