#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the tests notice when src/ is wrong: each mutant is one small mistake, and some test should fail on it.

    tests/mutation/mutate.py build                       every mutant (hours)
    tests/mutation/mutate.py build --sample 40           40 of them, the same for the same --seed
    tests/mutation/mutate.py build --files remote.c,slab.c --state m.jsonl    goes on where it was interrupted

Exit status: 0, 1 where less than --minimum percent are caught, 2 for bad input.
"""
import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
import operators  # noqa: E402
import selection  # noqa: E402
import workshop  # noqa: E402

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="\n".join(
        f"{kind}: {text}" for kind, text in operators.KINDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="a build folder, with the unit tests and the preloaded tests built")
    parser.add_argument("--files", default="", help="names in src/, by commas; unless told, all")
    parser.add_argument("--kinds", default="", help="by commas; unless told, all")
    parser.add_argument("--sample", type=int, default=0, help="so many, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=0, help="begins no mutant after so long")
    parser.add_argument("--minimum", type=float, default=90, help="percent caught that is enough")
    parser.add_argument("--state", help="one line of JSON for each mutant judged; what is there is not judged again")
    parser.add_argument("--json", help="every figure, to a file")
    parser.add_argument("--again", choices=["survived", "caught"], help="of --state, judge these again")
    parser.add_argument("--list", action="store_true", help="prints the mutants and judges none")
    return parser.parse_args()


def known_equivalents():
    """{(file, before, after): reason} from the committed list."""
    known = {}
    for number, line in enumerate((HERE / "equivalent").read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = [" ".join(part.split()) for part in line.split(" @ ")]
        if len(parts) != 4:
            workshop.refuse(f"equivalent:{number}: not four parts")
        known[tuple(parts[:3])] = parts[3]
    return known


def gather(plan, options):
    files = set(filter(None, options.files.split(",")))
    kinds = set(filter(None, options.kinds.split(",")))
    sources = {s.name: s for s in plan.sources()}
    if files - set(sources) or kinds - set(operators.KINDS):
        workshop.refuse(f"unknown: {', '.join(sorted(files - set(sources) | kinds - set(operators.KINDS)))}")
    mutants = []
    for name, source in sources.items():
        if not files or name in files:
            mutants += [m for m in operators.mutants_of(name, source.read_text()) if not kinds or m.kind in kinds]
    if options.sample:
        mutants = [m for m in mutants if m.kind not in operators.APART]
    random.Random(options.seed).shuffle(mutants)
    return mutants[:options.sample or None]


class Ledger:
    """Results as they come, in the state file as well."""

    def __init__(self, options, mutants, equivalents):
        self.lock, self.begin, self.total = threading.Lock(), time.monotonic(), len(mutants)
        self.rows, self.equivalents = {}, equivalents
        wanted = {m.id for m in mutants}
        self.file = None
        if options.state:
            path = Path(options.state)
            for line in path.read_text().splitlines() if path.exists() else []:
                row = json.loads(line)
                if row["id"] in wanted:
                    self.rows[row["id"]] = row
            self.rows = {k: r for k, r in self.rows.items() if r["result"] != options.again}
            self.file = path.open("a")
        self.done_before = len(self.rows)

    def is_equivalent(self, mutant):
        return ((mutant.file, mutant.before, mutant.after) in self.equivalents or
                (mutant.file, f"{mutant.function}()", "*") in self.equivalents)

    def add(self, mutant, result, test, seconds):
        row = {"id": mutant.id, "file": mutant.file, "line": mutant.line, "function": mutant.function,
               "kind": mutant.kind, "before": mutant.before, "after": mutant.after, "result": result, "test": test,
               "seconds": round(seconds, 2)}
        with self.lock:
            self.rows[mutant.id] = row
            if self.file:
                print(json.dumps(row), file=self.file, flush=True)
            self.show(row)

    def show(self, row):
        done = len(self.rows)
        left = (time.monotonic() - self.begin) / max(1, done - self.done_before) * (self.total - done)
        if sys.stderr.isatty():
            counts = Counter(r["result"] for r in self.rows.values())
            print(f"\r{done}/{self.total}  caught {counts['caught']}, survived {counts['survived']}  "
                  f"{left / 60:.0f} min left   ", end="", file=sys.stderr)
        elif done % 20 == 0 or row["result"] == "survived":
            print(f"{done}/{self.total}, {left / 60:.0f} min left: {row['file']}:{row['line']} {row['kind']}: "
                  f"{row['result']}", file=sys.stderr, flush=True)


def judge_all(plan, options, mutants, ledger):
    sources = {s.name: s for s in plan.sources()}
    queue = [m for m in mutants if m.id not in ledger.rows]
    lock = threading.Lock()

    def work(folder):
        shop = workshop.Workshop(plan, folder)
        with lock:
            if not getattr(plan, "measured", False):
                shop.measure()
                plan.measured = True
        while not options.seconds or time.monotonic() - ledger.begin < options.seconds:
            with lock:
                if not queue:
                    return
                mutant = queue.pop(0)
            if ledger.is_equivalent(mutant):
                ledger.add(mutant, "equivalent", "", 0)
                continue
            begin = time.monotonic()
            result, test = shop.judge(mutant, sources[mutant.file])
            ledger.add(mutant, result, test, time.monotonic() - begin)

    if not queue:
        return
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(options.jobs) as pool:
        for future in [pool.submit(work, Path(folder, str(i))) for i in range(options.jobs)]:
            future.result()


def share(rows):
    judged = [r for r in rows if r["result"] in ("caught", "survived")]
    caught = sum(r["result"] == "caught" for r in judged)
    return caught, len(judged), 100 * caught / len(judged) if judged else 100.0


def table(title, names, rows, key):
    print(f"\n{title:<18} {'mutants':>8} {'caught':>7} {'survived':>9} {'share':>7}   equivalent  same code  no build")
    for name in names:
        mine = [r for r in rows if r[key] == name]
        if mine:
            caught, judged, percent = share(mine)
            counts = Counter(r["result"] for r in mine)
            print(f"{name:<18} {len(mine):8} {caught:7} {judged - caught:9} {percent:6.1f}%   {counts['equivalent']:10}"
                  f"  {counts['same code']:9} {counts['does not compile']:9}")


def report(rows, equivalents):
    survivors = sorted((r for r in rows if r["result"] == "survived"), key=lambda r: (r["file"], r["line"]))
    for row in survivors:
        print(f"src/{row['file']}:{row['line']} in {row['function']}: {row['kind']}\n  - {row['before']}"
              f"\n  + {row['after']}")
    main = [r for r in rows if r["kind"] not in operators.APART]
    table("file", sorted({r["file"] for r in main}), main, "file")
    table("kind", operators.KINDS, rows, "kind")
    print("\ncaught by: " + ", ".join(f"{name} {n}" for name, n in Counter(
        r["test"].removesuffix(" (no end)") for r in rows if r["result"] == "caught").most_common()))
    caught, judged, percent = share(main)
    apart = [r for r in rows if r["kind"] in operators.APART]
    print(f"{caught} of {judged} mutants caught: {percent:.1f} %; {' and '.join(sorted(operators.APART))} apart: "
          f"{share(apart)[0]} of {share(apart)[1]}")
    return percent


def main():
    options = arguments()
    plan = workshop.Plan(options.build, selection.UNIT, selection.PRELOADED)
    mutants, equivalents = gather(plan, options), known_equivalents()
    if options.list:
        for m in mutants:
            print(f"{m.id} src/{m.file}:{m.line} {m.kind}: {m.before}  ->  {m.after}")
        return 0
    ledger = Ledger(options, mutants, equivalents)
    judge_all(plan, options, mutants, ledger)
    rows = list(ledger.rows.values())
    percent = report(rows, equivalents)
    if options.json:
        Path(options.json).write_text(json.dumps({"schema": "mutants/1", "seed": options.seed, "percent": percent,
                                                  "mutants": rows}, indent=1) + "\n")
    return 0 if percent >= options.minimum else 1


if __name__ == "__main__":
    sys.exit(main())
