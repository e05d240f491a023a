# SPDX-License-Identifier: MIT
"""A program that spends a known share of its time in a fixture allocator is reported so.

usage: known_share.py PROGRAM FIXTURE
"""

import sys

from hakmem_trace import Run, check, wilson

PROGRAM, FIXTURE = sys.argv[1:]
QUANTILE_999 = 3.290526731491926
QUANTILE_95 = 1.959963984540054

for wanted in (0.1, 0.35):
    run = Run(PROGRAM, "1.5", str(wanted), options=["--with", FIXTURE, "--frequency", "1999"])
    run.require_samples()
    true = float(run.stdout)
    samples = run.json["sampling"]["samples"]
    row = run.source("fixture_allocator")
    check(row is not None and row["group"] == "allocator", "the fixture's file is a source")
    # Shares are of all processor time; the program's clock leaves out its start and the kernel's.
    user = sum(s["share"] for s in run.json["sources"] if not s["name"].startswith("kernel"))
    reported = row["share"] / user
    low, high = wilson(reported, samples, QUANTILE_999)
    print(f"true {true:.4f}, reported {reported:.4f} of {samples} samples: [{low:.4f}, {high:.4f}]")
    check(samples > 1000, "there are samples enough")
    check(low <= true <= high, "the true share lies in the 99.9 % interval")
    check(not low <= true + 0.1 <= high and not low <= true - 0.09 <= high,
          "a wrong share would not")
    low, high = wilson(row["samples"] / samples, samples, QUANTILE_95)
    if run.json["event"] == "cpu-clock" and run.json["sampling"]["kernel"]:
        check(abs(low - row["ci_low"]) < 1e-6 and abs(high - row["ci_high"]) < 1e-6,
              "the 95 % interval is Wilson's")
    check(run.json["malloc"]["share"] == row["share"], "the headline is the sum of its sources")
