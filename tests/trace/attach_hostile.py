# SPDX-License-Identifier: MIT
"""Processes that end, become others, or hide while they are watched: a report or a clear line, no hang.

    attach_hostile.py PROGRAM OTHER_PROGRAM
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

from attached import LIBRARY, Attach, Target
from hakmem_trace import check

PROGRAM, OTHER = sys.argv[1:3]


def vanishes():
    with Target(PROGRAM, "vanishes", "6000") as target:
        report = Attach(target.pid, seconds=30)
        check(report.json["attached"]["has_ended"] and report.json["wall_s"] < 20, "its end ends the watching")
        check(report.json["counters"]["mallocs"] > 0, "what it counted until then is known")


def executes():
    with Target(PROGRAM, "executes", OTHER, "2000000000", "400", "1") as target:
        report = Attach(target.pid, seconds=4.5)
        check(report.json["programs"] == 2, f"{report.json['programs']} programs counted: both")
        check(report.json["operations"] > 100000, "what the other one does is counted")


def forks():
    with Target(PROGRAM, "forks") as target:
        report = Attach(target.pid, seconds=1.5)
        check(report.json["counters"]["mallocs"] > 0, "a process that forks without end is reported on")
        if report.json["event"] and report.json["sampling"]["kernel"]:
            check(report.json["sampling"]["samples"] > 50, "with its children's samples")


def loads():
    with Target(PROGRAM, "loads", LIBRARY, library=None) as target:
        Attach(target.pid, seconds=1.5)
        check(target.is_running(), "a library that comes and goes harms nobody")


def library_is_gone():
    """Removed and stripped: known by the note in its memory."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = os.path.join(folder, "some_name.so")
        shutil.copy(LIBRARY, copy)
        if shutil.which("strip"):
            subprocess.run(["strip", copy], check=True)
        with Target(PROGRAM, "works", library=copy) as target:
            os.unlink(copy)
            report = Attach(target.pid, seconds=1)
            check(report.json["allocator"] == "hakmem", "a removed, stripped library of another name is known")
            check(report.json["counters"]["mallocs"] > 1000, "its counters are read")


def hides():
    """In a mount and PID namespace of its own, on a file system that only it sees."""
    script = ('mount -t tmpfs none /mnt && cp "$0" /mnt/hidden.so && LD_PRELOAD=/mnt/hidden.so exec "$@"')
    inside = ["unshare", "-m", "-p", "-f", "sh", "-c"]
    if subprocess.run([*inside, "mount -t tmpfs none /mnt"], capture_output=True, check=False).returncode:
        print("skipped: no namespaces to be had")
        return
    with Target(*inside, script, LIBRARY, PROGRAM, "works", library=None) as target:
        with open(f"/proc/{target.pid}/task/{target.pid}/children", encoding="utf-8") as file:
            pid = int(file.read().split()[0])
        report = Attach(pid, seconds=1)
        check(report.json["allocator"] == "hakmem", "in namespaces of its own it is found")
        check(report.json["counters"]["mallocs"] > 1000, "with its counters")
        if report.json["event"]:
            check(report.json["malloc"]["share"] > 0.02, "its samples are attributed")
        if "no slow-path events" not in report.notes():
            check(report.json["slow_path"], "and its slow paths watched")


def hostile_names():
    name = "\033[31m\nx\001"
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "evil\033]0;x\007\nname")
        library = os.path.join(folder, "lib\033[2J\nmalloc.so")
        shutil.copy(PROGRAM, program)
        shutil.copy(LIBRARY, library)
        with Target(program, "named", name, library=library) as target:
            report = Attach(target.pid, seconds=1)
            check(report.json["allocator"] == "hakmem", "a library of a hostile name is found")
            check("\\x1b" in report.text, "names are shown escaped")
            check(not any(c in report.text for c in "\033\007\001"), "and not as they are")
            check(report.json["command"][0] == program, "JSON has them whole")
            check(report.json["counters"]["mallocs"] > 1000, "it is counted all the same")


def no_such_process():
    with Target(PROGRAM, "vanishes", "1") as target:
        target.process.wait()
        time.sleep(0.1)
        report = Attach(target.pid, expect=1)
        check("there is no process" in report.stderr, "a process that is gone: one line")


vanishes()
executes()
forks()
loads()
library_is_gone()
hides()
hostile_names()
no_such_process()
