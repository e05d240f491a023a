# SPDX-License-Identifier: MIT
"""The lens of an installed allocator knows what its malloc and free do: where its debug information
is there, 95 % of their instructions are of a step.

usage: lens_known.py ALLOCATOR RANDOM_MIXED
"""

import json
import os
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail, skip

_, ALLOCATOR, RANDOM_MIXED = sys.argv
AT_LEAST = 95
STEPS = ("header", "cache", "metadata", "classify", "freelist", "check", "entry", "counting", "slow_path", "lock")


def count(allocator):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        done = subprocess.run([TOOL, "count", "--with", allocator, "--json", path, "--calls", "5000", "--",
                               RANDOM_MIXED, "200000", "400", "1"],
                              env=dict(os.environ, MALLOC_PERTURB_="0"), capture_output=True, text=True, timeout=60,
                              check=False)
        if done.returncode == 125 and "is not installed" in done.stderr:
            skip(done.stderr)
        if done.returncode:
            fail(f"exit status {done.returncode}: {done.stderr}")
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def instructions(report, kind, *, known):
    return sum(source[kind]["instructions"] for source in report["sources"] if not known or source["name"] in STEPS)


report = count(ALLOCATOR)
for note in report["notes"]:
    if "no debug information" in note:
        skip(note)
for kind in "malloc", "free":
    known, whole = (instructions(report, kind, known=known) for known in (True, False))
    check(whole > 0 and known * 100 >= whole * AT_LEAST,
          f"{kind}: {100 * known / whole:.2f} % of the instructions are known")
sources = {source["name"] for source in report["sources"]}
check({"cache", "metadata", "classify", "counting", "entry", "slow_path"} <= sources, f"several steps: {sources}")
