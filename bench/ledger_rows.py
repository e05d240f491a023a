# SPDX-License-Identifier: MIT
"""Raw rows, for LEDGER.md, of the JSON that `hakmem-trace ablate --json FILE` wrote: a line of comma-separated
values for each combination, its controls and glibc, with what every round measured, in the order of the rounds.

Run it as `python3 bench/ledger_rows.py FILE`. Exit code 1: FILE is not such JSON; 2: wrong arguments.
"""
import json
import sys


def fail(status, text):
    print(f"ledger_rows.py: {text}", file=sys.stderr)
    sys.exit(status)


def line(name, cell, key):
    return ",".join([name.replace(",", " "), " ".join(f"{run[key]:.5g}" for run in cell["runs"])])


def lines(report):
    key = "figure" if report["metric"] else "wall_s"
    yield f"combination,{key}"
    for cell in report["cells"]:
        yield line(cell["name"], cell, key)
    for control in report["controls"]:
        yield line(f"{control['name']} again", control, key)
    yield line("glibc", report["glibc"], key)


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        if arguments in (["--help"], ["-h"]):
            print(__doc__.strip())
            return
        fail(2, "usage: ledger_rows.py FILE")
    try:
        with open(arguments[0], encoding="utf-8") as file:
            report = json.load(file)
        if report["kind"] != "ablate":
            raise ValueError("not a report of ablate")
        text = "\n".join(lines(report))
    except (OSError, ValueError, KeyError, TypeError) as error:
        fail(1, f"{arguments[0]}: {error}")
    print(text)


main(sys.argv[1:])
