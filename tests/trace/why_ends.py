# SPDX-License-Identifier: MIT
"""why where the command fails, where threads share lines, and where Ctrl-C ends it.

usage: why_ends.py PROGRAM SAME DOUBLE FALSE_SHARING: PROGRAM fails with DOUBLE preloaded if told 200.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check
from why_run import Why

PROGRAM, SAME, DOUBLE, SHARING = sys.argv[1:]


def failures():
    why = Why("glibc", "hakmem", "sh", "-c", "echo as it wants; exit 3", options=("--rounds", "2"), expect=1)
    check("exit code 3" in why.text and "as it wants" in why.text, "the command fails")
    check("exit code 3" in why.json["comparison"]["allocators"][0]["failure"], "in JSON too")
    why = Why(SAME, DOUBLE, PROGRAM, "200", options=("--rounds", "2"), expect=1)
    failed = [row["failure"] for row in why.json["comparison"]["allocators"]]
    check(failed[0] is None and failed[2] and "exit code 3" in failed[2], "under B alone")


def false_sharing():
    arguments = (SHARING, "--objects", "20000", "--writes", "1", "--passive", "1")
    why = Why("glibc", "hakmem", *arguments, options=("--rounds", "1"))
    threads = why.json["threads"]
    check(not threads["one_thread"] and threads["a"]["threads"] > 1, "more than one thread")
    check(threads["a"]["blocks"] >= 40000 and threads["a"]["shared"] <= threads["a"]["blocks"], "blocks")
    check(why.fall["verdict"] == "unknown" and why.fall["measured"]["ci_low"] is None, "one round tells little")
    check("use --rounds 6" in why.text, "and it says so")


def brought():
    """An allocator that was linked with the program is named: glibc's it was not that ran."""
    with tempfile.TemporaryDirectory() as folder:
        library, path = os.path.join(folder, "libjemalloc.so.2"), os.path.join(folder, "json")
        shutil.copy(SAME, library)
        subprocess.run(
            [TOOL, "run", "--with", "glibc", "--json", path, "--output", "/dev/null", "--", PROGRAM],
            env=dict(os.environ, LD_PRELOAD=library), capture_output=True, timeout=60, check=True)
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    if report["event"]:
        check(report["brought"] == "jemalloc", "what the program brings is named")
        check(any("brings jemalloc" in note for note in report["notes"]), "in a note, too")


def by_signal():
    with tempfile.TemporaryDirectory() as folder:
        work, marks, path = (os.path.join(folder, name) for name in ("work", "marks", "json"))
        os.mkdir(work)
        script = f"echo $$ >> {marks}; [ $(wc -l < {marks}) -lt 12 ] || exec sleep 60"
        with subprocess.Popen(
                [TOOL, "why", "--rounds", "50", "--json", path, "hakmem", "glibc", "--", "sh", "-c", script],
                env=dict(os.environ, TMPDIR=work, XDG_RUNTIME_DIR=work),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:

            def started():
                if not os.path.exists(marks):
                    return []
                with open(marks, encoding="ascii") as file:
                    return file.read().split()
            deadline = time.monotonic() + 30
            while len(started()) < 12 and time.monotonic() < deadline:
                time.sleep(0.02)
            tool.send_signal(signal.SIGINT)
            out, errors = tool.communicate(timeout=30)
        print(out.decode())
        check(tool.returncode == 128 + signal.SIGINT, f"exit code {tool.returncode}: {errors}")
        check(b"1 rounds of 50: interrupted" in out, "what is done is printed")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        check(report["interrupted"] and report["waterfall"]["measured"]["difference"] is not None,
              "JSON has it too")
        check(not os.path.exists(f"/proc/{started()[-1]}"), "the command has ended")
        check(not os.listdir(work), f"nothing is left behind: {os.listdir(work)}")


failures()
false_sharing()
brought()
by_signal()
