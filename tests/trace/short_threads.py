# SPDX-License-Identifier: MIT
"""Threads that end before a period of the sampling timer is over have samples too.

usage: short_threads.py THREAD_STORM
"""

import sys

from hakmem_trace import Run, check, skip

run = Run(sys.argv[1], "--threads", "10000", options=["--no-bpf", "--frequency", "997"])
run.require_samples()
if not run.json["sampling"]["processors"]:
    skip("whole processors may not be sampled here")
expected = run.json["cpu_s"] * 997
samples = run.json["sampling"]["samples"]
print(f"{samples} samples of {expected:.0f}")
check(0.7 * expected < samples < 1.2 * expected, "there are as many as there was processor time")
check(run.json["overhead"]["switch_ns"] == 0, "context switches cost nothing")
check(run.json["malloc"]["share"] > 0.02, "malloc's part in it is seen")
