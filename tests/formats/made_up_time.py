# SPDX-License-Identifier: MIT
"""A timeline stays within its bounds whatever is put in, and loses nothing of it.

usage: made_up_time.py WRITER
"""

import os
import subprocess
import sys
import tempfile

import trace_events
from hakmem_trace import check, fail

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "timeline")
    done = subprocess.run([sys.argv[1], path], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        fail(done.stderr)
    check(os.path.getsize(path) < 8 << 20, f"{os.path.getsize(path)} bytes")
    trace = trace_events.Trace(path)
sums = trace.by_source()
total = sum(ns for (_, name), ns in sums.items() if name != "in malloc")
check(total == int(done.stdout), f"{total} ns of {done.stdout}")
check(sums["malloc", "in malloc"] == sum(ns for (part, name), ns in sums.items() if part == "malloc" and name != "in malloc"),
      "malloc is the sum of its sources")
check(len(trace.slices) == 256 and (1, 0) in trace.slices, f"{len(trace.slices)} threads, the others together")
check(list(trace.threads.values()) == ["other threads"], f"which is said: {trace.threads}")
names = {name for _, name in sums}
check({part for part, name in sums if name == "others"} == {"malloc", "application", "kernel"}, "others of each part")
check(len(names) <= 130 and "others" in names and r"source \x1b 0" in names, f"{len(names)} sources")
check(trace.bin_ns * 512 >= 100000e9 > trace.bin_ns * 256, f"bins of {trace.bin_ns} ns")
check(len(trace.counter_of("processors")) <= 513, "512 bins, and the end")
check(trace.command == [r"made\x0aup"], "the command")
plain, rate = trace.counter_of("plain"), trace.counter_of("rate")
check(256 < len(rate) <= 512 and 200 < len(plain) <= 512, f"{len(plain)} and {len(rate)} points")
check(all(values == {"key": 7} for _, values in plain), "what is not known is left out")
check(all(abs(values["key"] - 3) < 1e-6 for _, values in rate), "rates are the same with fewer points")
check(rate[-1][0] > 4500e9, "to the end")
check(not trace.counter_of("empty"), "a track without points has no counter")
