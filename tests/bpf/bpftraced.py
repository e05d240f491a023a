# SPDX-License-Identifier: MIT
"""What the tests that run bpftrace share."""
import os
import shutil
import subprocess
import sys

SKIPPED = 77


def check(condition, text, output=""):
    print("ok:  " if condition else "FAIL:", text)
    if not condition:
        print(output)
        sys.exit(1)


def require_bpftrace():
    if not shutil.which("bpftrace") or os.geteuid() != 0:
        print("skipped: needs bpftrace, and root")
        sys.exit(SKIPPED)
    alone = subprocess.run(["bpftrace", "-e", "BEGIN { exit(); }"], capture_output=True, text=True, timeout=60, check=False)
    if alone.returncode != 0:
        print("skipped: bpftrace does not run here:", alone.stderr.strip()[-300:])
        sys.exit(SKIPPED)
