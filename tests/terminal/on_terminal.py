# SPDX-License-Identifier: MIT
"""Runs a command on a terminal of so many columns, or piped, and measures what it printed."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def environment(locale, **more):
    """Nothing of the caller's that says how a report is to look."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("NO_COLOR", "COLUMNS", "LANG") and not name.startswith("LC_")}
    return dict(kept, LC_ALL=locale, TERM="xterm-256color", **more)


def take(master, child, seconds):
    """What comes until the other end is closed."""
    data, deadline = b"", time.monotonic() + seconds
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.5)[0]:
            try:
                part = os.read(master, 65536)
            except OSError:  # EIO: nobody holds the terminal any more
                return data
            if not part:
                return data
            data += part
    os.killpg(child.pid, signal.SIGKILL)
    raise TimeoutError(f"{child.args} takes more than {seconds} s")


def on_terminal(command, columns, env, seconds=60):
    """All three streams are the terminal. Returns (text as bytes, exit status)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env,
                             start_new_session=True)
    os.close(slave)
    try:
        data = take(master, child, seconds)
        return data.replace(b"\r\n", b"\n"), child.wait(timeout=seconds)
    finally:
        os.close(master)


def piped(command, env, seconds=60):
    """Standard output and standard error together in a pipe."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=env, timeout=seconds, check=False)
    return done.stdout, done.returncode


def columns_of(line):
    """How wide a line is on a screen, escape sequences taken out."""
    width = 0
    for character in ESCAPE.sub("", line):
        if unicodedata.combining(character):
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


def lines_of(data):
    """What stays on the screen: a progress bar is written over, or a program has written behind it."""
    text = data.decode("utf-8", "surrogateescape").replace("\x1b[K", "\n")
    return [line.split("\r")[-1] for line in text.split("\n")]
