# SPDX-License-Identifier: MIT
"""Locks and atomic instructions: none for a thread's own blocks, few for those of others, and no more
for each operation with many threads than with one. By the library's own counters, so on any machine.

usage: atomics.py RANDOM_MIXED MANY_THREADS PRODUCER_CONSUMER
"""

import sys

from hakmem_trace import Run, check

BARE = ["--no-bpf"]


def shared(report):
    return report["counters"].get("locks", 0) + report["counters"].get("atomics", 0)


mixed, threads, producer = sys.argv[1:]
few, many = (Run(mixed, str(n), "400", "1", options=BARE).json for n in (200000, 2200000))
more, operations = shared(many) - shared(few), many["operations"] - few["operations"]
check(operations >= 1900000, f"{operations} more operations of one thread")
check(more <= 50, f"take {more} more locks and atomics: none on malloc and free")

rates = []
for count in (1, 64):
    report = Run(threads, "--threads", str(count), "--operations", "20000", options=BARE).json
    rates.append(shared(report) / report["operations"])
    check(0 < rates[-1] < 0.002, f"{count} threads: {shared(report)} locks and atomics in "
          f"{report['operations']} operations: what a thread does once, when it takes a heap and slabs")
check(rates[1] <= 1.5 * rates[0], "no more an operation with 64 threads than with one")

report = Run(producer, "--producers", "1", "--consumers", "1", "--blocks", "300000", options=BARE).json
frees, atomics = report["counters"]["remote_frees"], report["counters"]["atomics"]
check(frees >= 290000, f"{frees} blocks freed by another thread")
check(atomics * 8 <= frees, f"{atomics} atomics for them, at most one for 8")
