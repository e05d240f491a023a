# SPDX-License-Identifier: MIT
"""Children of fork that free what their parent had sampled, while another thread allocates, have files
of their own and harm neither it nor its file.

    children.py HEAP_KEPT
"""
import sys

from heap import Heap, check

run = Heap(1, sys.argv[1], "forked")
check("BROKEN" not in run.stdout, f"all promises were kept: {run.stdout.strip()}")
check(run.heap["programs"] > 20, f"{run.heap['programs']} processes left samples")
check(run.heap["lost"] == 0 and not run.heap["notes"], f"nothing is lost or broken: {run.heap['notes']}")
