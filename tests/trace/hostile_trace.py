# SPDX-License-Identifier: MIT
"""replay on traces that are cut, forged or random: one line and exit status 1, or the work done;
never a crash.

usage: hostile_trace.py PROGRAM REPLAY
"""

import os
import random
import resource
import struct
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail
from trace_reader import HEADER, RECORD

PROGRAM, REPLAY = sys.argv[1:]
BITS = 48
SANITIZED = "HAKMEM_TEST_SANITIZED" in os.environ  # a REPLAY built by hand with -fsanitize=address


def bound_memory():
    if not SANITIZED:  # its shadow takes terabytes
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))


def replay(data, folder, expect=None):
    path = os.path.join(folder, "hostile.trace")
    with open(path, "wb") as file:
        file.write(data)
    done = subprocess.run([REPLAY, path], capture_output=True, text=True, timeout=60, check=False,
                          preexec_fn=bound_memory)
    said = "".join(line for line in done.stderr.splitlines(True)
                   if not (SANITIZED and "AddressSanitizer failed to allocate" in line))
    if done.returncode not in ((0, 1) if expect is None else (expect,)):
        fail(f"exit status {done.returncode}: {done.stderr}")
    if done.returncode == 1 and (said.count("\n") != 1 or done.stdout):
        fail(f"not one line: {said!r}, {done.stdout!r}")
    return said


def header(held, objects=None, threads=1, **changes):
    counts = [0] * 8
    for what, _, _ in held:
        counts[min(what >> BITS & 255, 7)] += 1
    fields = {"magic": b"HAKTRACE", "version": 1, "size": HEADER.size, "records": len(held),
              "objects": sum(counts[:3]) + counts[4] if objects is None else objects,
              "threads": threads, "peak": 0, "counts": counts, "program": b"forged"}
    fields.update(changes)
    return HEADER.pack(fields["magic"], fields["version"], fields["size"], fields["records"],
                       fields["objects"], fields["threads"], fields["peak"], *fields["counts"],
                       fields["program"])


def trace(held, **changes):
    return header(held, **changes) + b"".join(RECORD.pack(*fields) for fields in held)


def record(kind, size, number, thread=0, alignment=0):
    return (size | kind << BITS | alignment << BITS + 8, number, thread)


def cuts(whole, folder):
    for length in [*range(0, 400, 13), *range(400, len(whole), max(1, len(whole) // 40))]:
        replay(whole[:length], folder, expect=1)
    said = replay(whole + b"more", folder, expect=1)
    check("truncated, or longer" in said, "cut anywhere, or too long: one line")


def forgeries(folder):
    good = [record(0, 100, 0), record(3, 200, 0), record(5, 0, 0)]
    check(replay(trace(good), folder, expect=0) == "", "the model of the forgeries is good")
    for text, data in (
            ("not a trace", trace(good, magic=b"HAKMEMXX")),
            ("another version", trace(good, version=2)),
            ("its header's length", trace(good, size=1)),
            ("truncated", trace(good, records=1 << 62)),
            ("truncated", trace(good, records=2)),
            ("without operations", trace([])),
            ("more objects or threads", trace(good, objects=1 << 40)),
            ("more objects or threads", trace(good, threads=1 << 31)),
            ("more objects or threads", trace(good, threads=0)),
            ("counts other records", trace(good, threads=2)),
            ("counts other records", trace(good, counts=[9] * 8)),
            ("out of order", trace(good, objects=0)),
            ("counts other records", trace(good, objects=2)),
            ("record 0 is on an object out of order", trace([record(0, 1, 1), record(5, 0, 1)])),
            ("not live", trace([record(5, 0, 0)])),
            ("not live", trace([record(0, 1, 0), record(5, 0, 0), record(5, 0, 0)])),
            ("not live", trace([record(0, 1, 0), record(5, 0, 4000000000)])),
            ("no known kind", trace([record(7, 1, 0)])),
            ("no known kind", trace([record(255, 1, 0)])),
            ("unknown thread", trace([record(0, 1, 0, thread=1)], threads=1)),
            ("unknown thread", trace([record(0, 1, 0), record(0, 1, 1, thread=4000000000)], threads=2)),
            ("impossible alignment", trace([record(2, 1, 0, alignment=63)])),
            ("memory or threads ran out", trace([record(0, (1 << BITS) - 1, 0)])),
            ("memory or threads ran out", trace([record(2, 1 << 47, 0, alignment=12)])),
    ):
        said = replay(data, folder, expect=1)
        if text not in said:
            fail(f"'{text}' expected, said: {said}")
    check(True, "forged headers and records: one line that says what is wrong")


def orders(folder):
    """Ends, starts and frees across threads in every order that the format allows."""
    generator = random.Random(1)
    for _ in range(100):
        records, live, born, threads = [], [], 0, 1
        for _ in range(generator.randrange(1, 60)):
            thread = generator.randrange(min(threads + 1, 6))
            threads = max(threads, thread + 1)
            if generator.random() < 0.15:
                records.append(record(6, 0, 0, thread))
            elif live and generator.random() < 0.5:
                number = live[generator.randrange(len(live))]
                if generator.random() < 0.5:
                    live.remove(number)
                    records.append(record(5, 0, number, thread))
                else:
                    records.append(record(3, generator.randrange(1, 9000), number, thread))
            else:
                live.append(born)
                records.append(record(generator.choice((0, 1, 4)), generator.randrange(9000), born, thread))
                born += 1
        if records[0][2] == 0:
            replay(trace(records, threads=threads), folder, expect=0)
    check(True, "threads that end, start and free in any order: done")


def noise(whole, folder):
    generator = random.Random(2)
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(generator.randrange(1, 4)):
            data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
        replay(bytes(data), folder)
    for length in 0, 1, 175, 176, 1000:
        replay(generator.randbytes(length), folder, expect=1)
    replay(header([], records=1) + struct.pack("<QII", 0, 0, 0)[:-1], folder, expect=1)
    check(True, "bits turned over and plain noise: never a crash")


with tempfile.TemporaryDirectory() as scratch:
    recorded = os.path.join(scratch, "whole.trace")
    subprocess.run([TOOL, "record", "--limit", "3000", "--output", recorded, "--", PROGRAM, "exit"],
                   capture_output=True, timeout=60, check=True)
    with open(recorded, "rb") as original:
        content = original.read()
    cuts(content, scratch)
    forgeries(scratch)
    orders(scratch)
    noise(content, scratch)
    said_of_folder = subprocess.run([REPLAY, scratch], capture_output=True, text=True, check=False)
    check(said_of_folder.returncode == 1 and "not a regular file" in said_of_folder.stderr, "a folder")
    said_of_none = subprocess.run([REPLAY, scratch + "/none"], capture_output=True, text=True, check=False)
    check(said_of_none.returncode == 1 and "No such file" in said_of_none.stderr, "no such file")
    check(subprocess.run([REPLAY], capture_output=True, check=False).returncode == 2, "no argument")
sys.exit(0)
