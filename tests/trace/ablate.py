# SPDX-License-Identifier: MIT
"""hakmem-trace ablate finds known effects and an interaction, goes on after Ctrl-C, refuses nonsense.

usage: ablate.py PROGRAM LIBRARY: the program prints what the library costs, which it tells from the
levels in its own file's name.
"""

import fcntl
import itertools
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail

PROGRAM, LIBRARY = sys.argv[1:3]
LEVELS = {"header": ["none", "inline"], "cache": ["magazine", "unified", "tcache"],
          "metadata": ["flat", "indirect"], "classify": ["direct", "routed"],
          "freelist": ["bitmap", "tagged", "linked"]}
COSTS = {"header": 1.10, "cache": 1.20, "metadata": 1.05, "classify": 1.00, "freelist": 0.95}
PAIR = 1.08  # header and freelist, only together
KEYS = {"schema", "kind", "command", "metric", "better", "design", "factors", "rounds", "rounds_done",
        "rounds_kept", "rounds_needed", "level", "interrupted", "seed", "core", "elapsed_s",
        "others_cores", "stolen_cores", "effects", "gap", "explained", "threshold", "controls",
        "glibc", "ledger", "cells", "notes"}
METRIC = ("--metric", "([0-9.]+) M ops/s")


def near(a, b):
    return a is not None and math.isclose(a, b, rel_tol=1e-6)


def make_variants(folder):
    os.mkdir(folder)
    for levels in itertools.product(*LEVELS.values()):
        for more in "", "-unchecked":
            shutil.copy(LIBRARY, os.path.join(folder, f"libhakmem-{'-'.join(levels)}{more}.so"))
    for end, more in itertools.product((0, 1), ("", "-unchecked")):
        levels = "-".join(names[end] for names in LEVELS.values())
        shutil.copy(LIBRARY, os.path.join(folder, f"libhakmem-{levels}{more}-again.so"))


