# SPDX-License-Identifier: MIT
"""count beside somebody who watches the library: the breakpoints of his probes are stepped over.

usage: count_beside.py RANDOM_MIXED SERVER_CHURN
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, Run, check, skip
from rights import children_of

RANDOM_MIXED, SERVER_CHURN = sys.argv[1:]
CALLS = 2000


def count(folder):
    path = os.path.join(folder, "json")
    done = subprocess.run([TOOL, "count", "--calls", str(CALLS), "--json", path, "--", SERVER_CHURN, "--generations", "4"],
                          capture_output=True, text=True, timeout=60, check=False)
    check(done.returncode == 0, f"the program is not killed: {done.returncode} {done.stderr[-300:]}")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


if not Run(RANDOM_MIXED, "2000000", "400", "1").json["slow_path"]:
    skip("no probes can be attached here")
with tempfile.TemporaryDirectory() as folder:
    alone = count(folder)
    with subprocess.Popen([TOOL, "run", "--output", os.path.join(folder, "text"), "--", RANDOM_MIXED, "40000000000",
                           "400", "1"], stdout=subprocess.DEVNULL) as watcher:
        try:
            while "random_mixed" not in children_of(watcher.pid):
                time.sleep(0.05)
            beside = count(folder)
        finally:
            watcher.terminate()
check(beside["calls"] == alone["calls"] == CALLS, "all calls are counted")
slow = [path["name"] for path in beside["paths"] if "refill" in path["name"]]
check(slow, f"calls that pass by probes are among them: {slow}")
