# SPDX-License-Identifier: MIT
"""What a known program did is what its trace holds, in an order that is possible; and replayed it is
the same work on every allocator.

usage: record_replay.py PROGRAM REPLAY LIBHAKMEM SAME_CHECKSUM
"""

import json
import os
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail
from trace_reader import ALIGNED, CALLOC, MALLOC, REALLOC, REALLOC_NULL, Trace

PROGRAM, REPLAY, LIBRARY, SAME_CHECKSUM = sys.argv[1:]
THREADS, ROUNDS, SWAPS = 3, 200, 4000
EACH = THREADS * ROUNDS
ASKED = {
    (MALLOC, 5035): 1, (MALLOC, 5001): EACH, (CALLOC, 5003): EACH, (ALIGNED, 5005): EACH,
    (ALIGNED, 5120): EACH, (ALIGNED, 5007): EACH, (ALIGNED, 5009): EACH, (MALLOC, 5011): EACH,
    (REALLOC, 5013): EACH, (REALLOC, 5015): EACH, (REALLOC_NULL, 5017): EACH, (MALLOC, 5019): EACH,
    (MALLOC, 5021): EACH, (MALLOC, 5023): EACH, (MALLOC, 5025): EACH, (REALLOC, 5027): EACH,
    (MALLOC, 5029): THREADS, (MALLOC, 5039): THREADS * SWAPS,
}
FREED = {5011: 0, 5013: 0, 5025: 0, 5029: THREADS, 5035: 1}


class Recorded:
    def __init__(self, folder, mode, *options, expect=0, limits=""):
        path, report = os.path.join(folder, mode + ".trace"), os.path.join(folder, "report")
        command = [TOOL, "record", "--output", path, "--json", report, *options, "--", PROGRAM, mode]
        if limits:
            command = ["sh", "-c", limits + '; exec "$@"', "sh", *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != expect:
            fail(f"{mode}: exit status {done.returncode} instead of {expect}: {done.stderr}")
        self.said = done.stderr
        with open(report, encoding="utf-8") as file:
            self.report = json.load(file)
        os.unlink(report)
        self.path, self.trace = path, Trace(path)
        self.trace.check_order()
        check(sorted(os.listdir(folder)) == [mode + ".trace"], "nothing but the trace is left")

    def check_known(self, name):
        asked, freed = self.trace.by_size()
        for key, count in ASKED.items():
            if asked[key] != count:
                fail(f"{name}: kind {key[0]} of {key[1]} bytes {asked[key]} times, not {count}")
        for (_, size), count in ASKED.items():
            if freed[size] != FREED.get(size, count):
                fail(f"{name}: {size} bytes freed {freed[size]} times")
        check(True, f"{name}: every operation is there, and as often as it was done")
        check(self.report["unknown"] == 0 and self.report["unseen_ends"] == 0,
              "no address was live twice, none was freed that was not live")
        check(self.trace.threads == THREADS + 1 and self.trace.ends == {1, 2, 3},
              "its threads and their ends")
        alignments = {operation.bytes: 1 << operation.alignment for operation in self.trace.operations
                      if operation.kind == ALIGNED}
        check([alignments[size] for size in (5005, 5120, 5007)] == [64, 128, 256], "alignments")
        check(self.trace.program == os.path.basename(PROGRAM)[:63], "the program's name")

    def replay(self):
        done = subprocess.run(["sh", SAME_CHECKSUM, REPLAY, LIBRARY, "--", self.path],
                              capture_output=True, text=True, timeout=60, check=False)
        check(done.returncode == 0, f"replayed: one checksum on every allocator {done.stderr}")


def ways_to_end():
    for mode, status in ("exit", 0), ("_exit", 3), ("kill", 137), ("exec", 0), ("vfork", 0):
        with tempfile.TemporaryDirectory() as folder:
            recorded = Recorded(folder, mode, expect=status)
            recorded.check_known(mode)
            check(recorded.report["programs"] == (2 if mode == "exec" else 1), "program images")
            recorded.replay()


def behind_another():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HAKMEM_STATS"] = "1"
        recorded = Recorded(folder, "exit", "--with", "hakmem")
        del os.environ["HAKMEM_STATS"]
        check("hakmem: statistics" in recorded.said, "libhakmem served the program")
        recorded.check_known("--with hakmem")


def children():
    with tempfile.TemporaryDirectory() as folder:
        recorded = Recorded(folder, "fork")
        asked, _ = recorded.trace.by_size()
        check(asked[MALLOC, 5031] == 200 * ROUNDS and asked[MALLOC, 5033] == 0,
              "of parent and child the busier one is kept, alone")
        check(recorded.report["programs"] == 2 and recorded.report["unknown"] == 1,
              "its free of the parent's block is left out, and told")
        check("blocks from before a fork" in recorded.said, "on standard error too")


def bounds():
    with tempfile.TemporaryDirectory() as folder:
        recorded = Recorded(folder, "many", "--limit", "5000")
        check(len(recorded.trace.operations) <= 5000 and recorded.report["stopped"] == "limit"
              and "stopped at the limit of 5000" in recorded.said, "the limit")
    with tempfile.TemporaryDirectory() as folder:
        recorded = Recorded(folder, "many", limits="ulimit -f 14000")
        check(200000 < len(recorded.trace.operations) < 600000
              and recorded.report["stopped"] == "File too large"
              and "could not grow" in recorded.said, "where no more can be written the program goes on")


ways_to_end()
behind_another()
children()
bounds()
sys.exit(0)
