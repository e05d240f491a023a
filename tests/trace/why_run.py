# SPDX-License-Identifier: MIT
"""Runs why for its tests, and checks what every report of it must hold."""

import json
import math
import os
import subprocess
import tempfile

from hakmem_trace import TOOL, check, fail

KEYS = {"schema", "kind", "a", "b", "command", "interrupted", "operations", "waterfall", "instructions",
        "figures", "kernel_for_malloc", "threads", "watched", "comparison"}
FALL_KEYS = {"unit", "rounds", "measured", "control", "parts", "sum", "known", "unexplained", "explained",
             "verdict"}
VALUE_KEYS = {"a", "b", "difference", "ci_low", "ci_high"}
STEP_NAMES = ["application", "header", "cache", "metadata", "classify", "freelist", "check", "entry",
              "counting", "slow_path", "lock", "unknown", "kernel: page faults", "kernel: system calls",
              "kernel: other"]


class Why:
    """One run: status, text, JSON; in a folder of its own that must be empty afterwards."""

    def __init__(self, a, b, *command, options=(), expect=0):
        with tempfile.TemporaryDirectory() as folder:
            work, path, text = (os.path.join(folder, name) for name in ("work", "json", "text"))
            os.mkdir(work)
            done = subprocess.run(
                [TOOL, "why", *options, "--json", path, "--output", text, a, b, "--", *command],
                env=dict(os.environ, TMPDIR=work, XDG_RUNTIME_DIR=work, LC_ALL="C.UTF-8"),
                capture_output=True, text=True, timeout=100, check=False)
            if done.returncode != expect:
                fail(f"exit code {done.returncode} instead of {expect}: {done.stdout} {done.stderr}")
            check(not done.stdout and not done.stderr, "nothing but the report")
            check(not os.listdir(work), f"nothing is left behind: {os.listdir(work)}")
            with open(path, encoding="utf-8") as file:
                self.json = json.load(file)
            with open(text, encoding="utf-8") as file:
                self.text = file.read()
        print(self.text)
        check(max(map(len, self.text.splitlines()[1:])) <= 80, "80 columns")
        check(set(self.json) == KEYS and self.json["kind"] == "why", "the keys are those documented")
        self.fall = self.json["waterfall"]
        check(set(self.fall) == FALL_KEYS, "of the waterfall too")

    def part(self, name):
        return next(part for part in self.fall["parts"] if part["name"] == name)

    def has_samples(self):
        if self.fall["sum"]:
            return True
        check("no samples" in self.text, "it says that there are no samples")
        return False


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def sums_come_out(why):
    fall = why.fall
    check([part["name"] for part in fall["parts"]] == STEP_NAMES, "every part is there")
    for value in fall["measured"], fall["sum"], fall["known"], fall["unexplained"], fall["control"]:
        check(set(value) == VALUE_KEYS, "a value has its keys")
    for side in "a", "b", "difference":
        check(near(sum(part[side] for part in fall["parts"]), fall["sum"][side]), f"parts add up: {side}")
    check(near(fall["known"]["difference"] + why.part("unknown")["difference"], fall["sum"]["difference"]),
          "known and unknown add up")
    check(near(fall["measured"]["difference"],
               fall["sum"]["difference"] + fall["unexplained"]["difference"]), "with what is unexplained, too")
    for part in fall["parts"] + [fall["measured"], fall["sum"]]:
        check(near(part["a"] + part["difference"], part["b"]), "A and the difference are B")
        check(part["ci_low"] <= part["ci_high"], "an interval")
    for run in why.json["watched"]:
        check(near(sum(share or 0 for share in run["shares"].values()), 1), "shares of a run add up")


def verdict_follows(fall):
    measured, control, rest = fall["measured"], fall["control"], fall["unexplained"]
    told = measured["ci_low"] > max(0, control["ci_high"]) or measured["ci_high"] < min(0, control["ci_low"])
    holds = rest["ci_low"] <= 0 <= rest["ci_high"]
    wanted = "tie" if not told else "explained" if holds else "explained in part"
    check(fall["verdict"] == wanted, f"verdict {fall['verdict']}, wanted {wanted}")
