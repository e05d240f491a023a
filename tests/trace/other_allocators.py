# SPDX-License-Identifier: MIT
"""A program may have another malloc than the one it was run on, or a second one: told as what it is.

usage: other_allocators.py SECOND [STATIC]: a program with two allocators, one that is linked statically
"""

import json
import os
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, Run, check

SECOND, STATIC = sys.argv[1], sys.argv[2:]


def share(run, other):
    return sum(row["share"] for row in run.json["sources"]
               if row["group"] in ("factor", "allocator") and row["other"] == other)


def callers(*command, options=()):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        subprocess.run([TOOL, "callers", "--json", path, "--output", "/dev/null", "--frequency", "997", *options, "--",
                        *command], check=True, timeout=60)
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def called(figures, function):
    """Samples of time of the paths to a function, and the function that calls it first."""
    paths = [path for path in figures["paths"] if path["called"] == function and path["time_samples"]]
    return sum(path["time_samples"] for path in paths), {path["frames"][0]["function"] for path in paths}


run = Run(SECOND, "1", options=["--frequency", "997"])
run.require_samples()
check(share(run, "glibc") > 0.4, "the second allocator's half is told as its own")
check(0.1 < share(run, None) < 0.6, "and what is libhakmem's as libhakmem's")
check(run.json["malloc"]["share"] > 0.5, "malloc's share is that of both")
check("glibc runs as well, which is linked into it" in run.text, "a note says so")

run = Run(SECOND, "0.5", options=["--frequency", "997", "--with", "glibc"])
check(share(run, "glibc") > 0.4, "on glibc, too, it is not the libc's")

run = Run(SECOND, "0.5", options=["--frequency", "997", "--with", "own"])
check(share(run, "glibc") > 0.6 and run.json["library"] is None, "own: whatever it has, and nothing is preloaded")

for allocator in "hakmem", "own":
    found = callers(SECOND, "1", options=["--with", allocator])
    samples, by = called(found, "_int_malloc")
    check(samples > 0.6 * found["time"]["malloc_samples"] and by == {"main"},
          f"callers with {allocator}: the second allocator's code is malloc's: {samples}, called by {by}")
    check(called(found, "malloc")[0] and called(found, "free")[0], f"callers with {allocator}: the first's as well")
    check(found["sampling"]["samples"] > 0, f"callers with {allocator}: its calls are sampled")
    check(any("glibc" in note for note in found["notes"]), f"callers with {allocator}: a note says so")

if STATIC:
    found = callers(STATIC[0], "3000000", options=["--with", "own"])
    check(found["time"]["malloc_share"]["value"] > 0.3 and found["sampling"]["samples"] == 0,
          "callers: of a static program the time, and no calls")
    by = called(found, "malloc")[1] | called(found, "free")[1]
    check(by and by <= {"churn", "churn_twice", "main"}, f"callers: and who called: {by}")  # as far as inlined
    check(any("linked into it" in note for note in found["notes"]), "callers: a note says why")
    run = Run(STATIC[0], "3000000", options=["--frequency", "997"])
    check(share(run, "glibc") > 0.3, "of a static program, the malloc that is linked in")
    check("glibc: unknown" in run.text, "what its functions' names do not tell is unknown")
    check("its malloc is glibc, which is linked into it" in run.text, "a note says which")
    check("was not loaded into" in run.text, "and that libhakmem is not in it")
