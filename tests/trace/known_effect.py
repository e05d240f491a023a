# SPDX-License-Identifier: MIT
"""An effect put in on purpose is found by all three estimates of the ledger, and a level that is no
other is found to be nothing.

usage: known_effect.py RANDOM_MIXED LIBRARY SPENDING SPENT ROWS
SPENDING is LIBRARY but for SPENT instructions more in every malloc, in a file of the factor classify.
ROWS is bench/ledger_rows.py.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, skip

PROGRAM, LIBRARY, SPENDING, SPENT, ROWS = *sys.argv[1:4], int(sys.argv[4]), sys.argv[5]

with tempfile.TemporaryDirectory() as folder:
    for header in "none", "inline":
        for classify, library in ("direct", LIBRARY), ("routed", SPENDING):
            name = f"libhakmem-{header}-magazine-flat-{classify}-bitmap"
            shutil.copy(library, os.path.join(folder, name + ".so"))
    shutil.copy(LIBRARY, os.path.join(folder, "libhakmem-none-magazine-flat-direct-bitmap-again.so"))
    path = os.path.join(folder, "json")
    done = subprocess.run(
        [TOOL, "ablate", "--factors", "header,classify", "--rounds", "12", "--json", path,
         "--metric", "([0-9.]+) M ops/s", "--", PROGRAM, "3000000", "400", "1"],
        env=dict(os.environ, HAKMEM_VARIANTS=folder), capture_output=True, text=True, timeout=110,
        check=False)
    print(done.stdout, done.stderr)
    check(done.returncode == 0, f"exit code {done.returncode}")
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    rows = subprocess.run([sys.executable, ROWS, path], capture_output=True, text=True, check=True).stdout
    counts = [len(line.partition(",")[2].split()) for line in rows.splitlines()]
    check(counts == [1] + 7 * [12], f"raw rows: {rows}")
    check(subprocess.run([sys.executable, ROWS, LIBRARY], capture_output=True, check=False).returncode == 1,
          "of nothing else")

nothing, spent = report["ledger"]["rows"]
check(spent["ablated"]["percent_range"][0] > 10, "moving the factor costs")
check(abs(nothing["ablated"]["percent"]) < spent["ablated"]["percent"] / 4, "a level that is no other does not")
check(nothing["reason"] is None or "malloc has" not in nothing["reason"], "malloc matters here")
if report["ledger"]["far"]["calls"] == 0:
    skip("no calls can be counted here: " + " ".join(report["notes"]))
check(nothing["counted"]["instructions"] == 0, "nor does it execute anything more")
calls = report["ledger"]["far"]["calls"]
mallocs = spent["counted"]["instructions"] * calls / SPENT
print(f"{mallocs} mallocs of {calls} calls")
check(abs(mallocs - round(mallocs)) < 1e-6 and 0.4 < mallocs / calls < 0.6,
      "a whole number of mallocs executes them all")
modern, far = (report["ledger"][end]["per_1000_operations"] for end in ("modern", "far"))
if far["by"] != "nothing":
    more = (far["instructions"] - modern["instructions"]) / 1000
    check(abs(more / (SPENT * mallocs / calls) - 1) < 0.05, f"{far['by']} sees {more} an operation")
if report["ledger"]["far"]["samples"] == 0:
    skip("the kernel gives no samples")
if report["others_cores"] > 0.05:
    print("others kept the machine busy: what time says is not compared")
    sys.exit(0)
low, high = spent["sampled"]["percent_range"]
check(low > 0, "samples see it")
check(low <= spent["ablated"]["percent_range"][1] and spent["ablated"]["percent_range"][0] <= high,
      "and agree with the effect of moving it")
low, high = nothing["sampled"]["percent_range"]
check(low <= 0 <= high, "and nothing where nothing is")