def start(*options, command=(PROGRAM,), rounds=10, **more):
    rounds = ("--rounds", str(rounds)) if rounds else ()
    return subprocess.Popen([TOOL, "ablate", "--no-ledger", *rounds, *options, "--", *command],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def ablate(*options, expect=0, metric=METRIC, **more):
    path = os.path.join(FOLDER, "json")
    with start("--json", path, *metric, *options, **more) as tool:
        out, errors = tool.communicate(timeout=40)
    check(tool.returncode == expect, f"exit code {tool.returncode}: {errors}")
    check(not errors, "nothing on standard error")
    lines = [line for line in out.splitlines() if not line.startswith(("hakmem-trace", "note"))]
    too_long = [line for line in lines if len(line) > 80]
    check(not too_long, f"it stays within 80 columns {too_long}")
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    os.remove(path)
    return report, out


def effect(report, *factors, others="average"):
    return next(row for row in report["effects"]
                if row["factors"] == list(factors) and row["others"] == others)


def range_of(row):
    return row["ratio"], row["ci_low"], row["ci_high"]


def known_effects(*options, cells=32):
    report, text = ablate(*options)
    check(set(report) == KEYS, f"the documented keys: {set(report) ^ KEYS}")
    check((report["schema"], report["kind"]) == ("hakmem-trace/1", "ablate"), "schema and kind")
    for name, cost in COSTS.items():
        row = effect(report, name)
        want = cost * (PAIR ** 0.5 if name in ("header", "freelist") else 1)
        check(all(near(ratio, want) for ratio in range_of(row)), f"{name} is {want}")
        check(row["verdict"] == ("too small to see here" if near(want, 1) else
                                 "costs" if want > 1 else "saves"), f"{name} {row['verdict']}")
    pair = effect(report, "header", "freelist")
    check(near(pair["ratio"], PAIR ** 0.5) and pair["verdict"] == "costs", "what is only together")
    check("header x freelist" in text and "header x cache" not in text, "it alone is shown")
    others = [row for row in report["effects"] if len(row["factors"]) == 2 and row is not pair]
    check(len(others) == 9 and all(near(row["ratio"], 1) for row in others), "no other pair")
    check(sum(row["in_design"] for row in report["cells"]) == cells, f"{cells} cells")
    gap = math.prod(COSTS.values()) * PAIR
    check(near(report["gap"]["ratio"], gap) and near(report["explained"], 1), "the gap is explained")
    check(all(range_of(row) == (1, 1, 1) for row in report["controls"]), "the controls are 1")
    check([row["library"][-9:] for row in report["controls"]] == ["-again.so"] * 2, "the copies")
    rows = report["cells"] + report["controls"] + [report["glibc"]]
    orders = list(zip(*([run["position"] for run in row["runs"]] for row in rows)))
    check(all(sorted(order) == list(range(1, len(rows) + 1)) for order in orders), "once a round")
    check(len(set(orders)) == 10 and len({run["padding"] for run in rows[0]["runs"]}) > 5, "shuffled")
    return report, text


def nanoseconds(report):
    costs = {tuple(row["levels"].values()): 1000 / row["runs"][0]["figure"] for row in report["cells"]}
    names = list(LEVELS)
    for name in names:
        means = [math.exp(sum(math.log(cost) for cell, cost in costs.items()
                              if (cell[names.index(name)] == LEVELS[name][0]) == modern) / 16)
                 for modern in (True, False)]
        ns = effect(report, name)["ns"]
        check(math.isclose(ns, means[1] - means[0], abs_tol=1e-6), f"{name} costs {ns} ns")
    check(effect(report, "header", "cache")["ns"] is None, "a pair has none")


def one_at_a_time():
    report, text = ablate("--design", "one", "--details")
    for name, cost in COSTS.items():
        far = cost * (PAIR if name in ("header", "freelist") else 1)
        row = effect(report, name, others="modern")
        check(near(row["ratio"], cost), f"{name} from the modern end")
        check(math.isclose(row["ns"], 8 * (cost - 1), abs_tol=1e-6), "and in ns")
        check(near(effect(report, name, others="far")["ratio"], far), f"{name} from the far end")
    check(len(report["cells"]) == 12 and len(report["effects"]) == 10, "cells and effects")
    check("from the far end" in text and "\ntogether" not in text, "two tables")
    check(near(report["explained"], 1), "the mean of both ends explains the gap")


def other_levels():
    report, _ = ablate("--factors", "cache=tcache,check,freelist=linked", "--details")
    for name, cost in ("cache", 1.30), ("check", 0.98), ("freelist", 1.07):
        check(near(effect(report, name)["ratio"], cost), f"{name} at another level")
    check(report["factors"][0] == {"name": "cache", "modern": "magazine", "far": "tcache"}, "levels")
    libraries = [row["library"] for row in report["controls"]]
    check(libraries[1] == report["cells"][-1]["library"], "no copy: the far end a second time")


def six_factors():
    report, _ = ablate("--factors", f"{','.join(LEVELS)},check", "--details", rounds=1)
    check((report["design"], len(report["cells"]), len(report["effects"])) == ("half", 32, 21), "half")
    check(near(effect(report, "check")["ratio"], 0.98), "its sixth factor")
    check(report["controls"][1]["library"].endswith("-unchecked-again.so"), "the far end's copy")


def noise():
    report, text = ablate("--factors", "header,metadata,classify", command=(PROGRAM, "noise"),
                          rounds=40, metric=(*METRIC, "--precision", "1.2"))
    header, classify = effect(report, "header"), effect(report, "classify")
    check(header["ci_low"] < 1.1 < header["ci_high"], f"header within {range_of(header)}")
    check(header["ci_high"] / header["ci_low"] < 1.012, "as precisely as wanted")
    check(classify["verdict"] == "too small to see here", "what is nothing is not seen")
    check(8 <= report["rounds_done"] < 40, f"{report['rounds_done']} rounds")
    check("every factor is known to 1.2 %" in text, "no longer")


def few_rounds():
    report, text = ablate("--factors", "header,cache", rounds=6)
    check(effect(report, "header")["verdict"] == "unknown", "six rounds decide nothing")
    check(effect(report, "header")["ci_low"] is None and "--rounds 7" in text, "and say so")
    check(report["rounds_needed"] == 7 and near(effect(report, "cache")["ratio"], 1.2), "but ratios")


def wall_time():
    report, text = ablate("--factors", "header,cache", metric=(), rounds=1, command=("sleep", "0.02"))
    check(report["metric"] is None and effect(report, "header")["ns"] is None, "wall time")
    check(0.3 < report["gap"]["ratio"] < 3 and "ns/op" not in text, "is compared")


def budget():
    began = time.monotonic()
    report, text = ablate("--factors", "header,cache", "--budget", "1", metric=(), rounds=None,
                          command=("sleep", "0.05"))
    check(time.monotonic() - began < 1.5, "the budget is kept")
    check(1 <= report["rounds_done"] < 4 and report["rounds"] == 1000, f"{report['rounds_done']} rounds")
    check("fits into 1 s" in text, "and it says so")


def one_fails():
    script = 'case $LD_PRELOAD in *indirect*) echo it is mine; exit 3;; esac; exec "$0"'
    report, text = ablate(expect=1, command=("sh", "-c", script, PROGRAM))
    check(report["rounds_done"] == 0 and report["gap"]["ratio"] is None, "no round is complete")
    failed = [row["failure"] for row in report["cells"] + report["controls"] if row["failure"]]
    check(failed == ["exit code 3 in round 1"] and "| it is mine" in text, "it says which and why")


def interrupted(save, json_path):
    marks = os.path.join(FOLDER, "marks")
    script = f'echo >> {marks}; [ "$(wc -l < {marks})" != 36 ] || sleep 60; exec "$0" noise'
    command = ("sh", "-c", script, PROGRAM)
    with start("--json", json_path, "--save", save, *METRIC, "--factors", "header,cache,freelist",
               command=command) as tool:
        deadline = time.monotonic() + 20
        while not os.path.exists(marks) or os.path.getsize(marks) < 36:
            if time.monotonic() > deadline:
                fail("36 runs")
            time.sleep(0.01)
        tool.send_signal(signal.SIGINT)
        out, errors = tool.communicate(timeout=20)
    check(tool.returncode == 128 + signal.SIGINT, f"exit code {tool.returncode}: {errors}")
    check("3 rounds of 10: interrupted" in out, "the complete rounds are shown")
    return command


def resumed():
    save, path = os.path.join(FOLDER, "save"), os.path.join(FOLDER, "json")
    command = interrupted(save, path)
    with open(path, encoding="utf-8") as file:
        check(json.load(file)["rounds_done"] == 3, "JSON says so too")
    with open(save, encoding="utf-8") as file:
        lines = file.read().splitlines()
    check(len(lines) == 36 and json.loads(lines[0])["kind"] == "ablate save", "all 35 runs are kept")
    with open(save, "a", encoding="utf-8") as file:
        file.write('{"row":1,' + 500 * " " + '"rou')
    options = ("--factors", "header,cache,freelist")
    report, text = ablate(*options, "--save", save, command=command)
    check("3 rounds and 2 runs of the next are from" in text, "it goes on and says so")
    check((report["rounds_kept"], report["rounds_done"]) == (3, 10), "to the end")
    with open(save, encoding="utf-8") as file:
        check(len(list(map(json.loads, file))) == 111, "every run is there once")
    straight, _ = ablate(*options, command=command)
    check(straight["effects"] == report["effects"], "as if it had not been interrupted")
    check(straight["gap"]["ci_low"] < straight["gap"]["ci_high"], "with all its noise")
    again, _ = ablate(*options, "--save", save, command=command)
    check(again["effects"] == report["effects"] and again["rounds_kept"] == 10, "nothing left to do")
    return save, options, command


def refused(code, pattern, *options, command=("touch", "ran"), environment=None):
    work = os.path.join(FOLDER, "work")
    os.makedirs(work, exist_ok=True)
    with start(*options, command=command, rounds=None, cwd=work,
               env=dict(os.environ, **(environment or {}))) as tool:
        out, errors = tool.communicate(timeout=20)
    check(tool.returncode == code and pattern in errors and errors.count("\n") == 1 and not out and
          not os.listdir(work), f"{' '.join(options)}: {tool.returncode}: {errors.strip()}")


def bad_use(save, saved, command):
    refused(2, "COMMAND is missing", command=())
    refused(2, "unknown option '--frob'", "--frob")
    refused(2, "frob: not FACTOR=LEVEL", "--factors", "header,frob")
    refused(2, "levels of cache are magazine, unified", "--factors", "header,cache=frob")
    refused(2, "an empty name", "--factors", "header,")
    refused(2, "named twice", "--factors", "header,header=inline")
    refused(2, "modern level", "--factors", "header,cache=magazine")
    refused(2, "one factor alone", "--factors", "header")
    refused(2, "half needs 5 or 6 factors", "--factors", "header,cache,check", "--design", "half")
    refused(2, "neither full nor half nor one", "--design", "quarter")
    refused(2, "not a number from 1 to 1000", "--rounds", "0")
    refused(2, "not a number from 1 to", "--budget", "-1")
    refused(2, "not a number from 0.001 to 100", "--precision", "0")
    refused(2, "needs ( )", "--metric", "figure")
    refused(2, "--better needs --metric", "--better", "lower")
    refused(2, "empty value", "--save", "")
    refused(2, "libhakmem-none-magazine-flat-direct-bitmap.so", environment={"HAKMEM_VARIANTS": "/nosuch"})
    refused(125, "No such file", "--json", "/nosuch/report")
    refused(125, "No such file", "--save", "/nosuch/save")
    refused(2, "not a regular file", "--save", "/dev/full")
    refused(127, "No such file", "--save", "save", command=("nosuch-program",))
    for difference, options in ("command", saved), ("seed", (*saved, "--seed", "2")), \
                               ("factors", ("--factors", "header,cache")):
        used = command if difference != "command" else ("touch", "ran")
        refused(2, f"another experiment: not the same {difference}", *METRIC, *options, "--save", save,
                command=used)
    with open(os.path.join(FOLDER, "notes"), "w", encoding="utf-8") as file:
        file.write("bread\nmilk\n")
    refused(2, "not a file of ablate --save", "--save", file.name)
    with open(file.name, encoding="utf-8") as file:
        check(file.read() == "bread\nmilk\n", "which stays as it is")


def damaged(save, saved, command):
    copy = os.path.join(FOLDER, "copy")
    with open(save, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    with open(copy, "wb") as file:
        file.writelines([*lines[:2], b"{}\n", *lines[3:]])
    refused(2, "line 3 is no run", *METRIC, *saved, "--save", copy, command=command)
    with open(copy, "wb") as file:
        file.write(lines[0][:99])
    report, _ = ablate(*saved, "--save", copy, command=command, rounds=1)
    check(report["rounds_kept"] == 0, "a first line that was cut off is begun anew")
    with open(copy, "rb") as file:
        check(file.readline() == lines[0], "as it was to be")
        fcntl.flock(file, fcntl.LOCK_EX)
        refused(2, "another hakmem-trace", *METRIC, *saved, "--save", copy, command=command)


def rebuilt(save, saved, command):
    with open(os.path.join(os.environ["HAKMEM_VARIANTS"],
                           "libhakmem-none-magazine-flat-direct-bitmap.so"), "ab") as file:
        file.write(b"new")
    refused(2, "not the same libraries", *METRIC, *saved, "--save", save, command=command)


def not_there():
    del os.environ["HAKMEM_VARIANTS"]
    for folder, remedy in ("build/analysis", "is not built: meson compile -C"), ("bin", "is not installed: build it"):
        os.makedirs(os.path.join(FOLDER, folder))
        os.makedirs(os.path.join(FOLDER, "build/src"), exist_ok=True)
        other = shutil.copy(TOOL, os.path.join(FOLDER, folder))
        done = subprocess.run([other, "ablate", "--", "true"], capture_output=True, text=True, check=False)
        check(done.returncode == 2 and remedy in done.stderr and done.stderr.count("\n") == 1,
              f"how to build them: {done.stderr}")


with tempfile.TemporaryDirectory() as FOLDER:
    os.environ["HAKMEM_VARIANTS"] = os.path.join(FOLDER, "variants")
    make_variants(os.environ["HAKMEM_VARIANTS"])
    nanoseconds(known_effects()[0])
    known_effects("--design", "half", cells=16)
    one_at_a_time()
    other_levels()
    six_factors()
    noise()
    few_rounds()
    wall_time()
    budget()
    one_fails()
    SAVED = resumed()
    bad_use(*SAVED)
    damaged(*SAVED)
    rebuilt(*SAVED)
    not_there()
