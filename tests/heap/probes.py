# SPDX-License-Identifier: MIT
"""Who attaches to otel_memory's probes sees the heap with nothing to configure: the semaphores turn
sampling on, `alloc` says which block of how many bytes stands for how many, by the formula of
src/sample.h at 512 KiB, and `free` names each of these blocks when it comes back and no other.

    probes.py LIBRARY HEAP_SITES
"""
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bpf"))

from bpftraced import check, require_bpftrace  # noqa: E402

LIBRARY, PROGRAM = sys.argv[1:]
INTERVAL = 512 * 1024
# Of each size that heap_sites asks for, the block's length.
LENGTHS = {24: 32, 300: 320, 1100: 1152, 20000: 21840, 500: 512, 100000: 102400, 40: 48, 4000: 4096,
           777: 832, 50000: 53248}
SCRIPT = """usdt:{0}:otel_memory:alloc {{ printf("@alloc %lu %lu %lu %lu\\n", nsecs, arg0, arg1, arg2); }}
usdt:{0}:otel_memory:free {{ printf("@free %lu %lu\\n", nsecs, arg0); }}
interval:ms:50 {{ printf("@beat\\n"); }}
"""


def chance_of(size, interval):
    return -math.expm1(-LENGTHS[size] / interval)


def lines_until_beats(bpftrace, beats):
    lines = []
    while beats > 0:
        lines.append(bpftrace.stdout.readline())
        if not lines[-1]:
            check(False, "bpftrace watches: " + "".join(lines)[-300:])
        beats -= lines[-1].startswith("@beat")
    return lines


require_bpftrace()
with tempfile.TemporaryDirectory() as folder:
    library, path = shutil.copy(LIBRARY, folder), os.path.join(folder, "script.bt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCRIPT.format(library))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HAKMEM_HEAP")}
    tracer = subprocess.Popen(["bpftrace", "-B", "line", path], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env=dict(environment, BPFTRACE_PERF_RB_PAGES="1024"))

    def run_program():
        return subprocess.run([PROGRAM, "30000", "2"], env=dict(environment, LD_PRELOAD=library),
                              capture_output=True, text=True, timeout=60, check=True)

    try:
        # The timer may beat before the other probes are attached: until they are, programs leave nothing.
        end, lines = time.monotonic() + 60, []
        while time.monotonic() < end and not any(line.startswith("@alloc") for line in lines):
            run_program()
            lines = lines_until_beats(tracer, 2)
        lines_until_beats(tracer, 6)
        program = run_program()
        lines = lines_until_beats(tracer, 6)
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=30)

truth = sum(int(line.split()[2]) for line in program.stdout.splitlines())
total = variance = wrong = count = others = unknown = 0
widest = INTERVAL
live = {}
# Each processor has a buffer of its own, so lines are not in the order of time.
events = sorted((int(time), kind, *map(int, rest)) for kind, time, *rest in
                (words for words in map(str.split, lines) if len(words) > 2))
for _, kind, pointer, *rest in events:
    if kind == "@alloc":
        size, weighted = rest
        live[pointer] = size
        if size not in LENGTHS:
            others += weighted
            continue
        interval = next((INTERVAL << n for n in range(8) if abs(weighted - size / chance_of(size, INTERVAL << n)) <= 1), 0)
        wrong += interval == 0
        widest = max(widest, interval)
        chance = chance_of(size, interval or INTERVAL)
        total += weighted
        variance += (1 - chance) * weighted * weighted
        count += 1
    else:
        unknown += live.pop(pointer, None) is None

check(count > 100, f"{count} blocks were sampled with nothing configured")
check(wrong == 0, f"each stands for size / (1 - exp(-length / I)) bytes, I 512 KiB or twice as much, ..., {wrong} do not")
check(widest <= INTERVAL << count // 256, f"I was at most {widest >> 10} KiB: it doubles after 256 at the earliest")
bound = 4.4 * variance ** 0.5
check(abs(total - truth) < bound, f"together they stand for {total} of {truth} bytes, +- {bound:.0f} (99.999 %)")
# The kernel runs no program of a probe while the processor's last one has not come to its end: it may miss a hit.
check(unknown <= 1, f"free names sampled blocks only: {unknown} others")
left = sorted(size for size in live.values() if size in LENGTHS and size != 777)
check(len(left) <= 1, f"and each that came back, but {left}")
