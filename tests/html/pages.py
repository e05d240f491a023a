# SPDX-License-Identifier: MIT
"""The pages of run, callers and annotate hold the figures of their JSON, whole or not at all.

usage: pages.py PROGRAM COMMAND...   (COMMAND: run, heap, callers, annotate)
"""

import json
import os
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, skip
from page import check_page

HOSTILE = "</script><i>'\"&\x1b[31m\x01 ]]>"
# Figures that stand in sentences, or are no figures of a table.
IN_WORDS = {"heap", "exit_code", "signal", "pid", "looks", "seconds_watched", "line", "target", "address", "offset", "skipped",
            "wanted"}


def trace(command, options, program, folder, expect=0):
    files = {kind: os.path.join(folder, f"{command}.{kind}") for kind in ("json", "html", "text")}
    done = subprocess.run(
        [TOOL, command, "--json", files["json"], "--html", files["html"], "--output", files["text"], *options, "--",
         *program], env=dict(os.environ, XDG_RUNTIME_DIR=folder), capture_output=True, timeout=60, check=False)
    check(done.returncode == expect, f"{command}: status {done.returncode}: {done.stderr[-300:]}")
    with open(files["json"], encoding="utf-8") as file:
        report = json.load(file)
    with open(files["html"], encoding="utf-8") as file:
        text = file.read()
    check(len(os.listdir(folder)) == 3, f"nothing else is left: {os.listdir(folder)}")
    for path in files.values():
        os.unlink(path)
    return report, check_page(text, check)


