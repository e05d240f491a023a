# SPDX-License-Identifier: MIT
"""Estimates of every call site's bytes lie within their 99.9 % intervals of the truth, which are
narrow enough to tell a weight of some percent more from the right one. Where one does not, which
happens to a right estimate once in a hundred runs, a second run has to."""

import sys

from heap import Z95, Z999, Heap, check, truth_of


def far_off(run, factor=1.0):
    """The sites whose estimates, times a factor, are beyond their intervals."""
    sites = []
    for name, truth in truth_of(run.stdout).items():
        samples, value, half, _ = run.site(name, "allocated")
        error, bound = abs(factor * value - truth[1]), factor * half * Z999 / Z95
        print(f"{name:14} {truth[1]:12} estimate {value:14.0f} +- {bound:12.0f} of {samples}")
        if error > bound:
            sites.append(name)
    return sites


run = Heap(4096, sys.argv[1], "6000", "3")
first = far_off(run)
if first:
    run = Heap(4096, sys.argv[1], "6000", "3")
    check(not set(far_off(run)) & set(first), f"twice beyond its interval: none of {first}")
check(run.heap["lost"] == 0, "nothing is lost")
check(run.heap["allocated"]["samples"] > 5000, "many blocks are sampled")
check(len(far_off(run, 1.25)) >= 4, "weights that are a quarter too high would be seen")
check(len(far_off(run, 0.8)) >= 4, "weights that are a fifth too low would be seen")
plain = sum(path["allocated"]["samples"] for path in run.heap["paths"])
check(plain == run.heap["allocated"]["samples"], "all samples are of a path")
