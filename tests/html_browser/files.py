# SPDX-License-Identifier: MIT
"""Where a page goes: whole to its file or not at all, known before anything runs, `-` is standard output.

usage: files.py ; environment: HAKMEM_TRACE. No browser is needed.
"""

import os
import subprocess
import sys
import tempfile

TOOL = os.environ["HAKMEM_TRACE"]


def check(condition, text):
    print("ok:  " if condition else "FAIL:", text)
    if not condition:
        sys.exit(1)


def commands(work):
    """Each of the three that can be asked without much time; `work` runs in a shell."""
    return {"compare": ["--rounds", "1", "--with", "hakmem,glibc", "--", "sh", "-c", work],
            "why": ["--rounds", "1", "hakmem", "glibc", "--", "sh", "-c", work],
            "ablate": ["--rounds", "1", "--", "sh", "-c", work]}


def run(command, *words):
    return subprocess.run([TOOL, command, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)


def refused(folder):
    witness = os.path.join(folder, "it-ran")
    for command, words in commands(f"touch {witness}").items():
        done = run(command, "--html", "", *words)
        check(done.returncode == 2 and done.stderr.count("\n") == 1, f"{command}: an empty name is wrong use")
        done = run(command, "--html")
        check(done.returncode == 2, f"{command}: so is none")
        if command == "ablate":  # needs variants before it opens a file
            continue
        done = run(command, "--html", os.path.join(folder, "no", "such", "folder"), *words)
        check(done.returncode == 125 and "No such file" in done.stderr, f"{command}: {done.stderr.strip()}")
        check(not os.path.exists(witness), "and the command has not run")


def written(folder):
    path = os.path.join(folder, "page.html")
    words = commands("true")["compare"]
    with open(path, "w", encoding="ascii") as file:
        file.write("what was there before")
    check(run("compare", "--html", path, *words).returncode == 0, "a page over a file")
    with open(path, encoding="utf-8") as file:
        page = file.read()
    check(page.startswith("<!DOCTYPE html>") and page.rstrip().endswith("</html>"), "is whole")
    check("what was there before" not in page and os.listdir(folder) == ["page.html"], "and nothing else is left")
    check("--with hakmem,glibc" in page, "it names the command that made it")
    done = run("compare", "--html", "-", *words)
    check(done.stdout.startswith("<!DOCTYPE html>") and "allocator" in done.stderr, "- is standard output, text on the other")
    done = run("compare", "--html", path, "--json", "-", *words)
    check(done.stdout.startswith("{"), "JSON beside it")
    done = run("compare", "--html", "/dev/full", *words)
    check(done.returncode == 125 and "/dev/full" in done.stderr, "a full device is told")


def main():
    with tempfile.TemporaryDirectory() as folder:
        refused(folder)
        written(folder)


main()
