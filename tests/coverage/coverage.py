#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Joins what gcov found in a build folder with the reasons for lines that no test runs.

    coverage.py BUILD SOURCE [--minimum PERCENT]

Of the library's objects only, as it is preloaded and under un-interposed names: a line is run where either ran it.
Exit status: 0; 1 where less than the minimum runs, an uncovered line has no reason, or a reason is of no such line.
"""
import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

# gcov counts the line of a definition under one of the function's two names, and it may be the other that runs.
NAMED_TWICE = tuple(f"{kind} HAK_NAME(" for kind in ("void", "int", "size_t", "struct mallinfo2", "struct mallinfo"))
HERE = Path(__file__).resolve().parent


def counted(build, source):
    """{file: {line: times run}} of src/, from every object of the library."""
    lines = defaultdict(lambda: defaultdict(int))
    notes = [n for n in sorted((build / "src").rglob("*.gcno")) if "variants" not in n.parts]
    for note in notes:
        found = subprocess.run(["gcov", "--json-format", "--stdout", str(note)], capture_output=True, text=True,
                               check=True, cwd=build)
        for text in found.stdout.splitlines():
            for file in json.loads(text)["files"]:
                path = (build / file["file"]).resolve()
                if source / "src" in path.parents:
                    for line in file["lines"]:
                        lines[str(path.relative_to(source / "src"))][line["line_number"]] += line["count"]
    return lines


def read_reasons():
    """{(file, text of the line): reason}"""
    reasons = {}
    for number, line in enumerate((HERE / "reasons").read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = [" ".join(part.split()) for part in line.split(" @ ")]
        if len(parts) != 3:
            raise SystemExit(f"coverage.py: reasons:{number}: not three parts")
        reasons[tuple(parts[:2])] = parts[2]
    return reasons


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=lambda p: Path(p).resolve())
    parser.add_argument("source", type=lambda p: Path(p).resolve())
    parser.add_argument("--minimum", type=float, default=90)
    options = parser.parse_args()
    lines, reasons = counted(options.build, options.source), read_reasons()
    if not lines:
        raise SystemExit("coverage.py: nothing was counted")
    used, unexplained, run, total = set(), 0, 0, 0
    print(f"{'file':<32} {'lines':>6} {'run':>6} {'share':>8}")
    for file in sorted(lines):
        hit = sum(1 for count in lines[file].values() if count)
        run, total = run + hit, total + len(lines[file])
        print(f"{file:<32} {len(lines[file]):6} {hit:6} {100 * hit / len(lines[file]):7.1f}%")
    print(f"{'total':<32} {total:6} {run:6} {100 * run / total:7.1f}%\n\nlines that no test runs:")
    for file in sorted(lines):
        text = (options.source / "src" / file).read_text().splitlines()
        for number in sorted(n for n, count in lines[file].items() if not count):
            key = file, " ".join(text[number - 1].split())
            if text[number - 1].startswith(NAMED_TWICE):
                continue
            reason = reasons.get(key)
            used.add(key)
            unexplained += reason is None
            print(f"src/{file}:{number}: {key[1]}\n    {reason or 'NO REASON'}")
    stale = [key for key in reasons if key not in used]
    for file, text in stale:
        print(f"stale reason: src/{file}: {text}")
    print(f"{total - run} lines do not run, {unexplained} of them without a reason; {len(stale)} stale reasons")
    return 1 if unexplained or stale or 100 * run / total < options.minimum else 0


if __name__ == "__main__":
    sys.exit(main())
