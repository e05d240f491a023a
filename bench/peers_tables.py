# SPDX-License-Identifier: MIT
"""Markdown, for PEERS.md: what a malloc and a free execute by step, for several allocators.

    python3 bench/peers_tables.py [--tool TOOL] NAME[=LIBRARY]... -- COMMAND [ARGUMENT]...

counts COMMAND with each (`hakmem-trace count --with`); a NAME without LIBRARY is one that count knows. Exit
code 1: a count failed; 2: wrong arguments. Nothing is printed unless all of it can be.
"""
import argparse
import json
import subprocess
import sys
import tempfile

EFFECTS = ("instructions", "loads", "stores", "branches")
STEPS = ("header", "cache", "metadata", "classify", "freelist", "check", "entry", "counting", "slow_path", "lock",
         "unknown")
ELSEWHERE = "other libraries"
# libhakmem's sources are finer than steps: those that are not one, as analysis/lens/hakmem.lens has them.
OF_HAKMEM = {"fast_path": "entry", "malloc": "entry", "interpose": "entry", "realloc": "entry", "compiler": "entry",
             "tally": "counting", "counters": "counting", "statistics": "counting", "magazine": "cache",
             "depot": "cache", "pointer_kind": "metadata", "size_class": "classify", "routes": "classify",
             "misuse": "check"}


def fail(status, text):
    print("peers_tables.py: " + " ".join(text.split()), file=sys.stderr)
    sys.exit(status)


def count(tool, library, calls, command):
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        whole = [tool, "count", "--with", library, "--calls", str(calls), "--json", file.name, "--output", "/dev/null",
                 "--", *command]
        try:
            done = subprocess.run(whole, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        except OSError as error:
            fail(1, str(error))
        if done.returncode:
            fail(1, f"{library}: {done.stderr or done.returncode}")
        return json.load(open(file.name, encoding="utf-8"))


def step_of(source, is_hakmem):
    if source["group"] == "elsewhere":
        return ELSEWHERE
    if source["name"] in STEPS:
        return source["name"]
    return OF_HAKMEM.get(source["name"], "slow_path") if is_hakmem else "unknown"


def by_step(report, kind, effect):
    """Of one call."""
    calls = next(row["calls"] for row in report["kinds"] if row["name"] == kind)
    steps = dict.fromkeys((*STEPS, ELSEWHERE), 0)
    is_hakmem = report["allocator"] == "hakmem"
    for source in report["sources"]:
        steps[step_of(source, is_hakmem)] += source[kind][effect] or 0
    return {step: value / calls if calls else 0 for step, value in steps.items()}


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" + "--:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def step_tables(reports):
    for kind in "malloc", "free":
        for effect in EFFECTS:
            columns = [by_step(report, kind, effect) for report in reports.values()]
            print(f"### {effect.capitalize()} of a {kind}\n")
            rows = [[step, *(f"{column[step]:.2f}" if column[step] else "" for column in columns)]
                    for step in (*STEPS, ELSEWHERE) if any(column[step] for column in columns)]
            table(["step", *reports], rows + [["all", *(f"{sum(column.values()):.2f}" for column in columns)]])


def most_frequent(report, kind):
    return max((path for path in report["paths"] if path["kind"] == kind), key=lambda path: path["calls"])


def known(report, kind):
    steps = by_step(report, kind, "instructions")
    return 100 * (1 - (steps["unknown"] + steps[ELSEWHERE]) / sum(steps.values()))


def path_table(reports):
    print("### The path that most calls take\n")
    rows = []
    for name, report in reports.items():
        for kind in "malloc", "free":
            path = most_frequent(report, kind)
            calls = next(row["calls"] for row in report["kinds"] if row["name"] == kind)
            chains = {path["dependent_loads_min"], path["dependent_loads_max"]} - {None}
            rows.append([name, kind, f"{100 * path['calls'] / calls:.1f} %",
                         *(f"{(path[effect] or 0) / path['calls']:.1f}" for effect in EFFECTS),
                         " to ".join(map(str, sorted(chains))), f"{known(report, kind):.1f} %"])
    table(["allocator", "call", "calls", *EFFECTS, "dependent loads", "known, of all calls"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tool", default="hakmem-trace", help="the program; default hakmem-trace")
    parser.add_argument("--calls", type=int, default=20000, help="to step through; default 20000")
    parser.add_argument("allocators", nargs="+", metavar="NAME[=LIBRARY]")
    arguments = sys.argv[1:]
    if "--" not in arguments[:-1]:
        arguments, command = arguments, []
    else:
        place = arguments.index("--")
        arguments, command = arguments[:place], arguments[place + 1:]
    options = parser.parse_args(arguments)
    if not command:
        parser.error("no command behind --")
    reports = {}
    for allocator in options.allocators:
        name, _, library = allocator.partition("=")
        reports[name] = count(options.tool, library or name, options.calls, command)
    path_table(reports)
    step_tables(reports)


main()
