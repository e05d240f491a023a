# SPDX-License-Identifier: MIT
"""Markdown, for RESULTS.md, of the JSON that `hakmem-trace compare --suite --json FILE` wrote.

Run it as `python3 bench/results_tables.py FILE`; `--help` lists its options. Exit code 1: FILE is not such
JSON, or the output can't be written; 2: wrong arguments. Nothing is printed unless all of it can be.
"""
import argparse
import csv
import io
import json
import math
import os
import re
import sys

CONTROL = 1  # its place among the allocators: the first, run a second time, no competitor
DISTURBED_CORES = 0.05  # as in analysis/commands/compare_measure.c
SPEED, MEMORY = "ratio", "memory_ratio"  # the two contests, by an allocator's key for its ratio to the first


def fail(status, text):
    print(f"results_tables.py: {plain(text)}", file=sys.stderr)
    sys.exit(status)


def plain(text):
    """On one line, and safe for a terminal, whatever a broken file has for text."""
    return "".join(c if c.isprintable() else "?" for c in text)


def markdown(text):
    """Stands for itself in a table, without the folders of the machine that it was measured on."""
    text = re.sub(r"(?<![\w.])/\S*/", "", plain(text))
    return re.sub(r"[\\`*|<>\[\]~&]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", text)


def fixed(value, figures, least=0):
    """With so many significant figures, no fewer decimals than `least`, and no exponent."""
    digits = math.floor(math.log10(abs(value))) if value else 0
    return f"{value:.{min(9, max(least, figures - 1 - digits))}f}"


def ratio_text(value, low=None, high=None):
    """As in `0.94 [0.92, 0.97]`; below 0.1 two figures tell more than two decimals."""
    if value is None:
        return "-"
    text = fixed(value, 2, 0 if value >= 100 else 2)
    decimals = len(text.partition(".")[2])
    return text if low is None or high is None else f"{text} [{low:.{decimals}f}, {high:.{decimals}f}]"


def short_names(paths, renames):
    """Never a path; libraries of the same name are numbered. The control is told from the first."""
    names = [os.path.basename(path).removesuffix(".so") or path for path in paths]
    names[CONTROL] = ""
    names = [f"{name}#{names[:i].count(name) + 1}" if name in names[:i] else name
             for i, name in enumerate(names)]
    for name in renames:
        if name not in names:
            fail(2, f"--name: no allocator {name} in the file, only {', '.join(filter(None, names))}")
    names = [renames.get(name, name) for name in names]
    names[CONTROL] = f"{names[0]} (control)"
    if len(set(names)) < len(names):
        fail(2, f"--name: two allocators of one name: {', '.join(names)}")
    return names


