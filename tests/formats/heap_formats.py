# SPDX-License-Identifier: MIT
"""`run --heap` in every format of stacks: all say the same, and what the report says.

usage: heap_formats.py SITES
"""

import json
import os
import subprocess
import sys
import tempfile

import pprof_reader
import stack_readers
import trace_events
from hakmem_trace import TOOL, check, fail, skip

SITES = os.path.realpath(sys.argv[1])
TYPES = [("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes"),
         ("peak_objects", "count"), ("peak_space", "bytes")]
WHENS = {"alloc": "allocated", "inuse": "exit", "peak": "peak"}

if subprocess.run([TOOL, "run", "--pprof", "/dev/null", "--help"], capture_output=True, check=False).returncode == 2:
    skip("built without protobuf-c (package libprotobuf-c-dev)")
with tempfile.TemporaryDirectory() as folder:
    path = {name: os.path.join(folder, name) for name in ("json", "pprof", "collapsed", "speedscope", "output", "timeline")}
    done = subprocess.run([TOOL, "run", "--heap=1", "--value", "inuse_space",
                           *(part for name in path for part in (f"--{name}", path[name])), "--", SITES, "40", "3"],
                          capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        fail(done.stderr)
    check(sorted(os.listdir(folder)) == sorted(path), "the files, and nothing else")
    with open(path["json"], encoding="utf-8") as file:
        heap = json.load(file)["heap"]
    pprof = pprof_reader.read(path["pprof"])
    collapsed = stack_readers.collapsed(path["collapsed"])
    speedscope = stack_readers.Speedscope(path["speedscope"])
    timeline = trace_events.Trace(path["timeline"])

check(pprof.types == TYPES and pprof.default == speedscope.active == "peak_space", f"values: {pprof.types}")
check(pprof.period_type == ("alloc_space", "bytes") and pprof.raw.period == 1, "the period is the interval")
for index, (name, _) in enumerate(TYPES):
    when, what = name.split("_")
    told = heap[WHENS[when]]["bytes" if what == "space" else "blocks"]["value"]
    check(abs(pprof.total(name) - told) <= len(pprof.stacks), f"{name}: {pprof.total(name)} as reported")
    stacks = {}
    for frames, values in pprof.stacks:
        stack = tuple(frame.function for frame in frames)
        if values[index]:
            stacks[stack] = stacks.get(stack, 0) + values[index]
    check(speedscope.profiles[name] == stacks, f"speedscope and pprof agree on {name}")
    if name == "inuse_space":
        check(collapsed == stacks, "so do collapsed stacks")
leak = next(frames for frames, values in pprof.stacks if "leak_site" in [frame.function for frame in frames])
check([frame.function for frame in leak][-3:] == ["main", "leak_site", "malloc"], f"the leak's path: {leak}")
check(leak[-2].file.endswith("sites.c") and leak[-2].line > 0, "its line")
check(all(pprof.strings[one.build_id] for one in pprof.raw.mapping if pprof.strings[one.filename] == SITES), "the build id")
live, points = heap["moments"], timeline.counter_of("sampled live memory")
near = [abs(at - 1e9 * moment["at_s"]) <= 10 and abs(values["bytes"] - moment["bytes"]) <= 1e-6 * moment["bytes"]
        for (at, values), moment in zip(points, live)]
check(len(points) == len(live) > 2 and all(near), f"live memory in time: {len(points)} of {len(live)} moments")
if os.geteuid() == 0:  # with its rights gone hakmem-trace still puts files into a folder that only root may write to
    with tempfile.TemporaryDirectory() as folder:
        names = ["json", "pprof", "collapsed", "speedscope", "output", "timeline"]
        done = subprocess.run([TOOL, "run", "--heap=1", *(part for name in names for part in (f"--{name}", os.path.join(folder, name))),
                               "--", "sort", "/dev/null"], env=dict(os.environ, SUDO_UID="65534", SUDO_GID="65534"),
                              capture_output=True, text=True, timeout=60, check=False)
        check(done.returncode == 0 and sorted(os.listdir(folder)) == sorted(names),
              f"files of a user without rights: {os.listdir(folder)} {done.stderr}")
