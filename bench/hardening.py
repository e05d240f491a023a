# SPDX-License-Identifier: MIT
"""What each measure of hardening costs, in both directions: the default library with it alone, and the hardened one
without it; by `hakmem-trace compare`, so with intervals, interleaved, and with an A/A control for each.

    meson compile -C build variants_hardened
    python3 bench/hardening.py [--build BUILD] [--rounds N] [--json FILE] [--beside NAME|LIBRARY]... [-- COMMAND...]

Prints Markdown for bench/HARDENING.md. A figure is what the program prints as `M ops/s`, higher is better; COMMAND is
bench/random_mixed 20000000 400 1 of the build where none is given. `zero` alone can't stand beside `check=key`, so its
cost alone is that of `check` and it by that of `check`. `--beside`: other allocators, beside the whole.
Exit code: 0 done, 1 a comparison failed, 2 wrong arguments.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

MEASURES = ("check", "canary", "zero", "slots", "quarantine", "guard", "sized", "seal")
METRIC = "([0-9.]+) M ops/s"


def fail(status, text):
    print("hardening.py: " + " ".join(text.split()), file=sys.stderr)
    sys.exit(status)


def compare(build, rounds, libraries, command):
    """The report of one comparison; the first library is what the others are compared with."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        whole = [os.path.join(build, "analysis/hakmem-trace"), "compare", "--metric", METRIC, "--rounds", str(rounds),
                 "--json", path, "--with", ",".join(libraries), "--", *command]
        try:
            done = subprocess.run(whole, stdout=subprocess.DEVNULL, check=False)
        except OSError as error:
            fail(1, str(error))
        if done.returncode:
            fail(1, f"{' '.join(whole)}: exit code {done.returncode}")
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def rows(report):
    """The control, then one row a library beside the first."""
    return report["allocators"][1:]


def percent(row, turned=False):
    """How much slower, in percent: of the time of the base, or (turned) the base of the row's."""
    if row["ci_low"] is None:
        return "too few rounds"
    if turned:
        middle, low, high = row["ratio"] - 1, row["ci_low"] - 1, row["ci_high"] - 1
    else:
        middle, low, high = 1 / row["ratio"] - 1, 1 / row["ci_high"] - 1, 1 / row["ci_low"] - 1
    text = f"{100 * middle:.1f} [{100 * low:.1f}, {100 * high:.1f}]"
    return text + (" (tie)" if row["verdict"] == "tie" else "")


def ratio(row):
    if row["ci_low"] is None:
        return f"{row['ratio']:.2f}"
    return f"{row['ratio']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}]"


def table(alone, zero, without, whole):
    yield "| measure | alone, beside the default | within the hardened library |"
    yield "| --- | --- | --- |"
    for measure in MEASURES:
        row = rows(zero)[1] if measure == "zero" else alone[measure]
        yield f"| `{measure}` | {percent(row)} | {percent(without[measure], turned=True)} |"
    yield f"| control | {percent(alone['control'])} | {percent(without['control'], turned=True)} |"
    yield ""
    yield "Percent more time an operation takes with the measure, with its 95 % interval."
    yield ""
    yield "| library | speed, default = 1 |"
    yield "| --- | --- |"
    for row in rows(whole)[1:]:
        yield f"| {row['name'].removesuffix('.so')} | {ratio(row)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME|LIBRARY")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    if options.rounds < 1:
        fail(2, "--rounds: at least 1")
    folder = os.path.join(options.build, "src")
    command = options.command or [os.path.join(options.build, "bench/random_mixed"), "20000000", "400", "1"]
    default = os.path.join(folder, "libhakmem.so")
    hardened = os.path.join(folder, "libhakmem-hardened.so")
    light = os.path.join(folder, "libhakmem-hardened-light.so")
    with_one = {one: os.path.join(folder, f"hardened/libhakmem-with-{one}.so") for one in MEASURES}
    without_one = {one: os.path.join(folder, f"hardened/libhakmem-hardened-without-{one}.so") for one in MEASURES}
    for library in (default, hardened, light, *with_one.values(), *without_one.values()):
        if not os.path.exists(library):
            fail(2, f"{library} is not built: meson compile -C {options.build} variants_hardened")

    def run(*libraries):
        return compare(options.build, options.rounds, libraries, command)

    one_by_one = [one for one in MEASURES if one != "zero"]
    reports = {"alone": run(default, *(with_one[one] for one in one_by_one)),
               "zero": run(with_one["check"], with_one["zero"]),
               "without": run(hardened, *without_one.values()),
               "whole": run(default, hardened, light, *options.beside)}
    alone = dict(zip(("control", *one_by_one), rows(reports["alone"])))
    without = dict(zip(("control", *MEASURES), rows(reports["without"])))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"schema": "hakmem-bench/hardening-1", "command": command, **reports}, file, indent=1)
    print("\n".join(table(alone, reports["zero"], without, reports["whole"])))


main()