class Suite:
    """What was compared, and the parts of its Markdown, line by line."""

    def __init__(self, report, renames):
        if (report["schema"], report["kind"]) != ("hakmem-trace/1", "compare suite"):
            raise ValueError(f"its kind is {report['kind']}")
        self.report, self.means = report, report["geometric_means"]
        self.names = short_names([row["name"] for row in self.means], renames)
        self.heads = [markdown(name) for name in self.names]
        self.others = range(CONTROL + 1, len(self.names))
        self.ran = [w for w in report["workloads"] if w["comparison"]]  # the others were skipped
        self.rows = [(markdown(w["name"]), w["comparison"]["allocators"]) for w in self.ran]
        if any(len(rows) != len(self.names) for _, rows in self.rows):
            raise ValueError("a workload has other allocators than the means")
        has_floor = any(w["comparison"]["floor"] is not None for w in self.ran)
        self.floor = len(self.names) - 1 if has_floor else None

    def best(self, rows, contest):
        """The place of the best, None if there is none. The floor is out of the competition."""
        able = [i for i in (0, *self.others) if i != self.floor and rows[i]["failure"] is None
                and rows[i]["compared"]["median"] is not None and rows[i][contest] is not None]
        return (max if contest == SPEED else min)(able, key=lambda i: rows[i][contest], default=None)

    def cell(self, rows, i, text, best=None):
        if rows[i]["failure"] is not None:  # no failure of the floor, which is not for every program
            return "-" if i == self.floor else "failed"
        return f"**{text}**" if i == best else text

    def head(self):
        report = self.report
        done = sum(w["comparison"]["rounds_done"] == report["rounds"] for w in self.ran)
        wanted = sum(w["skipped"] is None for w in report["workloads"])
        cut = f" of {wanted} (interrupted)" if report["interrupted"] else ""
        core = "any core" if report["core"] is None else f"core {report['core']:d}"
        yield (f"{done} workloads{cut} of {markdown(os.path.basename(report['file']))}, {report['rounds']:d} rounds, "
               f"seed {report['seed']:d}, {core}, {report['elapsed_s']:.1f} seconds in all.")
        yield ""
        yield from (f"- {markdown(note)}" for note in [*report["notes"], *self.notes()])

    def notes(self):
        for workload in self.report["workloads"]:
            if workload["skipped"] is not None:
                yield f"{workload['name']} is skipped: {workload['skipped']}"
        for name, comparison in ((w["name"], w["comparison"]) for w in self.ran):
            if comparison["interrupted"]:
                yield f"{name} was cut short after {comparison['rounds_done']} rounds"
            for i, row in enumerate(comparison["allocators"]):
                if row["failure"] is not None and i != self.floor:
                    yield f"{name} failed under {self.names[i]}: {row['failure']}"
        cores = [max(w["comparison"][key] or 0 for key in ("others_cores", "stolen_cores")) for w in self.ran]
        disturbed = [most for most in cores if most > DISTURBED_CORES]
        if disturbed:
            yield f"disturbed: others kept up to {max(disturbed):.2f} cores busy, in {len(disturbed)} workloads"

    def table(self, columns, lines):
        yield from ("", "| " + " | ".join(["workload", *columns]) + " |", "| --- |" + " ---: |" * len(columns))
        yield from ("| " + " | ".join(line) + " |" for line in lines)
        yield ""

    def contest(self, contest, means, unit, better):
        """The first has its figure in place of a ratio of 1: that one is bold where the first is the best."""
        lines, most = [], self.means[0][means]["workloads"]
        for name, rows in self.rows:
            best, line = self.best(rows, contest), [name]
            own = rows[0]["compared"]["median"] if contest == SPEED else rows[0]["max_rss_kb"]
            own = own / 1024 if contest == MEMORY and own is not None else own
            line.append(self.cell(rows, 0, "-" if own is None else fixed(own, 4), best))
            for i in self.others:  # of memory, the JSON has the interval of the mean alone
                ends = (rows[i]["ci_low"], rows[i]["ci_high"]) if contest == SPEED else ()
                line.append(self.cell(rows, i, ratio_text(rows[i][contest], *ends), best))
            lines.append(line)
        lines.append(["geometric mean", ""])
        for mean in (self.means[i][means] for i in self.others):
            count = "" if mean["workloads"] == most else f" ({mean['workloads']:d} workloads)"
            lines[-1].append(ratio_text(mean["mean"], mean["ci_low"], mean["ci_high"]) + count)
        first = self.heads[0]
        yield from self.table([f"{first}, {unit}", *(self.heads[i] for i in self.others)], lines)
        yield (f"{first}: its own median. The others: median of the rounds' ratios to {first}, {better}, with the "
               "95 % interval where there is one. Bold: the best of the row.")

    def resident(self):
        """Of those workloads that tell what they held in the end, and what was resident then."""
        lines = []
        for name, rows in self.rows:
            live = next((row["live_kb"] for row in rows if row["live_kb"] is not None), None)
            if live is not None:
                by_live = [row["resident_kb"] / row["live_kb"] if row["live_kb"] else None for row in rows]
                lines.append([name, fixed(live / 1024, 4), *(
                    self.cell(rows, i, ratio_text(by_live[i])) for i in (0, *self.others))])
        if lines:
            yield from self.table(["then live, MiB", *(self.heads[i] for i in (0, *self.others))], lines)
            yield "What was resident then, by what the program itself still held."

    def losses(self, contest, lost, never, is_lost):
        """The worst first. What is a loss is the rule of analysis/report/compare_suite_losses.c."""
        found = []
        for name, rows in self.rows:
            best = self.best(rows, contest)
            if best is None or not is_lost(1 / rows[best][contest]):
                continue
            against, low, high = 1 / rows[best][contest], rows[best]["ci_low"], rows[best]["ci_high"]
            text = f"- {name}: {against:.3f} of {self.heads[best]}"
            if contest == SPEED:
                text += f" [{1 / high:.3f}, {1 / low:.3f}]" if low and high else ""
                text += ", a tie" if rows[best]["verdict"] == "tie" else ""
            found.append((against, text))
        yield from ("", f"{self.heads[0]} {lost}:" if found else f"{self.heads[0]} {never}.", "")
        yield from (text for _, text in sorted(found, reverse=contest == MEMORY))

    def raw(self):
        text, figure = io.StringIO(), "figure" if self.report["metric"] else "wall_s"
        out = csv.writer(text, lineterminator="\n")
        out.writerow(["workload", "allocator", figure, "max_rss_kb", "resident_kb", "live_kb"])
        for workload in self.ran:
            for name, row in zip(self.names, workload["comparison"]["allocators"]):
                values = [" ".join(f"{run[key]:{form}}" for run in row["runs"] if run[key] is not None)
                          for key, form in ((figure, ".10g"), ("max_rss_kb", ".0f"), ("resident_kb", ".0f"),
                                            ("live_kb", ".0f"))]
                if row["failure"] is not None:
                    values[0] = f"{values[0]} failed".strip()
                out.writerow([plain(workload["name"]), plain(name), *values])
        yield from ("```csv", *text.getvalue().splitlines(), "```")

    def lines(self):
        metric = self.report["metric"]
        unit = "wall seconds" if metric is None else "M ops/s" if "M ops/s" in metric else "figure"
        yield from self.head()
        yield from ("", "### Speed")
        yield from self.contest(SPEED, "speed", unit, "above 1 is better")
        yield from ("", "### Memory (max RSS)")
        yield from self.contest(MEMORY, "memory", "MiB", "below 1 is better")
        yield from self.resident()
        yield from ("", "### Losses")
        yield from self.losses(SPEED, "is below 0.97 of the best speed in", "is nowhere below 0.97 of the best speed",
                               lambda against: against < 0.97)
        yield from self.losses(MEMORY, "takes more than 1.3 times the least memory in",
                               "nowhere takes more than 1.3 times the least memory", lambda against: against > 1.3)
        yield from ("", "### Raw rows", "", "Of every run that succeeded, in the order of the rounds.", "")
        yield from self.raw()


