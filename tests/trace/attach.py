# SPDX-License-Identifier: MIT
"""attach says of a process that runs what run would say of it, holds it up by nothing, and leaves nothing.

    attach.py PROGRAM
"""

import os
import signal
import subprocess
import sys
import time

from attached import LIBRARY, Attach, Target, check_nothing_stays
from hakmem_trace import TOOL, check

PROGRAM = sys.argv[1]
GAP_MS = 100  # on a quiet machine below 10


def same_report():
    with Target(PROGRAM, "works", "2") as target:
        before = time.monotonic()
        report = Attach(target.pid, seconds=1.5)
        check(1.4 < time.monotonic() - before < 30, "it takes as long as it was told")
        got = report.json
        check(got["kind"] == "attach" and got["attached"]["pid"] == target.pid, "it says which process it was")
        check(got["exit_code"] is None and not got["attached"]["has_ended"], "the process has no exit code yet")
        check(got["allocator"] == "hakmem" and got["library"] == os.path.realpath(LIBRARY), "on hakmem")
        check(1.4 < got["wall_s"] < 10, f"{got['wall_s']} s were watched")
        check(0 < got["cpu_s"] < 2.2 * got["wall_s"], f"{got['cpu_s']} s of CPU time")
        counters = got["counters"]
        check(counters["mallocs"] > 1000, f"{counters['mallocs']} blocks were handed out meanwhile")
        check(abs(counters["mallocs"] - counters["frees"]) < 0.1 * counters["mallocs"] + 100000,
              "and about as many taken back")
        classes = {row["name"]: row["mallocs"] for row in got["size_classes"]}
        check(sum(classes.values()) == counters["mallocs"], "size classes add up to them")
        check(got["resident"]["pid"] == target.pid and got["resident"]["total"] > 0, "its memory is told by kind")
        if got["event"]:
            check(got["sampling"]["samples"] > 100, f"{got['sampling']['samples']} samples")
            check(abs(sum(row["share"] for row in got["sources"]) - 1) < 0.001, "shares add up to one")
            check(got["malloc"]["share"] > 0.02, "a part of the time was malloc")
        if got["slow_path"]:
            check(got["slow_path"]["seconds_watched"] < got["wall_s"] + 5, "slow paths were watched for that time")
        check("was not stopped" in report.text, "the text says what attaching took")
        out = target.end()
        gap = float(out.split()[2])
        print(f"      {out.strip()}")
        check(gap < GAP_MS, f"the process was never held up for {GAP_MS} ms")


def counts_are_of_the_interval():
    """What was counted before is left out: a process that has done its work counts nothing."""
    with Target(PROGRAM, "works") as target:
        time.sleep(1)
        os.kill(target.pid, signal.SIGSTOP)
        report = Attach(target.pid, "--no-bpf", seconds=0.5)
        os.kill(target.pid, signal.SIGCONT)
        check(report.json["operations"] == 0, "a process that stands still does no operation")
        check(report.json["cpu_s"] < 0.05, "and takes no time")


def children_that_were_there():
    with Target(PROGRAM, "parent") as target:
        report = Attach(target.pid, "--no-bpf")
        check(report.json["counters"]["mallocs"] > 1000, "a child that it had is counted")
        check(report.json["cpu_s"] > 0.1, "its time is known")
        if report.json["event"]:
            check(report.json["malloc"]["share"] > 0.02, "and what was malloc of it")


def faults_in_the_arena():
    """Reserved before anybody watched: eBPF has to be told where it lies."""
    with Target(PROGRAM, "grows") as target:
        report = Attach(target.pid)
        if not report.json["slow_path"]:
            print("      no eBPF here:", report.notes())
            return
        faults = next(row["events"] for row in report.json["slow_path"]["events"] if row["name"] == "page_fault")
        check(faults > 100, f"{faults} page faults of libhakmem's range are told from others")


def another_allocator():
    with Target(PROGRAM, "works", library=None) as target:
        report = Attach(target.pid, seconds=0.5)
        check(report.json["allocator"] == "glibc" and report.json["library"] is None, "glibc is found")
        check(report.json["counters"] is None, "it counts nothing")


def ctrl_c():
    with Target(PROGRAM, "works") as target:
        with subprocess.Popen([TOOL, "attach", "--no-bpf", "--seconds", "60", str(target.pid)],
                              stderr=subprocess.PIPE, text=True) as tool:
            time.sleep(1.5)
            tool.send_signal(signal.SIGINT)
            text = tool.communicate(timeout=30)[1]
        check(tool.returncode == 0 and "wall" in text and "runs on" in text, "Ctrl-C: the report is printed")


def nothing_stays():
    with Target(PROGRAM, "works") as target:
        check_nothing_stays(target, lambda tool: tool.send_signal(signal.SIGTERM))
        check_nothing_stays(target, lambda tool: tool.kill())


same_report()
counts_are_of_the_interval()
children_that_were_there()
faults_in_the_arena()
another_allocator()
ctrl_c()
nothing_stays()
