# SPDX-License-Identifier: MIT
"""An allocator's file whose headers, symbols, notes and debug information are broken, though it can be
loaded and run: it may cost the names of its functions, never the report.

usage: hostile_elf.py LIBRARY WORKLOAD ARGUMENT...
"""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail

SEED = 20240611
LIMIT = 30  # seconds that one run may take
BUDGET = 8  # seconds after which no copy more is tried
COPIES = 60
LEAST = 8


class Elf:
    """Where a 64-bit file keeps what the loader doesn't look at."""

    def __init__(self, contents):
        self.contents = contents
        self.sections_at, = struct.unpack_from("<Q", contents, 0x28)
        self.section_bytes, self.section_count = struct.unpack_from("<HH", contents, 0x3a)
        segments_at, = struct.unpack_from("<Q", contents, 0x20)
        segment_bytes, segment_count = struct.unpack_from("<HH", contents, 0x36)
        ends = []
        for i in range(segment_count):
            kind, = struct.unpack_from("<I", contents, segments_at + i * segment_bytes)
            offset, = struct.unpack_from("<Q", contents, segments_at + i * segment_bytes + 8)
            size, = struct.unpack_from("<Q", contents, segments_at + i * segment_bytes + 32)
            if kind == 1:
                ends.append(offset + size)
        self.loaded_end = max(ends)

    def section(self, field, size):
        """Places of a field of every section's header."""
        return [(self.sections_at + i * self.section_bytes + field, size)
                for i in range(self.section_count)]


def copies(elf):
    """Broken copies: those that are known to be nasty, then random ones."""
    header = {"section headers beyond the end": (0x28, "<Q", 1 << 40),
              "section headers at the last byte": (0x28, "<Q", len(elf.contents) - 1),
              "a huge count of sections": (0x3c, "<H", 0xffff),
              "no count of sections, so the first tells it": (0x3c, "<H", 0),
              "names of sections in none": (0x3e, "<H", 0xfff0),
              "section headers of three bytes": (0x3a, "<H", 3)}
    for name, (at, form, value) in header.items():
        copy = bytearray(elf.contents)
        struct.pack_into(form, copy, at, value)
        yield name, copy
    for name, field, form, value in (("sizes", 32, "<Q", 1 << 60), ("offsets", 24, "<Q", 1 << 62),
                                     ("sizes of an entry", 56, "<Q", 1), ("links", 40, "<I", 1 << 31)):
        copy = bytearray(elf.contents)
        for at, _ in elf.section(field, 8):
            struct.pack_into(form, copy, at, value)
        yield f"huge {name} of all sections", copy
    for i in range(COPIES):
        source = random.Random(SEED + i)
        copy = bytearray(elf.contents)
        first = elf.sections_at if i % 2 else elf.loaded_end
        for _ in range(1 << source.randrange(12)):
            copy[source.randrange(first, len(copy))] = source.randrange(256)
        yield f"seed {SEED + i}", copy


def check_callers(name, path, report, command):
    """Its frames are left by the file's rules."""
    done = subprocess.run([TOOL, "callers", "--json", report, "--output", "/dev/null", "--", *command],
                          env=dict(os.environ, HAKMEM_LIBRARY=path), timeout=LIMIT, capture_output=True, check=False)
    if done.returncode != 0:
        fail(f"{name}: callers: exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
    with open(report, encoding="utf-8") as file:
        figures = json.load(file)
    if figures["sampling"]["samples"] == 0:
        fail(f"{name}: no calls")


def main():
    library, command = sys.argv[1], sys.argv[2:]
    with open(library, "rb") as file:
        elf = Elf(file.read())
    end, tried = time.monotonic() + BUDGET, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path, report = os.path.join(folder, "libhakmem.so"), os.path.join(folder, "json")
        for name, copy in copies(elf):
            if tried >= LEAST and time.monotonic() > end:
                break
            with open(path, "wb") as file:
                file.write(copy)
            # Attaching eBPF programs takes a second, and is libbpf's reading of the file.
            bpf = [] if tried % 8 == 0 else ["--no-bpf"]
            done = subprocess.run([TOOL, "run", "--json", report, *bpf, "--", *command],
                                  env=dict(os.environ, HAKMEM_LIBRARY=path), timeout=LIMIT,
                                  capture_output=True, check=False)
            if done.returncode != 0:
                fail(f"{name}: exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
            with open(report, encoding="utf-8") as file:
                figures = json.load(file)
            if figures["operations"] == 0:
                fail(f"{name}: no counters")
            check_callers(name, path, report, command)
            tried += 1
    check(tried >= LEAST, f"{tried} broken libraries, each with a report")


main()