def figures(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from figures(item, path + (key,))
    elif isinstance(value, list):
        for item in value:
            yield from figures(item, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def spelled(value):
    return str(value) if isinstance(value, int) and abs(value) < 10 ** 12 else f"{value:.12g}"


def check_figures(report, page, left_out=()):
    shown = {f"{float(value):.12g}" for value in page.values()}
    missing = [("/".join(path), value) for path, value in figures(report)
               if f"{float(value):.12g}" not in shown and not IN_WORDS & set(path) and not set(left_out) & set(path)]
    check(not missing, f"every figure of the JSON is in a table: {missing[:5]}")


def check_rows(page, caption, rows, keys):
    """The rows of a table are those of the JSON, in its order, with their figures in the order of the keys."""
    wanted = [[spelled(float(row[key])) if isinstance(row[key], float) else str(row[key]) for key in keys
               if row[key] is not None] for row in rows]
    found = [values for _, values in page.rows(caption)]
    differ = [pair for pair in zip(wanted, found) if pair[0] != pair[1]]
    check(len(wanted) == len(found) and not differ, f"{caption}: {len(found)} rows as in the JSON: {differ[:2]}")


def check_run(program, folder):
    report, page = trace("run", ["--frequency", "2000", "--aggregate", "no"], [program, "3000000", "2000", "7"], folder)
    check_figures(report, page, {"at_s"})
    check_rows(page, "Processor time by source", report["sources"], ("samples", "share", "ci_low", "ci_high", "ns_per_op"))
    check_rows(page, "Size classes", report["size_classes"], ("mallocs", "frees", "share", "resident", "live"))
    check_rows(page, "Memory over time", report["memory_in_time"], ("at_s", "resident", "live", "retained"))
    counters = page.rows("What libhakmem counted")
    check([name for name, _ in counters] == list(report["counters"]), "every counter in its order")
    check([values[0] for _, values in counters] == [str(value) for value in report["counters"].values()], "as counted")
    heading = page.all("h1")[0].words()
    if report["malloc"]["share"] is not None:
        check(f"{100 * report['malloc']['share']:.1f}\u00a0%" in heading, heading)
    check_series(report)
    check_code(report, page)
    for note in report["notes"]:
        check(any(note in words.words().replace("\u00a0", " ") for words in page.all("p")), f"the note is there: {note[:40]}")


def check_code(report, page):
    """Where samples fell on malloc's own code its instructions are there, with all of its samples."""
    on_fast_path = sum(row["samples"] for row in report["sources"] if row["name"] == "fast_path")
    code = [row for row in page.rows("malloc") + page.rows("free") if "+0x" in row[0]]
    check(code or on_fast_path < 3, f"{len(code)} instructions, {on_fast_path} samples of fast_path.h")
    check(not code or any(float(values[0]) > 0 for _, values in code), "some were sampled")


def check_series(report):
    series = report["memory_in_time"]
    check(2 <= len(series) <= 200, f"{len(series)} moments")
    check(all(a["at_s"] < b["at_s"] for a, b in zip(series, series[1:])), "in the order of time")
    check(0 <= series[0]["at_s"] and series[-1]["at_s"] <= report["wall_s"] + 1, "within the run")
    most = max(row["resident"] for row in series)
    check(0 < most <= 1024 * report["max_rss_kb"] + (1 << 20), f"{most} resident, {report['max_rss_kb']} KiB at the most")
    check(max(row["live"] or 0 for row in series) > 200000, "live blocks are told")


def check_hostile(folder):
    """Words of a command are text, whatever is in them, and a failing command is reported as one."""
    report, page = trace("run", ["--no-bpf"], ["/bin/sh", "-c", "exit 3", HOSTILE], folder, expect=3)
    check(report["command"][-1] == HOSTILE, "the command is as given")
    check(not page.all("i"), "no element of the name's")
    check("\\x1b[31m\\x01" in page.all("h1")[0].parent.words(), "it is shown, spelled out")
    check("(exit code 3)" in page.all("header")[0].words(), "how it ended")


def check_whole_or_not(program, folder):
    page = os.path.join(folder, "no", "such", "page.html")
    done = subprocess.run([TOOL, "run", "--html", page, "--", program, "1000", "100", "7"], capture_output=True, text=True,
                          timeout=30, check=False)
    check(done.returncode == 125 and page in done.stderr and "ops/s" not in done.stdout, "known before anything runs")
    done = subprocess.run([TOOL, "run", "--html", "", "--", program], capture_output=True, text=True, timeout=30, check=False)
    check(done.returncode == 2 and done.stderr.count("\n") == 1, "an empty name is wrong use")
    done = subprocess.run([TOOL, "run", "--html", "/dev/full", "--", program, "1000", "100", "7"], capture_output=True,
                          text=True, timeout=30, check=False)
    check(done.returncode == 125 and "/dev/full" in done.stderr, "a full device is said")
    check(not os.listdir(folder), "nothing is left")


def check_heap(program, folder):
    report, page = trace("run", ["--heap=16384", "--no-bpf"], [program, "1000000", "2000", "7"], folder)
    heap = report["heap"]
    check_figures({"totals": {name: heap[name] for name in ("allocated", "peak", "exit")},
                   "moments": [{key: row[key] for key in ("bytes", "blocks", "allocated")} for row in heap["moments"]]}, page)
    for when, caption in (("peak", "Heap at its peak"), ("exit", "Never given back"), ("allocated", "All that was handed out")):
        rows = page.rows(caption)
        check(len(rows) == min(200, len(heap["by"][when])), f"{caption}: {len(rows)} rows")
        for (_, values), index in zip(rows, heap["by"][when]):
            wanted = heap["paths"][index][when]["bytes"]
            check(values[:3] == [f"{wanted[key]:.12g}" for key in ("value", "ci_low", "ci_high")], f"bytes of path {index}")
    flames = [box for box in page.all("div") if box.attributes.get("class") == "flame"]
    check(flames and any("malloc" in mark.attributes["aria-label"] for mark in flames[0].all("g")), "flame graphs")


def check_callers(program, folder):
    report, page = trace("callers", ["--bytes", "8192"], [program, "300000", "2000", "7"], folder)
    left_out = {"paths", "by_time", "by_bytes", "advice", "frequency"}
    check_figures(report, page, left_out)
    for order, caption, share in (("by_time", "Call paths by malloc", "time_share"), ("by_bytes", "Call paths by bytes", "byte_share")):
        rows = page.rows(caption)
        check(len(rows) == min(300, len(report[order])), f"{caption}: {len(rows)} rows")
        for (_, values), index in zip(rows, report[order]):
            wanted = report["paths"][index][share]
            check(values[1] == f"{wanted['value']:.12g}", f"share of path {index}")
    check(len([box for box in page.all("div") if box.attributes.get("class") == "flame"]) >= 1, "a flame graph")


def check_annotate(program, folder):
    report, page = trace("annotate", ["--calls", "300", "--skip", "100", "--no-samples"], [program, "100000", "2000", "7"], folder)
    functions = {function["name"]: function for function in report["functions"]}
    for name, function in functions.items():
        code = [row for part in function["parts"] for row in page.rows(part["name"]) if "+0x" in row[0]]
        check([values[0] for _, values in code] == [str(row["executed"]) for row in function["code"]],
              f"{name}: {len(code)} instructions with their counts")
    words = page.all("main")[0].words()
    check(all(row["text"] in words for function in functions.values() for row in function["code"] if row["text"]),
          "every instruction is written out")


def main():
    checks = {"run": check_run, "heap": check_heap, "callers": check_callers, "annotate": check_annotate}
    for command in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            checks[command](sys.argv[1], folder)
            if command == "run":
                check_hostile(folder)
                check_whole_or_not(sys.argv[1], folder)


main()
