# SPDX-License-Identifier: MIT
"""why names the step that costs more, its parts add up, and the instructions are exact.

usage: why_known.py RANDOM_MIXED LIBRARY SPENDING SPENT STEPS
SPENDING is LIBRARY but for SPENT instructions more in every malloc, in a file of the factor classify.
STEPS: yes where calls can be stepped through.
"""

import os
import shutil
import sys
import tempfile

from hakmem_trace import check
from why_run import Why, near, sums_come_out, verdict_follows

MIXED, LIBRARY, SPENDING, SPENT, STEPS = *sys.argv[1:4], int(sys.argv[4]), sys.argv[5]


def known_effect():
    with tempfile.TemporaryDirectory() as folder:
        spending = os.path.join(folder, "libhakmem-spending.so")
        shutil.copy(SPENDING, spending)
        why = Why(LIBRARY, spending, MIXED, "2000000", "400", "1",
                  options=("--rounds", "7", "--frequency", "2000", "--calls", "400"))
    check(why.json["operations"]["median"] > 2e6, "operations are counted")
    check(why.json["operations"]["counted_on"] == "libhakmem.so.1", "on A, which counts")
    if STEPS == "yes":
        instructions(why.json["instructions"])
    if not why.has_samples():
        return
    sums_come_out(why)
    verdict_follows(why.fall)
    measured, classify = why.fall["measured"]["difference"], why.part("classify")
    check(why.fall["unit"] == "ns per operation" and measured > 0, "it costs time")
    check(classify["sign"] == "more" and classify["ci_low"] > 0.5 * measured, "in classify, and it says so")
    check(abs(why.fall["unexplained"]["difference"]) < 0.3 * measured, "the parts explain it")
    check(max(abs(part["difference"]) for part in why.fall["parts"] if part != classify)
          < 0.5 * measured, "no other part does")
    check("classify" in why.text.split("Most of it:")[1].split(".")[0], "in words too")


def instructions(counted):
    a, b = counted["a"], counted["b"]
    for kind in "malloc", "free":
        check(a["calls"][kind] == b["calls"][kind] > 100, f"as many calls of {kind} on both")
    more = {step["name"]: {kind: step[kind] - before[kind] for kind in ("malloc", "free", "other")}
            for before, step in zip(a["steps"], b["steps"])}
    check(more["classify"]["malloc"] == SPENT * a["calls"]["malloc"], "exactly what is spent")
    check(all(not any(of.values()) for name, of in more.items() if name != "classify"), "nowhere else")
    check(near(counted["known"], 1), "all of it is known")


known_effect()
