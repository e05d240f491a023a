# SPDX-License-Identifier: MIT
"""The reports of hakmem-trace on terminals of 80 and 132 columns, without UTF-8, without colour, and piped.

usage: reports.py KIND... ; environment: HAKMEM_TRACE, PROGRAM (random_mixed), HAKMEM_LIBRARY
"""

import os
import subprocess
import sys
import tempfile

from on_terminal import COLOUR, ESCAPE, columns_of, environment, lines_of, on_terminal, piped

TOOL, PROGRAM = os.environ["HAKMEM_TRACE"], os.environ["PROGRAM"]
METRIC = ("--metric", "([0-9.]+) M ops/s")
UTF8 = "C.UTF-8"
failed = []


def check(condition, text):
    if not condition:
        failed.append(text)
        print("FAIL:", text)


def commands(folder):
    def work(count, *more):
        return ["--", PROGRAM, str(count), "400", "1", *more]
    long = ["--", "sh", "-c", f"{PROGRAM} 300000 400 1; : " + "word " * 30, "a-word-without-an-end" * 6]
    return {
        "run": ["run", *work(1000000)],
        "run-long": ["run", "--no-bpf", *long],
        "own": ["run", "--with", "own", "--frequency", "5000", *work(1000000)],
        "count": ["count", "--calls", "1000", *work(100000)],
        "annotate": ["annotate", "--no-samples", "--calls", "1000", *work(100000)],
        "list": ["annotate", "--list", *work(1000000)],
        "callers": ["callers", *work(1000000)],
        "compare": ["compare", "--details", "--rounds", "6", "--with", "hakmem,glibc", *METRIC, *long],
        "suite": ["compare", "--suite=" + os.path.join(folder, "suite.txt"), "--rounds", "1"],
        "sweep": ["compare", "--rounds", "1", *METRIC, "--sweep", "n=40,400,...,40000", "--", PROGRAM, "50000", "{n}", "1"],
        "why": ["why", "--rounds", "2", *METRIC, "hakmem", "glibc", *work(1000000)],
        "health": ["health", "--rounds", "6", "--operations", "100000", "--bound", "0"],
        "advise": ["advise", "--seconds", "2", *work(20000000)],
        "record": ["record", "--output", os.path.join(folder, "trace"), *work(10000)],
        "doctor": ["doctor", "--quick"],
    }


def widths(kind, data, columns, where):
    for line in lines_of(data):
        if line.startswith(f"hakmem-trace: {kind}: "):  # what went wrong is one line, however long
            continue
        check(columns_of(line) <= columns, f"{kind}, {where}: {columns_of(line)} columns: {line!r}")


def plain(kind, data, where):
    check(b"\x1b" not in data and b"\r" not in data, f"{kind}, {where}: escape codes")


def check_command(kind, words):
    words = [TOOL, *words]
    wide, status = on_terminal(words, 132, environment(UTF8))
    check(status in (0, 1), f"{kind}: exit code {status}: {wide.decode(errors='replace')}")
    widths(kind, wide, 132, "132 columns")
    narrow, _ = on_terminal(words, 80, environment("C"))
    widths(kind, narrow, 80, "80 columns, C")
    check(all(byte < 128 for byte in narrow), f"{kind}: bytes beyond ASCII in the C locale")
    text = wide.decode("utf-8", "replace")
    check(kind in ("record", "top") or COLOUR.search(text), f"{kind}: neither bold nor colour on a terminal")
    silent, _ = on_terminal(words, 80, environment(UTF8, NO_COLOR="1"))
    check(not COLOUR.search(silent.decode("utf-8", "replace")), f"{kind}: colour in spite of NO_COLOR")
    widths(kind, silent, 80, "80 columns, NO_COLOR")
    dumb, _ = on_terminal(words, 80, dict(environment(UTF8), TERM="dumb"))
    plain(kind, dumb, "TERM=dumb")
    quiet, _ = piped(words, environment(UTF8))
    plain(kind, quiet, "piped")
    widths(kind, quiet, 80, "piped")


def check_running():
    """attach, and top as text, on a program that runs meanwhile."""
    env = dict(os.environ, LD_PRELOAD=os.environ["HAKMEM_LIBRARY"])
    with subprocess.Popen([PROGRAM, "100000000000", "400", "1"], env=env, stdout=subprocess.DEVNULL) as program:
        try:
            check_command("attach", ["attach", "--seconds", "1", str(program.pid)])
            check_command("top", ["top", "--plain", "--count", "2", "--interval", "0.3", str(program.pid)])
        finally:
            program.kill()


def check_columns():
    """COLUMNS decides, on a terminal and in a pipe; what is no number does not."""
    words = [TOOL, "run", "--no-bpf", "--", PROGRAM, "300000", "400", "1"]
    for columns in (60, 100, 132):
        data, _ = piped(words, environment(UTF8, COLUMNS=str(columns)))
        widths("run", data, max(columns, 80), f"piped, COLUMNS={columns}")
    wide = on_terminal(words, 80, environment(UTF8, COLUMNS="132"))[0]
    check(max(map(columns_of, lines_of(wide))) > 80, "COLUMNS=132 is wider than the terminal of 80")
    odd = on_terminal(words, 132, environment(UTF8, COLUMNS="many"))[0]
    check(max(map(columns_of, lines_of(odd))) > 80, "COLUMNS=many: the terminal's own 132")


def check_helps():
    listed = subprocess.run([TOOL, "--help"], capture_output=True, text=True, check=True, timeout=10).stdout
    names = [line.split()[0] for line in listed.split("commands:")[1].split("options:")[0].splitlines() if line.strip()]
    check(len(names) > 10, f"commands: {names}")
    for name in names:
        if name == "help":
            continue
        text = subprocess.run([TOOL, name, "--help"], capture_output=True, text=True, check=False, timeout=10).stdout
        for line in text.splitlines():
            check(columns_of(line) <= 96, f"{name} --help: {columns_of(line)} columns: {line}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "suite.txt"), "w", encoding="ascii") as file:
            file.write(f"small {PROGRAM} 20000 400 1\nlarger {PROGRAM} 20000 4000 1\n")
        known = commands(folder)
        for kind in sys.argv[1:]:
            before = len(failed)
            if kind == "columns":
                check_columns()
            elif kind == "running":
                check_running()
            elif kind == "helps":
                check_helps()
            else:
                check_command(kind, known[kind])
            print("ok:" if len(failed) == before else "FAIL:", kind)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
