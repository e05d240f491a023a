# SPDX-License-Identifier: MIT
"""`--budget` bounds what each instrument may cost, and what finds no room is left out, with a note.

    budget.py PROGRAM
"""
import subprocess
import sys

from hakmem_trace import Run, TOOL, check

PROGRAM = [sys.argv[1], "8000000"]


def run(*options):
    return Run(*PROGRAM, options=["--no-bpf", *options])


for text in "0", "101", "", "%", "1e3", "-1", "1%%":
    done = subprocess.run([TOOL, "run", "--budget", text, "--", "true"], capture_output=True, text=True, check=False)
    check(done.returncode == 2 and len(done.stderr.splitlines()) == 1, f"--budget '{text}' is refused in one line")

usual = run()
usual.require_samples()
check(usual.json["overhead"]["budget"] == 0.01, "1 % unless told")
check("its budget is 1 %" in usual.text, "which the report says")

wide, same, narrow = run("--budget", "20"), run("--budget", "20%"), run("--budget", "0.1")
check(abs(same.json["overhead"]["budget"] - 0.2) < 1e-9, "percent with their sign or without")
sampled = wide.json["event"] and narrow.json["event"]
if sampled:
    check(narrow.json["sampling"]["frequency"] < wide.json["sampling"]["frequency"], "less is sampled within less")
for report in wide.json, narrow.json:
    cost = report["overhead"]
    if report["event"]:
        hertz = report["sampling"]["frequency"]
        check(hertz * cost["sample_ns"] * 1e-9 <= cost["budget"] / 2 * 1.001,
              f"{hertz} samples a second of {cost['sample_ns']:.0f} ns are half of it at most")

least = run("--budget", "0.01")
check(least.json["event"] is None or least.json["sampling"]["frequency"] < 100, "next to nothing is left")
if least.json["event"] is None:
    check(any("left out (--budget)" in note for note in least.json["notes"]), "and that is said")
check(least.json["operations"] == usual.json["operations"] > 0, "counters cost nothing and stay")
