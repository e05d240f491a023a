# SPDX-License-Identifier: MIT
"""Runs hakmem-trace for the tests, in a folder of its own that must be empty afterwards."""

import json
import math
import os
import subprocess
import sys
import tempfile

TOOL = os.environ["HAKMEM_TRACE"]
SKIPPED = 77


def fail(text):
    print("FAIL:", text)
    sys.exit(1)


def check(condition, text):
    print("ok:  " if condition else "FAIL:", text)
    if not condition:
        sys.exit(1)


def skip(text):
    print("skipped:", text)
    sys.exit(SKIPPED)


class Run:
    """One run: status, output, the report as text and as JSON."""

    def __init__(self, *command, options=(), expect=0):
        with tempfile.TemporaryDirectory() as folder:
            runtime = os.path.join(folder, "runtime")
            os.mkdir(runtime)
            json_path, text_path = os.path.join(folder, "json"), os.path.join(folder, "text")
            done = subprocess.run(
                [TOOL, "run", "--json", json_path, "--output", text_path, *options, "--", *command],
                env=dict(os.environ, XDG_RUNTIME_DIR=runtime),
                capture_output=True, text=True, timeout=60, check=False)
            self.stdout, self.stderr, self.status = done.stdout, done.stderr, done.returncode
            if self.status != expect:
                fail(f"exit status {self.status} instead of {expect}: {self.stderr}")
            with open(json_path, encoding="utf-8") as file:
                self.json = json.load(file)
            with open(text_path, encoding="utf-8") as file:
                self.text = file.read()
            check(not os.listdir(runtime), "no counter file is left behind")
            check(sorted(os.listdir(folder)) == ["json", "runtime", "text"], "nothing else either")

    def source(self, name):
        return next((row for row in self.json["sources"] if row["name"] == name), None)

    def require_samples(self):
        if self.json["event"] is None:
            skip("the kernel gives no samples: " + " ".join(self.json["notes"]))

    def require_kernel_samples(self):
        self.require_samples()
        if not self.json["sampling"]["kernel"]:
            skip("the kernel gives no samples of itself")


def wilson(share, samples, quantile):
    """The score interval, written down a second time to check the tool's own."""
    z2 = quantile * quantile
    middle = (share + z2 / (2 * samples)) / (1 + z2 / samples)
    half = quantile / (1 + z2 / samples) * math.sqrt(
        share * (1 - share) / samples + z2 / (4 * samples * samples))
    return middle - half, middle + half
