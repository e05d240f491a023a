# SPDX-License-Identifier: MIT
"""What sampling the heap costs: programs on libhakmem with it off and on, beside a library of before, in interleaved
rounds.

    python3 bench/heap_sampling.py [--build BUILD] [--before LIBRARY] [--rounds N] [--json FILE] [WORKLOAD...]

Each round runs each workload (names of bench/suite.txt; unless told random_mixed, mid_size, strings and server_churn)
once in every way, in a random order and with an environment of random length: on the library of before (libhakmem.so of
a build without sampling; unless told the build's own), the same again (the control), the build's with sampling off, with
HAKMEM_HEAP_SAMPLE=524288, and as `hakmem-trace run --heap` has it (stacks written to a file). Prints, for each, the
median over rounds of how much longer it took than before, in percent, and its 95 % interval (percentile bootstrap, 9999
resamples), as Markdown. Time is what a workload prints as `M ops/s`.
Exit code: 0 done, 1 a run failed, 2 wrong arguments.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

RESAMPLES = 9999
WORKLOADS = ("random_mixed", "mid_size", "strings", "server_churn")
WAYS = ("before again", "off", "on, 512 KiB", "on, with stacks")
PADDING_MAX = 4096


def fail(status, text):
    print(f"heap_sampling.py: {text}", file=sys.stderr)
    sys.exit(status)


def suite(build):
    """Name: command, of bench/suite.txt."""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "suite.txt"), encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {name: [os.path.join(build, "bench", program), *arguments] for name, program, *arguments in lines}


def environments(library, before, folder):
    """Way: environment; "before" is what the others are compared with."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HAKMEM_")}
    old, new = dict(plain, LD_PRELOAD=before), dict(plain, LD_PRELOAD=library)
    return {"before": old, "before again": old, "off": new,
            "on, 512 KiB": dict(new, HAKMEM_HEAP_SAMPLE="524288"),
            "on, with stacks": dict(new, HAKMEM_HEAP_SAMPLE="524288", HAKMEM_HEAP_DIR=folder)}


def figure(command, environment):
    padded = dict(environment, PADDING="x" * random.randrange(PADDING_MAX))
    done = subprocess.run(command, env=padded, capture_output=True, text=True, check=False)
    found = re.search(r"([0-9.]+) M ops/s", done.stdout)
    if done.returncode or not found:
        fail(1, f"{' '.join(command)}: exit code {done.returncode}: {done.stderr.strip()[-300:]}")
    return float(found.group(1))


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def interval(ratios):
    medians = sorted(median(random.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES)]


def measure(commands, library, before, rounds):
    """Workload: way: the rounds' ratios of time to that of before."""
    ratios = {name: {way: [] for way in WAYS} for name in commands}
    for turn in range(rounds):
        for name, command in commands.items():
            if sys.stderr.isatty():
                print(f"\r\x1b[Kround {turn + 1} of {rounds}: {name}", end="", file=sys.stderr)
            with tempfile.TemporaryDirectory() as folder:
                ways = environments(library, before, folder)
                figures = {way: figure(command, ways[way]) for way in random.sample(list(ways), k=len(ways))}
            for way in WAYS:
                ratios[name][way].append(figures["before"] / figures[way])
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return ratios


def cell(values):
    low, high = interval(values)
    return f"{100 * (median(values) - 1):.2f} [{100 * (low - 1):.2f}, {100 * (high - 1):.2f}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--before", metavar="LIBRARY")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("workloads", nargs="*", default=WORKLOADS, metavar="WORKLOAD")
    options = parser.parse_args()
    known = suite(options.build)
    if options.rounds < 2:
        fail(2, "--rounds: at least 2")
    for name in options.workloads:
        if name not in known:
            fail(2, f"{name}: no workload of bench/suite.txt")
    library = os.path.abspath(os.path.join(options.build, "src/libhakmem.so"))
    before = os.path.abspath(options.before) if options.before else library
    for path in (library, before):
        if not os.path.exists(path):
            fail(2, f"{path} is missing: meson compile -C {options.build}")
    random.seed(1)
    ratios = measure({name: known[name] for name in options.workloads}, library, before, options.rounds)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"schema": "hakmem-bench/heap-sampling-1", "before": before, "ratios": ratios}, file, indent=1)
    print("| workload | " + " | ".join(WAYS) + " |")
    print("| --- |" + " --- |" * len(WAYS))
    for name, ways in ratios.items():
        print(f"| {name} | " + " | ".join(cell(ways[way]) for way in WAYS) + " |")
    print(f"\nPercent more time than before, with its 95 % interval; {options.rounds} rounds.")


main()
