# SPDX-License-Identifier: MIT
"""The stacks of `callers` in every format: all say the same, and what the report says; inlined functions
and lines are those of the source; files are whole or not there.

usage: callers_formats.py PROGRAM INLINING_PROGRAM WITHOUT_PERF
"""

import json
import os
import subprocess
import sys
import tempfile

import pprof_reader
import stack_readers
from hakmem_trace import TOOL, check, fail, skip

PROGRAM, INLINING, WITHOUT_PERF = (os.path.realpath(path) for path in sys.argv[1:4])
TYPES = [("samples", "count"), ("time", "nanoseconds"), ("alloc_objects", "count"), ("alloc_space", "bytes"),
         ("inuse_objects", "count"), ("inuse_space", "bytes")]


class Written:
    def __init__(self, *command, value=None, options=(), under=()):
        with tempfile.TemporaryDirectory() as folder:
            path = {name: os.path.join(folder, name) for name in ("json", "pprof", "collapsed", "speedscope", "output")}
            arguments = [part for name in path for part in (f"--{name}", path[name])]
            done = subprocess.run(
                [*under, TOOL, "callers", *arguments, *(["--value", value] if value else []), *options, "--", *command],
                capture_output=True, text=True, timeout=60, check=False)
            if done.returncode != 0:
                fail(f"{command}: exit status {done.returncode}: {done.stderr}")
            check(sorted(os.listdir(folder)) == sorted(path), "the files, and nothing else")
            with open(path["json"], encoding="utf-8") as file:
                self.json = json.load(file)
            self.pprof = pprof_reader.read(path["pprof"])
            self.collapsed = stack_readers.collapsed(path["collapsed"])
            self.speedscope = stack_readers.Speedscope(path["speedscope"])
            self.stdout = done.stdout

    def of_pprof(self, name):
        index = [known for known, _ in self.pprof.types].index(name)
        stacks = {}
        for frames, values in self.pprof.stacks:
            stack = tuple(frame.function for frame in frames)
            if values[index]:
                stacks[stack] = stacks.get(stack, 0) + values[index]
        return stacks


def check_agreement(written, counted):
    types = [name for name, _ in written.pprof.types]
    check(list(written.speedscope.profiles) == types, f"speedscope has the same values: {types}")
    for name in types:
        check(written.speedscope.profiles[name] == written.of_pprof(name), f"speedscope and pprof agree on {name}")
    check(written.collapsed == written.of_pprof(counted), f"collapsed stacks agree on {counted}")


def check_sums(written):
    report, pprof = written.json, written.pprof
    check(pprof.comments == [" ".join(report["command"])], f"the command: {pprof.comments}")
    near = len(pprof.stacks)  # each was rounded
    check(abs(pprof.total("alloc_objects") - report["sampling"]["calls"]["value"]) <= near, "calls as reported")
    check(abs(pprof.total("alloc_space") - report["sampling"]["bytes"]["value"]) <= near, "bytes as reported")
    live = [path["ends"]["live"] * path["bytes"]["value"] for path in report["paths"] if path["samples"]]
    objects = sum(path["ends"]["live"] * path["calls"]["value"] for path in report["paths"] if path["samples"])
    check(abs(pprof.total("inuse_objects") - objects) <= near + 1e-6 * objects, "live blocks as reported")
    check((sum(live) > 0) == (pprof.total("inuse_space") > 0), "live bytes where there are some")
    if report["time"]:
        check(pprof.types == TYPES, f"all values: {pprof.types}")
        check(pprof.total("samples") == report["time"]["malloc_samples"], "samples as reported")
        time = 1e9 * report["cpu_s"] * report["time"]["malloc_share"]["value"]
        check(abs(pprof.total("time") - time) <= near + 1e-6 * time, f"malloc's time as reported: {time:.0f} ns")
        check(pprof.period_type == ("time", "nanoseconds"), "the period of samples of time")
    else:
        check(pprof.types == TYPES[2:], f"values without time: {pprof.types}")
        check(pprof.period_type == ("alloc_space", "bytes") and pprof.raw.period == 65536, "the period in bytes")


def build_id_of(path):
    done = subprocess.run(["readelf", "-n", path], capture_output=True, text=True, check=False)
    words = done.stdout.split()
    return words[words.index("ID:") + 1] if "ID:" in words else None


