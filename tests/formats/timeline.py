# SPDX-License-Identifier: MIT
"""`run --timeline`: time by thread and source adds up to the report's, threads have their names, and the
memory and slow paths of the report are there in time.

usage: timeline.py NAMED_THREADS RANDOM_MIXED
"""

import json
import os
import subprocess
import sys
import tempfile

import trace_events
from hakmem_trace import TOOL, check, fail

NAMED, MIXED = (os.path.realpath(path) for path in sys.argv[1:3])
THREADS = {"calm", r'od"d\x0a\x1b[1m\xff;', r"<b>\u0000&"}
PARTS = {"factor": "malloc", "allocator": "malloc", "kernel for malloc": "malloc", "application": "application",
         "kernel": "kernel"}


def written(*command, options=()):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("json", "timeline", "text")]
        done = subprocess.run([TOOL, "run", "--json", paths[0], "--timeline", paths[1], "--output", paths[2], *options,
                               "--", *command], capture_output=True, text=True, timeout=100, check=False)
        if done.returncode != 0:
            fail(f"{command}: exit status {done.returncode}: {done.stderr}")
        check(len(os.listdir(folder)) == 3, "the files, and nothing else")
        with open(paths[0], encoding="utf-8") as file:
            return json.load(file), trace_events.Trace(paths[1])


def check_sums(report, trace):
    """Samples of page faults whose owner is told in the end alone may count for another part."""
    sums, cpu = trace.by_source(), 1e9 * report["cpu_s"]
    undecided = sum(ns for (_, name), ns in sums.items() if "malloc's or not" in name)
    for row in report["sources"]:
        found = sums.get((PARTS[row["group"]], row["name"]), 0)
        check(abs(found - cpu * row["share"]) <= 1e-6 * cpu + 1000 + undecided, f"{row['name']}: {found} ns")
    malloc = sums.get(("malloc", "in malloc"), 0)
    check(abs(malloc - cpu * report["malloc"]["share"]) <= 1e-6 * cpu + 1000 + undecided, f"malloc: {malloc} ns")
    bins = trace.bin_ns * 1e-9
    for part in "malloc", "application", "kernel":
        area = sum(values[part] for _, values in trace.counter_of("processors")) * bins * 1e9
        slices = sum(ns for (category, name), ns in sums.items() if category == part and name != "in malloc")
        check(abs(area - slices) <= 1e-6 * cpu + 1000, f"processors at work on {part}: {area:.0f} ns")


def check_memory(report, trace):
    moments = report.get("memory_in_time") or []
    for key in "resident", "live", "retained":
        points = trace.counter_of(f"{key} memory")
        known = [moment[key] for moment in moments if moment[key] is not None]
        check([values["bytes"] for _, values in points] == known, f"{key} memory: {len(points)} points")


def check_slow_path(report, trace):
    points = trace.counter_of("slow path: events per second")
    if not report["slow_path"]:
        check(not points, "no slow path where none was watched")
        return
    check(len(points) > 0, "slow paths in time")
    ends = [at for at, _ in points][1:] + [1e9 * report["wall_s"]]
    counts = {row["name"]: row["events"] for row in report["slow_path"]["events"]}
    check({name for _, values in points for name in values} >= {"refill", "arena"}, "refills and the arena's")
    for name in points[0][1]:
        seen = sum(values[name] * (end - at) * 1e-9 for (at, values), end in zip(points, ends))
        check(abs(seen - counts[name]) <= 0.5 + 1e-3 * counts[name], f"{name}: {seen:.1f} of {counts[name]} events")
    check(counts["refill"] > 0, "there were refills")


def check_threads():
    report, trace = written(NAMED, "150", options=["--frequency", "997"])
    check(trace.command == [NAMED, "150"], "the command")
    if report["event"] is None:
        print("note: the kernel gives no samples:", report["notes"])
        check(not trace.slices, "no slices without samples")
        return
    check_sums(report, trace)
    check_memory(report, trace)
    check_slow_path(report, trace)
    check(set(trace.threads.values()) >= THREADS, f"threads: {trace.threads}")
    check(len(trace.processes) == 1, f"processes: {trace.processes}")
    for thread, name in trace.threads.items():
        if name in THREADS:
            used = sum(end - start for start, end, name, category, _ in trace.slices[thread]
                       if name != "in malloc")
            check(used > 50e6, f"{name}: {used} ns of 150 ms")


def check_long():
    """More bins than there are at first, whatever the machine's speed."""
    report, trace = written("sh", "-c", f'"{MIXED}" 3000000 400 1; sleep 2.5; "{MIXED}" 3000000 400 1',
                            options=["--frequency", "997", "--no-bpf"])
    if report["event"]:
        check_sums(report, trace)
        check(trace.bin_ns >= 8e6 and len(trace.counter_of("processors")) <= 513, f"bins of {trace.bin_ns} ns")
        last = max(end for track in trace.slices.values() for _, end, *_ in track)
        check(last <= 1e9 * report["wall_s"] + 2 * trace.bin_ns, "nothing is after the end")
    check(not trace.counter_of("slow path: events per second"), "no slow path with --no-bpf")


check_threads()
check_long()
