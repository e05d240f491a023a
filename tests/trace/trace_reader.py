# SPDX-License-Identifier: MIT
"""Reads a trace a second time, as analysis/README.md documents it, to check what the tools do."""

import collections
import struct

from hakmem_trace import check

HEADER = struct.Struct("<8sIIQQQQ8Q64s")
RECORD = struct.Struct("<QII")
MALLOC, CALLOC, ALIGNED, REALLOC, REALLOC_NULL, FREE, THREAD_END = range(7)
Operation = collections.namedtuple("Operation", "kind bytes object thread alignment")


class Trace:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        (self.magic, self.version, size, self.records, self.objects, self.threads,
         self.peak, *rest) = HEADER.unpack_from(data)
        self.counts, self.program = rest[:8], rest[8].rstrip(b"\0").decode()
        self.operations = [Operation(what >> 48 & 255, what & (1 << 48) - 1, number, thread, what >> 56)
                           for what, number, thread in RECORD.iter_unpack(data[size:])]

    def check_order(self):
        """No object before it exists, none after its end; everything numbered in its order."""
        live, born, threads, peak, ends = {}, 0, 0, 0, set()
        bytes_live = 0
        counts = [0] * 8
        for operation in self.operations:
            counts[operation.kind] += 1
            assert operation.thread <= threads, "threads in the order of their first records"
            threads = max(threads, operation.thread + 1)
            if operation.kind == THREAD_END:
                ends.add(operation.thread)
                continue
            if operation.kind in (FREE, REALLOC):
                assert operation.object in live, f"{operation} on an object that is not live"
                bytes_live -= live.pop(operation.object)
            else:
                assert operation.object == born, f"{operation} out of order"
                born += 1
            if operation.kind != FREE:
                live[operation.object] = operation.bytes
                bytes_live += operation.bytes
                peak = max(peak, bytes_live)
        check(self.magic == b"HAKTRACE" and self.version == 1, "a trace of version 1")
        check((born, threads, len(self.operations)) == (self.objects, self.threads, self.records)
              and counts == self.counts, "the header counts what is there")
        check(peak == self.peak, f"the highest sum of live bytes is {peak}")
        self.live, self.ends = live, ends

    def by_size(self):
        """How often each size was asked for, by kind, and how often such an object was freed."""
        asked, freed, sizes = collections.Counter(), collections.Counter(), {}
        for operation in self.operations:
            if operation.kind == FREE:
                freed[sizes[operation.object]] += 1
            elif operation.kind != THREAD_END:
                asked[operation.kind, operation.bytes] += 1
                sizes[operation.object] = operation.bytes
        return asked, freed
