# SPDX-License-Identifier: MIT
"""Names that a file brings along reach the terminal escaped, and the JSON whole.

usage: odd_names.py PROGRAM FIXTURE
"""

import os
import sys
import tempfile

from hakmem_trace import Run, check

PROGRAM, FIXTURE = sys.argv[1:]
NAME = b"fixture_allocator.c"
ODD = b"\x1b[31mred\x07\x9b\xff_bells.c"  # as long

with open(FIXTURE, "rb") as file:
    contents = file.read()
check(len(NAME) == len(ODD) and NAME in contents, "the fixture has the name of its source")
with tempfile.TemporaryDirectory() as folder:
    os.chmod(folder, 0o755)
    path = os.path.join(folder, "\x1b[1mbold.so")
    with open(path, "wb") as file:
        file.write(contents.replace(NAME, ODD))
    run = Run(PROGRAM, "0.5", "0.5", options=["--with", path])
run.require_samples()
names = [row["name"] for row in run.json["sources"] if row["group"] == "allocator"]
check(any("31mred" in name for name in names), f"the odd name is a source: {names}")
check("\\x1b[31mred\\x07" in run.text, "the report shows it escaped")
check("\\x1b[1mbold" in run.text, "so it does the library's")
check(not [c for c in run.text if ord(c) < 32 and c != "\n"], "no control character is in the report")
