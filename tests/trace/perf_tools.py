# SPDX-License-Identifier: MIT
"""perf annotate and perf script show libhakmem's functions, and what is inlined in them.

usage: perf_tools.py RANDOM_MIXED LIBHAKMEM FOLDER-OF-FACTORS
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import check, skip

RANDOM_MIXED, LIBHAKMEM, FACTORS = (os.path.realpath(path) for path in sys.argv[1:])
HEADERS = {name for _, _, files in os.walk(FACTORS) for name in files if name.endswith(".h")}


if not shutil.which("perf"):
    skip("no perf: apt install linux-perf")
with tempfile.TemporaryDirectory() as folder:
    def perf(*arguments, **more):
        """Its copies of libraries go to the folder too: an older one's debug information would do."""
        return subprocess.run(["perf", "--buildid-dir", os.path.join(folder, "copies"), *arguments],
                              capture_output=True, text=True, timeout=50, check=False, **more)

    if perf("version").returncode:
        skip("no perf for this kernel: apt install linux-perf")
    data = os.path.join(folder, "data")
    recorded = perf("record", "-e", "cpu-clock", "-F", "999", "-o", data, RANDOM_MIXED, "40000000", "400", "1",
                    env=dict(os.environ, LD_PRELOAD=os.path.basename(LIBHAKMEM), LD_LIBRARY_PATH=os.path.dirname(LIBHAKMEM)))
    if recorded.returncode:
        skip("perf record: " + recorded.stderr.strip())
    script = perf("script", "-i", data, "-F", "ip,sym,srcline").stdout
    symbols = set(re.findall(r"^ *[0-9a-f]+ (\S+)", script, re.M))
    files = set(re.findall(r"^ +(\S+\.[ch]):\d+", script, re.M))
    if not script.strip():
        skip("perf took no samples")
    check({"malloc", "free"} <= symbols, f"perf script names malloc and free: {sorted(symbols)}")
    check(files & (HEADERS | {"fast_path.h"}), f"and the files that are inlined in them: {sorted(files)}")
    annotated = perf("annotate", "-i", data, "--stdio", "-s", "malloc")
    if not shutil.which("objdump"):
        skip("perf annotate: apt install binutils")
    text = annotated.stdout
    check("<malloc>:" in text, "perf annotate disassembles malloc")
    check(re.search(r"\b(classify_size|cache_pop|cache_is_empty|hak_fast_malloc|hak_fast_take)\(\):", text),
          "with the names of inlined functions")
    check(re.search(r"^ +\d+\.\d\d", text, re.M), "and shares beside its instructions")
