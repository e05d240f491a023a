# SPDX-License-Identifier: MIT
"""What watching costs a program: its own figure under hakmem-trace by its figure alone, in interleaved rounds.

Each round runs the program on libhakmem once in every way, in a random order: alone, alone again (the control), under
`hakmem-trace run` as it is, at 10007 Hz one by one and added up in the kernel, and under `perf record -F 9999` where
perf is installed. Prints the median of the rounds' ratios and its 95 % interval (percentile bootstrap, 9999 resamples).
One way that differs from alone by less than the control does is a tie.

usage: watching_cost.py [ROUNDS [BUILD]]      11 rounds, build in build/
exit code: 0 done, 1 a run failed, 2 wrong arguments
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

RESAMPLES = 9999


def figure(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = re.search(r"([0-9.]+) M ops/s", done.stdout)
    if done.returncode or not found:
        print(f"watching_cost.py: {' '.join(command)}: exit code {done.returncode}: {done.stderr.strip()[-300:]}",
              file=sys.stderr)
        sys.exit(1)
    return float(found.group(1))


def ways(build, folder):
    """Name: command, environment."""
    program = [os.path.join(build, "bench/random_mixed"), "200000000", "400", "1"]
    trace = [os.path.join(build, "analysis/hakmem-trace"), "run", "--output", os.path.join(folder, "report")]
    alone = dict(os.environ, LD_PRELOAD=os.path.abspath(os.path.join(build, "src/libhakmem.so")))
    watched = dict(os.environ)
    result = {
        "alone again": (program, alone),
        "run": (trace + ["--"] + program, watched),
        "run, 10007 Hz, one by one": (trace + ["--frequency", "10007", "--aggregate", "no", "--"] + program, watched),
        "run, 10007 Hz, added up": (trace + ["--frequency", "10007", "--aggregate", "yes", "--"] + program, watched),
    }
    if shutil.which("perf"):
        perf = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "9999", "-o", os.path.join(folder, "perf.data")]
        result["perf record -F 9999"] = (perf + program, alone)
    return (program, alone), result


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def interval(ratios):
    medians = sorted(median(random.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return medians[int(0.025 * RESAMPLES)], medians[int(0.975 * RESAMPLES)]


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__.strip())
        return
    if len(arguments) > 2 or (arguments and not arguments[0].isdigit()):
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    rounds = int(arguments[0]) if arguments else 11
    build = arguments[1] if len(arguments) > 1 else "build"
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        alone, others = ways(build, folder)
        ratios = {name: [] for name in others}
        for turn in range(rounds):
            if sys.stderr.isatty():
                print(f"\rround {turn + 1} of {rounds}", end="", file=sys.stderr)
            figures = {}
            for name in random.sample(["alone", *others], k=len(others) + 1):
                figures[name] = figure(*(alone if name == "alone" else others[name]))
            for name in others:
                ratios[name].append(figures["alone"] / figures[name])
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    print(f"{'way':<28} costs %   95 % interval      {rounds} rounds of random_mixed 200000000 400 1")
    for name, values in ratios.items():
        low, high = interval(values)
        print(f"{name:<28} {100 * (median(values) - 1):7.2f}   [{100 * (low - 1):.2f}, {100 * (high - 1):.2f}]")


main(sys.argv[1:])
