# SPDX-License-Identifier: MIT
"""Operations are counted exactly, in threads and children too.

usage: operations.py PROGRAM
"""

import sys

from hakmem_trace import Run, check

SHORT, LONG = 1000, 51000
few = Run(sys.argv[1], str(SHORT), options=["--no-bpf"]).json
many = Run(sys.argv[1], str(LONG), options=["--no-bpf"]).json
# What the C library allocates for itself is the same in both.
more = many["operations"] - few["operations"]
check(more == 4 * 2 * (LONG - SHORT), f"{more} more operations: four places, a malloc and a free")
check(many["programs"] == 2, "the program and its child counted")
check(many["operations"] == many["counters"]["mallocs"] + many["counters"]["frees"]
      - 2 * many["counters"]["realloc_moved"] + many["counters"]["realloc"]
      + many["counters"]["usable_size"], "operations are the calls that had a block")
check(sum(row["mallocs"] for row in many["size_classes"]) == many["counters"]["mallocs"],
      "size classes add up")
