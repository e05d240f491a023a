# SPDX-License-Identifier: MIT
"""hakmem-trace advise says of programs whose answer is known what it is.

usage: advise.py some|all PROGRAM SAME DOUBLE NO_MALLOC SECOND [STATIC]: PROGRAM prints 100, with SAME too, 200
with DOUBLE preloaded; NO_MALLOC has no malloc, SECOND has two, STATIC is linked statically
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail

ALL = sys.argv[1] == "all"
PROGRAM, SAME, DOUBLE, NO_MALLOC, SECOND = sys.argv[2:7]
STATIC = sys.argv[7:]
KEYS = {"schema", "kind", "command", "exit_code", "verdict", "interrupted", "metric", "better",
        "seconds", "seconds_needed", "elapsed_s", "wall_s", "cpu_s", "system_s", "max_rss_kb",
        "malloc_share", "share_with", "kernel_for_malloc", "samples", "allocators", "replaceable", "choice_rounds", "tried",
        "alone_failure", "best", "sites", "notes"}
# Long enough to be compared, whatever the machine does.
WORK = ("sh", "-c", f"sleep 0.06; {PROGRAM} $0")
METRIC = ("--metric", "figure ([0-9.]+) of the work")
QUICK = ("--seconds", "1")
# Of a program that does next to nothing but wait, few samples tell whether malloc is in it.
NOTHING = {"not worth": "Not worth it", "no malloc": "No malloc can help"}

# The first run, under libhakmem, and where there is `callers`, once more.
HAS_CALLERS = b"callers" in subprocess.run([TOOL, "--help"], capture_output=True, check=True).stdout
RUNS_BEFORE = 3 if HAS_CALLERS else 2


def check_screen(text, errors):
    lines = text.splitlines()
    check(len(lines) <= 24 and all(len(line) <= 80 for line in lines), "it is one screen")
    said = [line for line in errors.splitlines() if not line.startswith("hakmem-trace: advise: the fewest runs")]
    check(not said, f"nothing else is said: {said}")
    check("hakmem-trace: advice on " in text, "it says on what")


def advise(*command, options=(), expect=0, given=None):
    """The JSON, the text and standard output; the folder for temporary files must be empty then."""
    with tempfile.TemporaryDirectory() as folder:
        work, paths = os.path.join(folder, "work"), [os.path.join(folder, name) for name in ("json", "text")]
        os.mkdir(work)
        done = subprocess.run(
            [TOOL, "advise", "--json", paths[0], "--output", paths[1], *QUICK, *options, "--", *command],
            env=dict(os.environ, TMPDIR=work), capture_output=True, text=True, timeout=120, check=False,
            **({"stdin": subprocess.DEVNULL} if given is None else {"input": given}))
        check(done.returncode == expect, f"exit code {done.returncode}: {done.stderr}")
        check(not os.listdir(work) and len(os.listdir(folder)) == 3, "nothing is left behind")
        report, text = (open(path, encoding="utf-8").read() for path in paths)
    check_screen(text, done.stderr)
    report = json.loads(report)
    check(set(report) == KEYS and report["kind"] == "advise", "schema and kind")
    print(text)
    return report, text, done.stdout


def bounds(of):
    return of["value"], of["ci_low"], of["ci_high"]


def switch():
    report, text, out = advise(*WORK, options=["--with", f"{SAME},{DOUBLE}", *METRIC])
    best = report["best"]
    check(report["verdict"] == "switch" and best["library"] == os.path.realpath(DOUBLE), "the better one")
    check(bounds(best["faster"]) == (2, 2, 2) and bounds(best["control"]) == (1, 1, 1), "is of twice the figure")
    check(report["choice_rounds"] >= 3 and best["rounds"] >= 6, "chosen in some rounds, measured in others")
    check(out.count("of the work") == 1, "the program's own output appears once")
    check("100.0 % better" in text and f"LD_PRELOAD={os.path.realpath(DOUBLE)}" in text, "and how to use it")
    check(report["replaceable"] is True, "its malloc can be replaced")


def runs():
    """As many as are needed: when the best is measured the others rest."""
    with tempfile.TemporaryDirectory() as folder:
        marks = os.path.join(folder, "marks")
        report, _, _ = advise("sh", "-c", f"echo $$ >> {marks}; sleep 0.06; {PROGRAM}",
                              options=["--with", f"{SAME},{DOUBLE}", *METRIC])
        count = started(marks)
    expected = RUNS_BEFORE + 4 * report["choice_rounds"] + 3 * report["best"]["rounds"]
    check(count == expected, f"{count} runs, {expected} are needed")


def not_worth():
    report, text, _ = advise(*WORK, options=["--with", SAME, *METRIC])
    check(report["verdict"] in NOTHING and NOTHING[report["verdict"]] in text, "the same figure is not worth it")
    report, _, _ = advise(*WORK, options=["--with", f"{DOUBLE}", *METRIC, "--better", "lower"])
    check(report["verdict"] in NOTHING and report["best"]["faster"]["value"] == 0.5, "nor is half as good")


def one_fails():
    report, text, _ = advise(*WORK, "200", options=["--with", f"{DOUBLE},{SAME}", *METRIC])
    check(report["tried"][0]["failure"] == "exit code 3 in round 1", "the better one fails")
    check(report["best"]["name"] == os.path.basename(SAME) and report["verdict"] in NOTHING, "so it is not chosen")
    check("fails: exit code 3" in text, "and that is said")
    report, text, _ = advise(*WORK, "200", options=["--with", DOUBLE, *METRIC])
    check(report["best"] is None and report["verdict"] in NOTHING, "of nothing that works nothing is advised")


def can_not_be_compared():
    report, _, _ = advise("true")
    check(report["verdict"] == "too short", "true is too short")
    with tempfile.TemporaryDirectory() as folder:
        report, text, _ = advise("sh", "-c", f"mkdir {folder}/made && sleep 0.06")
        check(report["verdict"] == "not again" and "exit code 1" in report["alone_failure"], "what works but once")
    report, text, out = advise("sh", "-c", "read -r line && echo $line && sleep 0.06", given="a line\n")
    check(report["verdict"] == "not again" and out == "a line\n", "what needs its input")
    check("empty input" in text, "and how to give it that is said")
    script = "import sys, time\nuntil = time.process_time() + (0.3 if sys.stdin.read() else 0)\n" \
             "while time.process_time() < until: pass\ntime.sleep(0.06)"
    report, _, _ = advise(sys.executable, "-c", script, given="a line\n")
    check(report["verdict"] == "not again" and "processor" in report["alone_failure"], "or does nothing without it")


def kinds_of_programs():
    report, text, _ = advise(NO_MALLOC, options=["--with", SAME])
    if report["samples"] > 0:
        check(report["malloc_share"]["value"] < 0.02, "no malloc in its profile")
        check(report["share_with"] == "hakmem" and "runs on libhakmem" in text, "by a run that would have found one")
        check(report["kernel_for_malloc"] is None or report["verdict"] in ("no malloc", "switch"), "is told")  # "switch": should the machine play tricks
    report, text, _ = advise(SECOND, "0.25", options=["--with", SAME])
    if report["malloc_share"] is not None:
        stays = {row["name"]: (row["share"], row["stays"]) for row in report["allocators"]}["glibc"]
        check(0.3 < stays[1] < 0.75 * stays[0], "of two allocators one stays")
        check("stay when another is preloaded" in " ".join(text.split()), "and that is said")
    if STATIC:
        report, text, _ = advise(STATIC[0], "15000000")
        check(report["verdict"] == "fixed" and report["replaceable"] is False, "a static program keeps its own")
        check(report["choice_rounds"] == 0 and report["best"] is None, "nothing is compared then")
        if report["malloc_share"] is not None:
            check(report["allocators"][0]["name"] == "glibc" and "glibc's" in text, "whose is told")


def started(marks):
    if not os.path.exists(marks):
        return 0
    with open(marks, encoding="ascii") as file:
        return len(file.read().split())


def interrupted(when, choice_rounds):
    """Run number `when` of the command lasts; then comes the signal."""
    with tempfile.TemporaryDirectory() as folder:
        marks, path = os.path.join(folder, "marks"), os.path.join(folder, "json")
        script = f"echo $$ >> {marks}; [ $(wc -l < {marks}) -lt {when} ] || exec sleep 60; sleep 0.06; " \
                 "echo figure 7 of the work"
        with subprocess.Popen(
                [TOOL, "advise", "--with", SAME, *METRIC, *QUICK, "--json", path, "--", "sh", "-c", script],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tool:
            deadline = time.monotonic() + 60
            while started(marks) < when:
                if time.monotonic() > deadline:
                    tool.kill()
                    fail(f"run {when} did not come")
                time.sleep(0.02)
            tool.send_signal(signal.SIGINT)
            _, errors = tool.communicate(timeout=30)
        check(tool.returncode == 130, f"exit code {tool.returncode}: {errors}")
        check("Interrupted: " in errors, "the advice is marked")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        check(report["interrupted"] and report["choice_rounds"] == choice_rounds, f"{choice_rounds} rounds")
        with open(marks, encoding="ascii") as file:
            last = file.read().split()[-1]
        check(not os.path.exists(f"/proc/{last}"), "the command has ended")


switch()
one_fails()
kinds_of_programs()
interrupted(1, 0)
interrupted(RUNS_BEFORE + 7, 2)
if ALL:
    runs()
    not_worth()
    can_not_be_compared()
    interrupted(2, 0)
    interrupted(RUNS_BEFORE + 10, 3)
