# SPDX-License-Identifier: MIT
"""A program may have another malloc than the one it was run on, or a second one: told as what it is.

usage: other_allocators.py SECOND [STATIC]: a program with two allocators, one that is linked statically
"""

import sys

from hakmem_trace import Run, check

SECOND, STATIC = sys.argv[1], sys.argv[2:]


def share(run, other):
    return sum(row["share"] for row in run.json["sources"]
               if row["group"] in ("factor", "allocator") and row["other"] == other)


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

if STATIC:
    run = Run(STATIC[0], "3000000", options=["--frequency", "997"])
    check(share(run, "glibc") > 0.3, "of a static program, the malloc that is linked in")
    check("glibc: unknown" in run.text, "what its functions' names do not tell is unknown")
    check("its malloc is glibc, which is linked into it" in run.text, "a note says which")
    check("was not loaded into" in run.text, "and that libhakmem is not in it")
