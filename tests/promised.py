# SPDX-License-Identifier: MIT
"""Every test that SECURITY.md names is one of the build's, so that no promise outlives its proof.

    promised.py SECURITY.md BUILD
"""
import fnmatch
import json
import os
import re
import sys

# Columns of the page's tables: promise, test, not promised. Tests that not every machine has are named all the same.
MAY_BE_MISSING = ("fuzz_*", "libfuzzer_*", "trace_*", "bpf_*", "hostile_*", "unit_*", "threads_tsan", "model_*")


def main():
    with open(os.path.join(sys.argv[2], "meson-info/intro-tests.json"), encoding="utf-8") as file:
        known = {test["name"] for test in json.load(file)}
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [line.split("|") for line in file if line.startswith("| ") and line.count("|") == 4]
    named = [name for row in rows if row[2].strip() != "test" for name in re.findall(r"`([a-z0-9_*]+)`", row[2])]
    missing = [name for name in named if not fnmatch.filter(known, name) and
               not any(fnmatch.fnmatch(name, pattern) for pattern in MAY_BE_MISSING)]
    without = [row[1].strip() for row in rows if row[2].strip() != "test" and "`" not in row[2]]
    for text in [f"no such test: {name}" for name in missing] + [f"no test: {text}" for text in without]:
        print(text)
    print(f"{len(named)} tests named by {len(rows)} rows")
    return 1 if missing or without or len(named) < 40 else 0


sys.exit(main())
