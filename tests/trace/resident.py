# SPDX-License-Identifier: MIT
"""Resident memory is told by kind: a program that holds so much of each is reported so.

usage: resident.py PROGRAM
"""

import re
import sys

from hakmem_trace import Run, check

MIB = 1 << 20
run = Run(sys.argv[1], options=["--no-bpf"])
seen = run.json["resident"]
check(seen is not None, "the memory was looked at: " + " ".join(run.json["notes"]))
kinds = {row["name"]: row for row in seen["kinds"]}
print({name: round(row["resident"] / MIB, 2) for name, row in kinds.items()})


def holds(name, least, most):
    mib = kinds[name]["resident"] / MIB
    check(least <= mib <= most, f"{name}: {mib:.2f} MiB, between {least} and {most}")


holds("slabs", 16, 17)
holds("large blocks", 16, 16.2)
holds("free spans", 7.8, 8.3)
holds("stacks, huge blocks, others", 5, 5.7)
holds("tables and heaps", 0.01, 0.8)
holds("program and libraries", 2.5, 6)  # its array of pointers has 2 MiB
check(abs(kinds["slabs"]["live"] - 16 * MIB) < MIB / 8, "16 MiB of small blocks are live")
check(kinds["large blocks"]["live"] == 16 * MIB, "and 16 MiB of large ones")
check(kinds["free spans"]["live"] is None, "free spans hold no blocks")
check(sum(row["resident"] for row in kinds.values()) == seen["total"], "the kinds add up")
check(0.9 * run.json["max_rss_kb"] < seen["total"] / 1024 < 1.1 * run.json["max_rss_kb"],
      f"{seen['total'] >> 10} KiB are what the kernel says: {run.json['max_rss_kb']} KiB")
of_64 = next(row for row in run.json["size_classes"] if row["name"] == "64")
check(of_64["resident"] >= of_64["live"] > 15.8 * MIB, "it is the class of 64 bytes")
check(re.search(r"^  free spans +8\.\d MiB ", run.text, re.M), "the text says the same")
