# SPDX-License-Identifier: MIT
"""What hakmem-trace may do while the command runs, seen from outside; and that all works with that.

As root every tier is tried: root, root by sudo, CAP_BPF and CAP_PERFMON alone, nothing at all. As an
ordinary user only that user's.

usage: privilege.py WORKLOAD ARGUMENT...
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, Run, check, fail
from rights import (NOBODY, SETPRIV, check_has_nothing, check_has_nothing_but_bounds, check_monitor, check_reader,
                    children_of, status_of, tier)

SECONDS = 30


@contextlib.contextmanager
def watching(*command, prefix=(), sudo=False, folder=None):
    """hakmem-trace at the moment when the command runs: its process and its children by name."""
    environment = dict(os.environ)
    if sudo:
        environment.update(SUDO_UID=str(NOBODY), SUDO_GID=str(NOBODY))
    if prefix:
        environment.pop("XDG_RUNTIME_DIR", None)
    with tempfile.TemporaryDirectory() as own:
        path = os.path.join(folder or own, "json")
        with subprocess.Popen([*prefix, TOOL, "run", "--json", path, "--", *command], text=True,
                              env=environment, stderr=subprocess.PIPE) as process:
            try:
                end = time.monotonic() + SECONDS
                name = os.path.basename(command[0])[:15]
                while name not in (children := children_of(process.pid)):
                    if time.monotonic() > end or process.poll() is not None:
                        fail(f"{name} did not start: {process.stderr.read()}")
                    time.sleep(0.01)
                yield process, children, path
            finally:
                process.kill()


def finish(process, path):
    """The report as text and as JSON."""
    _, text = process.communicate(timeout=SECONDS)
    with open(path, encoding="utf-8") as file:
        return text, json.load(file)


def check_processes(sudo):
    uid, gid = (NOBODY, NOBODY) if sudo else (os.geteuid(), os.getegid())
    with watching("sleep", "0.5", sudo=sudo) as (process, children, path):
        check_has_nothing(process.pid, uid, gid, "hakmem-trace")
        check_has_nothing(children["hakmem-reader"], uid, gid, "the reader")
        check_reader(children["hakmem-reader"])
        check(("hakmem-monitor" in children) == (os.geteuid() == 0), "a monitor where needed")
        if os.geteuid() == 0:
            check_monitor(children["hakmem-monitor"])
            check(status_of(children["sleep"])["CapEff"] != 16 * "0", "the command keeps its own")
        finish(process, path)
    check(process.returncode == 0, "the command's exit code")


def check_report(report, workload):
    check(report["operations"] > 0, "counters are read")
    check(report["resident"] is not None, "so is what is resident")
    check(not [note for note in report["notes"] if "become" in note or "reader" in note],
          f"nothing was stopped: {report['notes']}")
    if report["event"]:
        names = {row["name"] for row in report["sources"] if row["samples"]}
        check(names & {"cache", "check", "fast_path", "classify"}, f"names of {workload} are read: {names}")


def check_dead_reader(workload):
    """Whatever ends a reader: another one takes over."""
    with watching(*workload) as (process, children, path):
        os.kill(children["hakmem-reader"], signal.SIGSEGV if os.geteuid() == 0 else signal.SIGKILL)
        text, report = finish(process, path)
    check(process.returncode == 0 and "malloc took" in text, "a killed reader costs no report")
    check_report(report, "a second reader")


def check_dead_monitor(workload):
    with watching(*workload) as (process, children, path):
        os.kill(children["hakmem-monitor"], signal.SIGKILL)
        text, report = finish(process, path)
    check(process.returncode == 0 and report["operations"] > 0, "nor does a killed monitor")


def check_signal(sudo):
    """The command may be another user's by now."""
    with watching("sleep", "20", sudo=sudo) as (process, _, path):
        process.send_signal(signal.SIGTERM)
        _, report = finish(process, path)
    check(report["signal"] == signal.SIGTERM and process.returncode == 128 + signal.SIGTERM,
          "a signal reaches the command")


def check_tier(folder, workload, capabilities):
    sets = ", ".join(capabilities) or "nothing"
    with watching(*workload, prefix=tier(capabilities), folder=folder) as (process, children, path):
        check_has_nothing_but_bounds(process.pid)
        check_has_nothing_but_bounds(children["hakmem-reader"])
        text, report = finish(process, path)
    check_report(report, f"a user with {sets}")
    check("malloc took" in text, f"time by source with {sets}")
    if not report["event"]:
        return
    check(bool(capabilities) <= report["sampling"]["kernel"], "the kernel is sampled with CAP_PERFMON")
    said = [note for note in report["notes"] if note.startswith("no slow-path events")]
    check(report["slow_path"] or said, f"slow paths are watched, or it is said why: {said}")


def check_unreadable_library(workload):
    """The command may have a library that the invoking user may not read: it is opened before."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HAKMEM_LIBRARY"] = shutil.copy(os.environ["HAKMEM_LIBRARY_BUILT"], folder)
        report = Run(*workload).json
        del os.environ["HAKMEM_LIBRARY"]
    check_report(report, "a library that only root may read")
    if report["event"]:
        check(report["malloc"]["share"] > 0.1, "its time is the allocator's")


def check_verbs(workload):
    """The other commands that read what the program leaves: their files go where root alone may write."""
    with tempfile.TemporaryDirectory() as folder:
        for verb, options in (("record", ["--output"]), ("count", ["--calls", "500", "--json"])):
            path = os.path.join(folder, verb)
            done = subprocess.run([TOOL, verb, *options, path, "--", workload[0], "200000", "400", "1"],
                                  env=dict(os.environ, TMPDIR=folder), timeout=SECONDS, check=False,
                                  capture_output=True, text=True)
            if "needs an x86-64" in done.stderr:
                continue
            check(done.returncode == 0, f"{verb}, by a user who used sudo: {done.stderr[-300:]}")
            check(os.path.getsize(path) > 100, f"{verb}: the file is there")
            os.unlink(path)
            check(os.listdir(folder) == [], f"{verb}: nothing is left behind")


def main():
    workload = sys.argv[1:]
    root = os.geteuid() == 0
    for sudo in [False, True] if root else [False]:
        check_processes(sudo)
        check_signal(sudo)
    check_dead_reader(workload)
    if not root:
        return
    check_dead_monitor(workload)
    if subprocess.run([*SETPRIV, "test", "-x", TOOL], check=False).returncode != 0:
        print("left out: other users, to whom the build is closed")
        return
    os.environ.update(SUDO_UID=str(NOBODY), SUDO_GID=str(NOBODY))
    check_report(Run(*workload).json, "a user who used sudo")
    check_unreadable_library(workload)
    check_verbs(workload)
    del os.environ["SUDO_UID"], os.environ["SUDO_GID"]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        check_tier(folder, workload, ["bpf", "perfmon"])
        os.unlink(os.path.join(folder, "json"))
        check_tier(folder, workload, [])


main()
