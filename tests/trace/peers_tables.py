# SPDX-License-Identifier: MIT
"""bench/peers_tables.py: an allocator of known instructions has them in its tables; wrong use is refused.

usage: peers_tables.py SCRIPT PROGRAM ALLOCATOR
"""

import subprocess
import sys

from hakmem_trace import TOOL, check

SCRIPT, PROGRAM, ALLOCATOR = sys.argv[1:]


def run(*arguments):
    return subprocess.run([sys.executable, SCRIPT, "--tool", TOOL, *arguments], capture_output=True, text=True,
                          timeout=60, check=False)


done = run("--calls", "800", f"known={ALLOCATOR}", "--", PROGRAM, "rounds", "3000")
check(done.returncode == 0, f"it ends well: {done.stderr}")
lines = done.stdout.splitlines()
rows = {tuple(line.split(" | ")[:2]): line for line in lines if line.startswith("| known | ")}
# As tests/trace/count.py has them: 9 instructions, 3 loads, 2 stores, 2 branches.
free = rows[("| known", "free")]
check(free.startswith("| known | free | 100.0 % | 9.0 | ") and (" | 9.0 | 3.0 | 2.0 | 2.0 | 1 | " in free
      or " | 9.0 | 0.0 | 0.0 | 0.0 |  | " in free), f"free: {free}")  # the latter without capstone
place = lines.index("### Instructions of a malloc")
check(lines[place + 2] == "| step | known |" and lines[-2].startswith("| all | "), "tables of steps")
check("| all | 10.50 |" in lines[place:], "half of the mallocs take 7 instructions and half 14")
check("| unknown | 10.50 |" in lines[place:], "for which there is no lens")
done = run("nosuch", "--", PROGRAM, "rounds", "3")
check(done.returncode == 1 and "nosuch" in done.stderr and not done.stdout, "an allocator that is not there")
check(run("hakmem").returncode == 2 and run("--", PROGRAM).returncode == 2, "nothing to count")
done = run("--tool", "/no/such/tool", "hakmem", "--", PROGRAM)
check(done.returncode == 1 and "Traceback" not in done.stderr, "no tool")
