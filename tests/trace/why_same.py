# SPDX-License-Identifier: MIT
"""why ties an allocator with itself, and explains a program's own figure.

usage: why_same.py RANDOM_MIXED PROGRAM SAME DOUBLE: PROGRAM prints 100 with SAME, 200 with DOUBLE preloaded.
"""

import sys

from hakmem_trace import check, fail
from why_run import Why, near, sums_come_out, verdict_follows

MIXED, PROGRAM, SAME, DOUBLE = sys.argv[1:]


def against_itself():
    for seed in "1", "2", "3":  # one in twenty or so may be told apart by chance
        why = Why("glibc", "glibc", MIXED, "2000000", "400", "1",
                  options=("--rounds", "7", "--seed", seed, "--calls", "400"))
        check(why.json["operations"]["runs"] == 2, "operations are taken from runs on hakmem")
        if not why.has_samples():
            return
        sums_come_out(why)
        verdict_follows(why.fall)
        check(why.json["threads"]["one_thread"], "one thread")
        if why.fall["verdict"] == "tie":
            check("nothing to explain" in why.text, "it says so")
            return
    fail("an allocator differs from itself")


def own_figure():
    why = Why(SAME, DOUBLE, PROGRAM, options=("--rounds", "6", "--metric", "figure ([0-9.]+)"))
    check(why.fall["unit"] == "percent of A", "in percent")
    check(near(why.fall["measured"]["a"], 100) and near(why.fall["measured"]["b"], 50), "half the cost")
    figures = {figure["name"]: figure for figure in why.json["figures"]}
    check(figures["the program's figure"]["difference"] == 100, "the figure itself")
    check({"wall s", "CPU s", "of it in the kernel s", "max RSS MiB", "page faults", "context switches"}
          <= set(figures), "and what else is measured")
    check("nothing was counted" in why.text, "too few calls to be counted")
    check(len(why.json["comparison"]["allocators"]) == 3, "every run is there")


against_itself()
own_figure()
