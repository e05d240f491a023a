# SPDX-License-Identifier: MIT
"""Ctrl-C while compare runs: what is done so far is printed; the command and its children end."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail


def wait_for(condition, what):
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            fail(what)
        time.sleep(0.02)


def by_signal(number):
    with tempfile.TemporaryDirectory() as folder:
        marks, path = os.path.join(folder, "marks"), os.path.join(folder, "json")
        script = f"trap '' INT TERM; echo $$ >> {marks}; " \
                 f"[ $(wc -l < {marks}) -lt 9 ] || sleep 60"
        with subprocess.Popen(
                [TOOL, "compare", "--with", "glibc", "--rounds", "50", "--json", path, "--",
                 "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:

            def started():
                with open(marks, encoding="ascii") as file:
                    return file.read().split()
            wait_for(lambda: os.path.exists(marks) and len(started()) == 9, "nine runs")
            tool.send_signal(number)
            out, errors = tool.communicate(timeout=20)
        check(tool.returncode == 128 + number, f"exit code {tool.returncode}: {errors}")
        check(b"4 rounds of 50: interrupted" in out, "the table on what is done")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        check(report["interrupted"] and report["rounds_done"] == 4, "JSON says so too")
        check(all(len(row["runs"]) == 4 for row in report["allocators"]), "with the runs done")
        last = int(started()[-1])
        check(not os.path.exists(f"/proc/{last}"), "the command has ended, stubborn as it was")


def on_a_terminal():
    try:
        os.close(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
        os.stat("/dev/pts/ptmx")
    except OSError as error:
        print(f"not tried: no terminals to be had here: {error}")
        return
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(TOOL, [TOOL, "compare", "--with", "glibc", "--rounds", "500", "--", "sleep", "0.1"])
    shown, pressed, deadline = b"", False, time.monotonic() + 30
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        shown += data
        if b" left" in shown and not pressed:
            os.write(terminal, b"\x03")
            pressed = True
        if not data:
            break
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(pressed, "the progress bar tells the time left")
    check(status == 128 + signal.SIGINT, f"exit code {status}")
    check(b"of 500: interrupted" in shown, "the table on what is done")


by_signal(signal.SIGINT)
by_signal(signal.SIGTERM)
on_a_terminal()
sys.exit(0)
