# SPDX-License-Identifier: MIT
"""When `run --every-call` has ended, its probes are gone: whoever starts next on the library is not trapped.

    every_call_gone.py LIBRARY PROGRAM
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, skip

LIBRARY, PROGRAM = map(os.path.abspath, sys.argv[1:])
BREAKPOINT = 0xCC


def probes(library):
    """Places in the file of the probes on every call."""
    notes = subprocess.run(["readelf", "-n", library], capture_output=True, text=True, check=True).stdout
    return [int(place, 16) for name, place in re.findall(r"Name: (\w+)\n +Location: (0x[0-9a-f]+)", notes)
            if name in ("malloc", "free", "realloc")]


def trapped(library, places):
    """How many of them are breakpoints in a program that begins now."""
    program = subprocess.Popen(["cat"], env=dict(os.environ, LD_PRELOAD=library), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    try:
        program.stdin.write(b"x")
        program.stdin.flush()
        program.stdout.read(1)  # it is well under way
        with open(f"/proc/{program.pid}/maps", encoding="utf-8") as file:
            starts = [int(line.split("-")[0], 16) for line in file if line.rstrip().endswith(library)]
        with open(f"/proc/{program.pid}/mem", "rb") as memory:
            count = 0
            for place in places:
                memory.seek(min(starts) + place)
                count += memory.read(1)[0] == BREAKPOINT
            return count
    finally:
        program.stdin.close()
        program.wait()


if os.uname().machine != "x86_64" or not shutil.which("readelf"):
    skip("needs x86-64 and readelf")
with tempfile.TemporaryDirectory() as folder:
    library = shutil.copy(LIBRARY, os.path.join(folder, "libhakmem.so"))  # nobody else watches this one
    places = probes(library)
    if not places:
        skip("no probes are built in")
    done = subprocess.run([TOOL, "run", "--every-call", "--", PROGRAM, "20000", "400", "1"],
                          env=dict(os.environ, HAKMEM_LIBRARY=library), capture_output=True, text=True, timeout=100,
                          check=False)
    check(done.returncode == 0, "the program ran")
    if "every call of malloc, free and realloc is watched" not in done.stderr:
        skip("eBPF is not to be had: " + done.stderr[-200:])
    check(trapped(library, places) == 0, f"none of {len(places)} probes is left behind")
