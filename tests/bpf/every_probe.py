# SPDX-License-Identifier: MIT
"""bpftrace attaches to each probe that hakmem_probes.h documents, and each fires with its documented arguments.

    every_probe.py LIBRARY HEADER PROGRAM
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter

from bpftraced import check, require_bpftrace

UNIT = 1 << 16
LIBRARY, HEADER, PROGRAM = sys.argv[1:]


def documented():
    """Name to number of arguments."""
    with open(HEADER, encoding="utf-8") as file:
        return {name: int(count) for name, count in re.findall(r"^\s*X\((\w+), (\d), \"", file.read(), re.M)}


def script(probes, library, path):
    """bpftrace prints nothing before all is attached: its first beat says so."""
    with open(path, "w", encoding="utf-8") as file:
        for name, count in probes.items():
            arguments = "".join(f", arg{i}" for i in range(count))
            file.write(f'usdt:{library}:hakmem:{name} {{ printf("@{name}{" %lu" * count}\\n"{arguments}); }}\n')
        file.write('interval:ms:50 { printf("@attached\\n"); }\n')


def read_until(bpftrace, start):
    lines = []
    while not lines or not lines[-1].startswith(start):
        lines.append(bpftrace.stdout.readline())
        if not lines[-1]:
            check(False, "bpftrace watches: " + "".join(lines)[-300:])
    return lines


def watch(probes):
    """What bpftrace saw, by probe, and what the program expected."""
    with tempfile.TemporaryDirectory() as folder:
        # A copy: what others do with the library is not seen.
        library, path = shutil.copy(LIBRARY, folder), os.path.join(folder, "every_probe.bt")
        script(probes, library, path)
        # A buffer that holds every event.
        bpftrace = subprocess.Popen(
            ["bpftrace", "-B", "line", path], env=dict(os.environ, BPFTRACE_PERF_RB_PAGES="4096"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            read_until(bpftrace, "@attached")
            program = subprocess.run([PROGRAM], env=dict(os.environ, LD_PRELOAD=library), capture_output=True,
                                     text=True, timeout=60, check=False)
            lines = read_until(bpftrace, "@misuse")  # the last; other processors' buffers may be read later
            for _ in range(20):
                lines += read_until(bpftrace, "@attached")
            bpftrace.send_signal(signal.SIGINT)
            bpftrace.communicate(timeout=60)
        finally:
            bpftrace.kill()
    check(program.returncode == -signal.SIGABRT, f"the program is stopped for its misuse: {program.stderr.strip()}")
    check(not any("Lost" in line for line in lines), "no event was lost")
    seen = {name: [] for name in probes}
    for line in lines:
        name, *arguments = line.split() or [""]
        if name[1:] in seen:
            seen[name[1:]].append([int(word) for word in arguments])
    return seen, [line.split() for line in program.stdout.splitlines()]


def matches(expected, arguments):
    return len(expected) == len(arguments) and all(
        word == "*" or int(word) == value for word, value in zip(expected, arguments))


def check_told(seen, told):
    facts = {}
    for name, *expected in told:
        if "=" in name:
            key, value = name.split("=")
            facts[key] = int(value)
        else:
            check(any(matches(expected, arguments) for arguments in seen[name]),
                  f"{name} fired with {' '.join(expected)}")
    return facts


def check_arena(seen, facts):
    check(len(seen["arena_reserve"]) == 1, "the range is reserved once")
    base, size = seen["arena_reserve"][0]
    inside = lambda address: base <= address < base + size
    check(all(inside(address) and address % UNIT == 0 for _, address in seen["slab_take"]), "slabs lie in it")
    check(all(inside(address) for address, _ in seen["arena_give"]), "and what is given back")
    check(all(units * UNIT <= size for units, in seen["arena_take_begin"]), "spans are asked for in units of 64 KiB")
    check(seen["purge_begin"] == seen["purge_end"], "a purge ends with what it began with")
    check(any(address <= facts["inside_purge"] < address + size for address, size in seen["purge_end"]),
          "the large block's memory was purged")


def check_heaps(seen, facts):
    created = {owner for owner, in seen["heap_create"]}
    check(created == set(range(1, len(created) + 1)), f"heaps are numbered from 1: {sorted(created)}")
    orphans = [owner for owner, in seen["heap_orphan"]]
    check(all(owner in created for owner in orphans), "orphans were created")
    check({owner for owner, in seen["heap_adopt"]} <= set(orphans), "and adopted ones orphaned")
    handed, found = Counter(), Counter()
    for owner, _, blocks in seen["remote_publish"]:
        handed[owner] += blocks
    for owner, blocks in seen["remote_collect_end"]:
        found[owner] += blocks
    owner, blocks = handed.most_common(1)[0]
    check(owner in created and blocks >= facts["remote_blocks"], f"{blocks} blocks were handed to heap {owner}")
    check(found[owner] >= facts["remote_blocks"], "which finds them in its inbox")
    check({owner for owner, in seen["remote_collect_begin"]} == set(found), "where it said it would look")


def main():
    require_bpftrace()
    probes = documented()
    check(len(probes) > 20, f"{len(probes)} probes are documented")
    seen, told = watch(probes)
    for name, events in seen.items():
        check(events, f"{name} fired {len(events)} times")
    facts = check_told(seen, told)
    check_arena(seen, facts)
    check_heaps(seen, facts)
    check(all(0 < blocks and origin in (1, 2, 3) for _, blocks, origin in seen["refill_end"]),
          "a refill brings blocks, and says from where")
    check(all(0 < blocks and to in (1, 2) for _, blocks, to in seen["overflow_end"]), "an overflow likewise")
    locks = {lock for lock, in seen["lock_wait_begin"]}
    check({lock for lock, in seen["lock_wait_end"]} & locks, "waits for a lock end at that lock")
    for kind in "lock_wait", "refill", "overflow", "arena_take", "remote_collect":
        begun, ended = len(seen[kind + "_begin"]), len(seen[kind + "_end"])
        # The kernel runs no program of a probe while the processor's last one has not come to its end: some hits of
        # crowded threads are missed.
        check(abs(begun - ended) <= 2 + begun // 50, f"each {kind}_begin has its end ({begun}, {ended})")


main()
