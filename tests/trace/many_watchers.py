# SPDX-License-Identifier: MIT
"""Several reports made at once are each right: none takes another one's page faults for time.

usage: many_watchers.py KNOWN_SHARE FIXTURE
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from hakmem_trace import Run, check

PROGRAM, FIXTURE = sys.argv[1:]
WATCHERS, ROUNDS = 4, 4


def run(way):
    return Run(PROGRAM, "0.2", "0.4",
               options=["--with", FIXTURE, "--no-bpf", "--frequency", "1999", "--aggregate", way])


with ThreadPoolExecutor(WATCHERS) as pool:
    runs = list(pool.map(run, ["no", "no", "no", "yes"] * ROUNDS))
for done in runs:
    done.require_kernel_samples()
    row = done.source("fixture_allocator")
    check(row["samples"] > 20 and abs(row["share"] - 0.4) < 0.2,
          f"{row['samples']} samples of the fixture: {row['share']:.3f}")
