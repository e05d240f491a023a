# SPDX-License-Identifier: MIT
"""Usage: sites.py SITES [LIBRARY]...

With an interval of one byte every block is sampled: what is live at the peak and at the end is
told exactly, for the sites it is of, and nothing is said to leak that was given back, by whichever
thread and function. On every library that is named."""

import subprocess
import sys

from heap import TOOL, Heap, check, truth_of


def examine(library, program):
    run = Heap(1, program, "40", "3", options=["--with", library])
    heap = run.heap
    check(heap["lost"] == 0, f"{library}: nothing is lost")
    for name, (blocks, size, peak, at_exit) in truth_of(run.stdout).items():
        _, value, _, count = run.site(name, "allocated")
        check(round(value) == size and round(count) == blocks,
              f"{name}: {value:.0f} of {size} bytes, {count:.0f} of {blocks} blocks")
        _, live, _, _ = run.site(name, "peak")
        check(round(live) == peak, f"{name}: {live:.0f} of {peak} bytes live at the peak")
        _, left, _, _ = run.site(name, "exit")
        check(round(left) == at_exit, f"{name}: {left:.0f} of {at_exit} bytes live at exit")
    moments = heap["moments"]
    check(all(a["at_s"] <= b["at_s"] for a, b in zip(moments, moments[1:])), "moments are in order")
    peak = max(moments, key=lambda moment: moment["bytes"])
    check(abs(peak["bytes"] - heap["peak"]["bytes"]["value"]) < 1 and
          abs(peak["at_s"] - heap["peak_at_s"]) < 1e-6, "the peak is one of them")
    return run


run = examine("hakmem", sys.argv[1])
leak = next(path for path in run.heap["paths"] if run.functions(path)[:1] == ["leak_site"])
check(leak["called"] == "malloc" and run.functions(leak)[1] == "main" and
      not leak["longer"], f"the path is whole: {leak['called']} {run.functions(leak)}")
lines = run.heap["frames"][leak["frames"][0]]["lines"]
check(lines[0]["file"].endswith("sites.c") and lines[0]["line"] > 0, f"its line is known: {lines}")
check("never given back" in run.text and "leak_site" in run.text, "the text says so, too")
for library in sys.argv[2:]:
    examine(library, sys.argv[1])

both = Heap(1, "sh", "-c", f"{sys.argv[1]} 10 1 & {sys.argv[1]} 10 2; wait")
check(both.heap["programs"] >= 2, f"{both.heap['programs']} programs left samples")
for when in "allocated", "exit":
    check(round(both.site("leak_site", when)[1]) == 2 * 300 * 777, f"two programs add up ({when})")
for options, words in ((["--heap=x"], "not a number"), (["--heap", "--with", "glibc"], "takes hakmem")):
    done = subprocess.run([TOOL, "run", *options, "--", "true"], capture_output=True, text=True, check=False)
    check(done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1, done.stderr.strip())
