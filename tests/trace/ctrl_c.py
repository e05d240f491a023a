# SPDX-License-Identifier: MIT
"""Ctrl-C on a terminal ends the program, and the report on what ran until then is printed."""

import os
import pty
import select
import sys
import time

from hakmem_trace import TOOL, check, fail


def read_until_end(terminal, press_at):
    """Everything the terminal shows; presses Ctrl-C once the program says that it runs."""
    shown, pressed, deadline = b"", False, time.monotonic() + 30
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            return shown
        if not data:
            return shown
        shown += data
        if press_at in shown and not pressed:
            os.write(terminal, b"\x03")
            pressed = True
    return fail("no end after 30 s")


def run(script, expect):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(TOOL, [TOOL, "run", "--no-bpf", "--", "sh", "-c", script])
    shown = read_until_end(terminal, b"it runs\r\n")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(status == expect, f"exit status {status}")
    check(b"CPU" in shown and b"wall" in shown, "the report is printed")
    return shown


try:
    os.close(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
    os.stat("/dev/pts/ptmx")
except OSError as error:
    print(f"skipped: no terminals to be had here: {error}")
    sys.exit(77)
out = run("echo it runs; sleep 20", 130)
check(b"killed by signal 2" in out, "the report says what ended the program")
run("trap 'echo caught; exit 7' INT; echo it runs; while :; do sleep 0.1; done", 7)
sys.exit(0)
