# SPDX-License-Identifier: MIT
"""top on a terminal of 80 x 24, by tmux: sections, keys, resizing, how it leaves the terminal.
usage: top_screen.py PROGRAM TOOL_WITHOUT_SCREEN"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail, skip
from topped import Topped

PROGRAM, WITHOUT_SCREEN = sys.argv[1], sys.argv[2]
LIMIT = 20


class Terminal:
    """A terminal with a shell script in it, and a server of its own."""

    def __init__(self, script, columns=80, rows=24, locale="C.UTF-8"):
        self.folder = tempfile.TemporaryDirectory()
        self.tmux = ["tmux", "-S", os.path.join(self.folder.name, "socket"), "-f", "/dev/null"]
        env = dict(os.environ, LC_ALL=locale, TOOL=TOOL, WITHOUT=WITHOUT_SCREEN)
        env.pop("TMUX", None)
        subprocess.run([*self.tmux, "-u", "new-session", "-d", "-x", str(columns), "-y", str(rows), script],
                       env=env, check=True, timeout=LIMIT)

    def do(self, *words):
        return subprocess.run([*self.tmux, *words], capture_output=True, text=True, encoding="utf-8",
                              timeout=LIMIT, check=False).stdout

    def keys(self, *keys):
        self.do("send-keys", *keys)

    def shown(self):
        return self.do("capture-pane", "-p")

    def wait(self, *parts, match="", without=()):
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            text = self.shown()
            if all(part in text for part in parts) and re.search(match, text) and \
                    not any(part in text for part in without):
                return text
            time.sleep(0.05)
        return fail(f"{parts} {match} without {without} not shown:\n{self.shown()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.do("kill-server")
        self.folder.cleanup()


# What stands before and after, with the terminal's modes; then it stays open.
AROUND = 'stty -g > {0}/before; echo BEFORE; {1}; echo "AFTER $?"; stty -g > {0}/after; exec sleep 60'
SECTIONS = ("operations", "live", "retained", "mapped", "processor", "page faults", "time by source",
            "ops/s", "slow path", "99 %", "thread", "q quit", "s sort: ops/s")


def modes(folder):
    deadline = time.monotonic() + LIMIT
    after = os.path.join(folder, "after")
    while not (os.path.exists(after) and os.path.getsize(after)):
        if time.monotonic() > deadline:
            fail("no modes")
        time.sleep(0.02)
    return [open(os.path.join(folder, name), encoding="ascii").read() for name in ("before", "after")]


def left_as_it_was(terminal, folder, code, *parts):
    text = terminal.wait("BEFORE", f"AFTER {code}", *parts)
    check("time by source" not in text, f"the screen is given back (exit code {code})")
    before, after = modes(folder)
    check(before == after, "and its modes")
    check(terminal.do("display-message", "-p", "#{cursor_flag}").strip() == "1", "and the cursor")


def lines_fit(text, columns):
    check(all(len(line) <= columns for line in text.splitlines()), f"no line is wider than {columns}")


def sections_and_keys():
    with Topped(PROGRAM) as topped, tempfile.TemporaryDirectory() as folder:
        script = AROUND.format(folder, f'"$TOOL" top --interval 0.3 {topped.pid}')
        with Terminal(script) as terminal:
            text = terminal.wait(*SECTIONS)
            lines_fit(text, 80)
            check(text.splitlines()[0].find(f"({topped.pid}) on hakmem") > 0, "who is watched")
            check("of a core" in text.splitlines()[1], "and what it costs")
            topped.tell("hold 50000")  # all but the last of them are counted
            terminal.wait("1024", match=r"live +4\d\.\d MiB")
            terminal.keys("s")
            terminal.wait("s sort: live", "*live")
            terminal.keys("p")
            terminal.wait("PAUSED", "p go on")
            topped.tell("hold 50000")
            time.sleep(1)
            check(re.search(r"live +4\d\.\d MiB", terminal.shown()), "nothing moves while paused")
            terminal.keys("p")
            terminal.wait(match=r"live +9\d\.\d MiB", without=("PAUSED",))
            terminal.keys("Tab")
            terminal.wait("time by source", without=("slow path  ", "thread "))
            terminal.keys("Right", "Right", "Right")
            terminal.wait("idle-one", without=("time by source",))
            terminal.keys("Left")
            terminal.wait("refill", "remote_collect", without=("idle-one",))
            terminal.keys("q")
            left_as_it_was(terminal, folder, 0)


def now():
    with Topped(PROGRAM) as topped, Terminal(
            f'"$TOOL" top --no-bpf --interval 3600 {topped.pid}') as terminal:
        terminal.wait("the first figures come in 3600 s", "q quit", f"({topped.pid}) on hakmem")
        terminal.keys("Space")
        terminal.wait(*SECTIONS, without=("the first figures",))
        print("ok:   space brings figures at once")


def resizing():
    with Topped(PROGRAM) as topped, tempfile.TemporaryDirectory() as folder:
        script = AROUND.format(folder, f'"$TOOL" top --no-bpf --interval 0.3 {topped.pid}')
        with Terminal(script) as terminal:
            terminal.wait(*SECTIONS)
            for columns, rows in (120, 40), (50, 16), (20, 5), (80, 24):
                terminal.do("resize-window", "-x", str(columns), "-y", str(rows))
                deadline = time.monotonic() + LIMIT
                while "q quit" not in (terminal.shown().splitlines() or [""])[-1] or \
                        len(terminal.shown().splitlines()) != rows:
                    if time.monotonic() > deadline:
                        fail(f"not drawn anew:\n{terminal.shown()}")
                    time.sleep(0.05)
                lines_fit(terminal.shown(), columns)
            terminal.wait(*SECTIONS)
            terminal.keys("C-c")
            left_as_it_was(terminal, folder, 130)


def the_end_of_the_process():
    with Topped(PROGRAM) as topped, tempfile.TemporaryDirectory() as folder:
        script = AROUND.format(folder, f'"$TOOL" top --no-bpf --interval 0.3 {topped.pid}')
        with Terminal(script) as terminal:
            terminal.wait(*SECTIONS)
            topped.begin("abort")
            topped.process.wait(timeout=LIMIT)
            left_as_it_was(terminal, folder, 0, f"process {topped.pid} has ended")


def sigterm():
    with Topped(PROGRAM) as topped, tempfile.TemporaryDirectory() as folder:
        pid = os.path.join(folder, "pid")
        command = f'sh -c \'echo $$ > {pid}; exec "$TOOL" top --no-bpf {topped.pid}\''
        with Terminal(AROUND.format(folder, command)) as terminal:
            terminal.wait("q quit")
            with open(pid, encoding="ascii") as file:
                os.kill(int(file.read()), 15)
            left_as_it_was(terminal, folder, 143)


def ascii_alone():
    with Topped(PROGRAM) as topped, Terminal(
            f'"$TOOL" top --no-bpf --interval 0.3 {topped.pid}', locale="C") as terminal:
        terminal.wait("q quit", "ops/s")
        topped.begin("spin 1500")
        text = terminal.wait("##", "of a core")
        check(text.isascii(), "ASCII where the locale has no more")
    with Topped(PROGRAM) as topped, Terminal(
            f'"$TOOL" top --no-bpf --interval 0.3 {topped.pid}') as terminal:
        terminal.wait("q quit", "ops/s")
        topped.begin("spin 1500")
        terminal.wait("█")


def colour(no_colour):
    with Topped(PROGRAM) as topped, Terminal(
            f'{no_colour} "$TOOL" top --no-bpf --interval 0.3 {topped.pid}') as terminal:
        terminal.wait(*SECTIONS)
        return "\033[36m" in terminal.do("capture-pane", "-p", "-e")


def chosen_row(terminal):
    """Without its figures, which change by themselves."""
    for line in terminal.do("capture-pane", "-p", "-e").splitlines():
        if re.search(r"\033\[(0;)?7m", line):
            return line[:50]
    return ""


def choosing():
    with Topped(PROGRAM) as topped, tempfile.TemporaryDirectory() as folder:
        with Terminal(AROUND.format(folder, '"$TOOL" top --interval 0.3')) as terminal:
            row = f"{topped.pid}  {os.path.basename(PROGRAM)}"[:24]
            terminal.wait(row, "Enter watch", match=r"hakmem +\d+\.\d %")  # the second look
            deadline = time.monotonic() + LIMIT
            while str(topped.pid) not in chosen_row(terminal):
                before = chosen_row(terminal)
                terminal.keys("j")
                while chosen_row(terminal) == before:
                    if time.monotonic() > deadline:
                        fail(f"{topped.pid} can't be chosen:\n{terminal.shown()}")
                    time.sleep(0.02)
            terminal.keys("Enter")
            terminal.wait(f"({topped.pid}) on hakmem", "time by source")
            terminal.keys("q")
            left_as_it_was(terminal, folder, 0)


def refused():
    with tempfile.TemporaryDirectory() as folder, \
            Terminal(AROUND.format(folder, '"$TOOL" top 4194305')) as terminal:
        left_as_it_was(terminal, folder, 2, "there is no process 4194305")


def without_ncurses():
    with Topped(PROGRAM) as topped, Terminal(
            f'"$WITHOUT" top --interval 0.3 --count 1 {topped.pid}; exec sleep 60', columns=120, rows=40) as terminal:
        terminal.wait("built without ncurses", "libncurses-dev", "time by source")
        print("ok:   without ncurses it is said, and text is shown")


if not shutil.which("tmux"):
    skip("no tmux")
sections_and_keys()
now()
resizing()
the_end_of_the_process()
sigterm()
ascii_alone()
check(colour("") and not colour("NO_COLOR=1"), "colour, but not with NO_COLOR")
choosing()
refused()
without_ncurses()