def check_loop():
    written = Written(PROGRAM, "loop", "3000000")
    check_sums(written)
    timed = written.json["time"] and written.json["time"]["malloc_samples"] > 0
    check_agreement(written, "time" if timed else "alloc_space")
    check(written.speedscope.active == written.pprof.default == ("time" if timed else "alloc_space"), "what is shown first")
    mapping = next(one for one in written.pprof.raw.mapping if written.pprof.strings[one.filename] == PROGRAM)
    known = build_id_of(PROGRAM)
    if known:
        check(written.pprof.strings[mapping.build_id] == known, f"the build id: {known}")


def check_kept():
    """Live blocks: 4096 at the end, all of 5000 bytes, as exactly as the report has them."""
    written = Written(PROGRAM, "above", "40000", value="inuse_space", options=["--bytes", "4096"])
    check_sums(written)
    check_agreement(written, "inuse_space")
    live, objects = written.pprof.total("inuse_space"), written.pprof.total("inuse_objects")
    check(objects > 0 and abs(live - 5000 * objects) <= 0.01 * live, f"{live} bytes live in {objects} blocks")


def source_line(text):
    """Its number in the program's source."""
    with open(os.path.join(os.path.dirname(os.path.realpath(__file__)), "inlining_program.c"), encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if text in line)


def check_inlined():
    written = Written(INLINING, value="alloc_objects", options=["--bytes", "1"])
    check_agreement(written, "alloc_objects")
    stacks = [frames for frames, values in written.pprof.stacks if "innermost" in [frame.function for frame in frames]]
    check(len(stacks) == 2, f"two ways to the same call: {stacks}")
    for which, frames in zip(("first", "second"), sorted(stacks, key=lambda frames: frames[1].line)):
        names = [frame.function for frame in frames]
        check(names == ["main", "apart", "outer", "middle", "innermost", "malloc"], f"{which}: {names}")
        for frame, mark in zip(frames[1:], (f"in apart, {which}", "in outer", "in middle", "in innermost")):
            check(frame.line == source_line(mark) and frame.file.endswith("inlining_program.c"),
                  f"{which}: {frame} is where the source says '{mark}'")
    locations = [one for one in written.pprof.raw.location if len(one.line) == 4]
    check(len(locations) == 2, "four functions at one place, twice")


def check_without_time():
    written = Written(PROGRAM, "kept", "20000", under=[WITHOUT_PERF])
    check(written.json["time"] is None, "no time where the kernel gives no samples")
    check_sums(written)
    check_agreement(written, "alloc_space")
    check(written.speedscope.active == "alloc_space", "what is shown then")
    done = subprocess.run([WITHOUT_PERF, TOOL, "callers", "--bytes", "1", "--collapsed", "/dev/null", "--value", "time",
                           "--", "sort", "/dev/null"], capture_output=True, text=True, timeout=60, check=False)
    check(done.returncode == 125 and "No data available" in done.stderr, "nor is there a file of it")


def check_files():
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in ("pprof", "collapsed", "speedscope")}
        for name, path in paths.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write("before")
            done = subprocess.run([TOOL, "callers", f"--{name}", path, "--bytes", "1073741824", "--", "true"],
                                  capture_output=True, text=True, timeout=60, check=False)
            with open(path, encoding="utf-8") as file:
                check(done.returncode == 125 and file.read() == "before", f"{name}: what was there stays where nothing is said")
        check(sorted(os.listdir(folder)) == sorted(paths), "no half-written file is left behind")
        done = subprocess.run([TOOL, "callers", "--bytes", "1", "--collapsed", "-", "--", "sort", "/dev/null"],
                              capture_output=True, text=True, timeout=60, check=False)
        check(done.returncode == 0 and done.stdout.splitlines()[0].rsplit(" ", 1)[1].isdigit(), "- is standard output")
        if os.path.exists("/dev/full"):
            for name in paths:
                done = subprocess.run([TOOL, "callers", "--bytes", "1", f"--{name}", "/dev/full", "--", "sort", "/dev/null"],
                                      capture_output=True, text=True, timeout=60, check=False)
                check(done.returncode == 125 and "No space left" in done.stderr, f"{name}: a full disk is told of")


if subprocess.run([TOOL, "callers", "--pprof", "/dev/null", "--help"], capture_output=True, check=False).returncode == 2:
    skip("built without protobuf-c (package libprotobuf-c-dev)")
check_loop()
check_kept()
check_inlined()
check_without_time()
check_files()
