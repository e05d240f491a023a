# SPDX-License-Identifier: MIT
"""The JSON has its keys, and the text says the same figures.

usage: report_formats.py PROGRAM
"""

import re
import sys

from hakmem_trace import Run, check

KEYS = {
    "schema", "kind", "command", "exit_code", "signal", "allocator", "library", "brought", "event", "wall_s", "cpu_s",
    "user_s", "system_s", "max_rss_kb", "operations", "operations_per_cpu_s", "bytes", "programs",
    "malloc", "sampling", "sources", "steps", "counters", "counters_per_op", "memory", "resident", "memory_in_time", "levels",
    "size_classes", "slow_path", "heap", "overhead", "notes"}
SOURCE_KEYS = {"name", "other", "group", "samples", "share", "ci_low", "ci_high", "ns_per_op"}
FACTORS = ["header", "cache", "metadata", "classify", "freelist", "check"]


def rounded(value, digits):
    return f"{value:.{digits}f}"


def check_totals(report, text):
    line = re.search(r"wall (\S+) s   CPU (\S+) s \(user (\S+), system (\S+)\)", text)
    figures = [report[key] for key in ("wall_s", "cpu_s", "user_s", "system_s")]
    check(all(abs(float(shown) - value) < 0.000501 for shown, value in zip(line.groups(), figures)),
          f"times agree: {line.groups()} and {figures}")
    line = re.search(r"operations (\d+)   (\S+) M per second of CPU   .*programs\s+(\d+)", text, re.S)
    check(list(line.groups()) == [
        str(report["operations"]), rounded(report["operations_per_cpu_s"] / 1e6, 2),
        str(report["programs"])], "operations agree")


def check_counters(report, text):
    lines = dict(re.findall(r"^  ([a-z_]+) +(\d+) +\S+  \S", text, re.M))
    for name, value in report["counters"].items():
        if value or name in ("header_writes", "lut_hits", "metadata_lookups"):
            check(lines.get(name) == str(value), f"counter {name} agrees")
        else:
            check(name not in lines, f"counter {name} is zero and not shown")
        per_op = value / report["operations"]
        check(abs(report["counters_per_op"][name] - per_op) <= 1e-9 * max(1, per_op),
              f"{name} per operation is its quotient")


def check_sources(report, text):
    for row in report["sources"]:
        check(set(row) == SOURCE_KEYS, f"source {row['name']} has its keys")
        pattern = re.compile(r"^  " + re.escape(row["name"]) + r" +(\d* +)(\S+) % ", re.M)
        line = pattern.search(text)
        check(line and line.group(2) == rounded(100 * row["share"], 1), f"{row['name']}: share")
        if row["ci_low"] is not None:
            interval = f"[{100 * row['ci_low']:.1f}, {100 * row['ci_high']:.1f}]"
            check(line.group(1).strip() == str(row["samples"]), f"{row['name']}: samples")
            check(interval in text, f"{row['name']}: interval")
            check(row["ci_low"] <= row["share"] <= row["ci_high"], f"{row['name']}: in its interval")
        check(f" {row['ns_per_op']:.2f} " in text, f"{row['name']}: ns per operation")
    shares = sum(row["share"] for row in report["sources"])
    check(abs(shares - 1) < 1e-9, "shares add up to one")
    steps = {row["name"]: row["share"] for row in report["steps"]}
    check(abs(sum(steps.values()) - 1) < 1e-9, "so do those of the steps")
    by_name = {row["name"]: row["share"] for row in report["sources"]}
    check(abs(steps["application"] - by_name["application"]) < 1e-9, "the application is the same in both")
    kernel = sum(row["share"] for row in report["sources"] if row["group"].startswith("kernel"))
    check(abs(kernel - sum(share for name, share in steps.items() if name.startswith("kernel"))) < 1e-9,
          "so is the kernel")
    names = [row["name"] for row in report["sources"]]
    check(len(names) == len(set(names)), "no source is listed twice")
    check([name for name in names if name in FACTORS] == FACTORS, "all factors are listed")
    share = report["malloc"]["share"]
    sources = [row for row in report["sources"]
               if row["group"] in ("factor", "allocator", "kernel for malloc")]
    check(abs(share - sum(row["share"] for row in sources)) < 1e-9, "the headline is their sum")
    check(f"malloc took {100 * share:.1f} %" in text, "the headline agrees")


def check_classes(report, text):
    lines = re.findall(r"^  (\d+|large|huge) +(\d+) +(\d+) +(\S+) %", text, re.M)
    rows = {row["name"]: row for row in report["size_classes"]}
    check(1 <= len(lines) <= 8, "the busiest size classes are shown")
    for name, mallocs, frees, share in lines:
        row = rows[name]
        check((mallocs, frees, share) == (str(row["mallocs"]), str(row["frees"]),
                                          rounded(100 * row["share"], 1)), f"class {name} agrees")


run = Run(sys.argv[1], "8000000")
check(run.json["schema"] == "hakmem-trace/1", "the schema has a version")
check(set(run.json) == KEYS, "the keys are those documented")
check(run.json["command"] == [sys.argv[1], "8000000"], "the command is a list")
check_totals(run.json, run.text)
check_counters(run.json, run.text)
check_classes(run.json, run.text)
if run.json["event"]:
    check(f"samples of {run.json['event']} at" in run.text, "the event is named")
    check_sources(run.json, run.text)
    cost = run.json["overhead"]
    check(f"watching cost {100 * cost['total']:.2f} % of the CPU time: "
          f"sampling {100 * cost['sampling']:.2f} %, slow path {100 * cost['slow_path']:.2f} %, "
          f"this tool {100 * cost['tool']:.2f} %" in " ".join(run.text.split()), "the cost agrees")
for note in run.json["notes"]:
    check("note: " + note in " ".join(run.text.split()), "a note is in both")
check("\033" not in run.text, "no colour in a file")
check(run.text.isascii() or run.text, "the text is printable")