class Arguments(argparse.ArgumentParser):
    def error(self, message):  # one line: without the usage
        fail(2, message)


def rename(text):
    short, _, name = text.partition("=")
    if not short or not name:
        raise argparse.ArgumentTypeError(f"{text} is not SHORT=NAME")
    return short, name


def main():
    parser = Arguments(description="Markdown of what `hakmem-trace compare --suite --json FILE` wrote.",
                       epilog="Exit code 1: FILE is not such JSON; 2: wrong arguments.", allow_abbrev=False)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--name", metavar="SHORT=NAME", type=rename, action="append", default=[],
                        help="print NAME for the allocator SHORT, the name of its file without .so; repeatable")
    arguments = parser.parse_args()
    try:
        with open(arguments.file, encoding="utf-8") as file:
            report = json.load(file)
        text = "\n".join(Suite(report, dict(arguments.name)).lines()) + "\n"
    except OSError as error:
        fail(1, f"{arguments.file}: {error.strerror}")
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        detail = f"no {error}" if isinstance(error, KeyError) else str(error)
        fail(1, f"{arguments.file}: not what hakmem-trace compare --suite --json writes: {detail}")
    try:
        sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains as it ends
        fail(1, f"standard output: {error.strerror}")


if __name__ == "__main__":
    main()
