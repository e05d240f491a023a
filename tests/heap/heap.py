# SPDX-License-Identifier: MIT
"""What the tests of the sampled heap have in common: runs, and figures by call site."""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "trace"))

from hakmem_trace import TOOL, check, fail, skip  # noqa: E402,F401

Z95, Z999 = 1.959963984540054, 3.290526731491926
WHENS = ("allocated", "peak", "exit")


class Heap:
    """One run --heap of a program: its output, the report, and its sites' figures."""

    def __init__(self, interval, *command, options=(), environment=None):
        with tempfile.TemporaryDirectory() as folder:
            path, text = os.path.join(folder, "json"), os.path.join(folder, "text")
            done = subprocess.run(
                [TOOL, "run", f"--heap={interval}", "--no-bpf", "--json", path, "--output", text,
                 *options, "--", *command],
                env=dict(os.environ, TMPDIR=folder, **(environment or {})),
                capture_output=True, text=True, timeout=100, check=False)
            if done.returncode != 0:
                fail(f"exit status {done.returncode}: {done.stderr}")
            with open(path, encoding="utf-8") as file:
                self.report = json.load(file)
            with open(text, encoding="utf-8") as file:
                self.text = file.read()
            left = sorted(set(os.listdir(folder)) - {"json", "text"})
            check(not left, f"nothing is left behind {left}")
        self.stdout, self.heap = done.stdout, self.report["heap"]

    def functions(self, path):
        return [line["function"] for frame in path["frames"]
                for line in self.heap["frames"][frame]["lines"]]

    def site(self, name, when):
        """(samples, bytes, half of its 95 % interval, blocks) of the paths whose caller is `name`."""
        samples = value = blocks = variance = 0
        for path in self.heap["paths"]:
            if name not in self.functions(path)[:3]:
                continue
            figures = path[when]
            samples += figures["samples"]
            value += figures["bytes"]["value"]
            blocks += figures["blocks"]["value"]
            variance += ((figures["bytes"]["ci_high"] - figures["bytes"]["value"]) / Z95) ** 2
        return samples, value, Z95 * variance ** 0.5, blocks


def truth_of(output):
    """{site: (blocks, bytes, bytes at the peak, bytes at exit)} as sites.c prints it."""
    return {words[0]: tuple(map(int, words[1:])) for words in map(str.split, output.splitlines())}
