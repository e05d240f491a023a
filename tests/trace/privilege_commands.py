# SPDX-License-Identifier: MIT
"""Every command that looks at a program gives its rights up when all is attached, and reports all the same.

As root: as root, as a user who used sudo, with CAP_BPF and CAP_PERFMON alone, with nothing. Else with what there is.

usage: privilege_commands.py WORKLOAD [all]    all: every one of these, and other users' processes and files
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail
from rights import (BPF_AND_PERFMON, MONITOR, NOBODY, SETPRIV, check_has_nothing, check_has_nothing_but_bounds, check_monitor, check_reader,
                    children_of, status_of, tier)

SECONDS = 60
PIPE_SIZE = 1031  # F_SETPIPE_SZ of fcntl.h, which Python's has from 3.10 on
BRIEF, SECOND, LONG = ["20000000", "400", "1"], ["100000000", "400", "1"], ["4000000000", "400", "1"]


class Tier:
    """Who starts hakmem-trace, with what."""

    def __init__(self, name, prefix=(), uid=os.geteuid(), sudo=False):
        self.name, self.prefix, self.uid, self.sudo = name, list(prefix), uid, sudo
        self.is_roots = os.geteuid() == 0 and not prefix
        self.kernel = self.is_roots or "caps" in name

    def environment(self):
        environment = dict(os.environ)
        if self.sudo:
            environment.update(SUDO_UID=str(NOBODY), SUDO_GID=str(NOBODY))
        if self.prefix:
            environment.pop("XDG_RUNTIME_DIR", None)
        return environment

    @contextlib.contextmanager
    def start(self, *arguments):
        with subprocess.Popen([*self.prefix, TOOL, *arguments], text=True, env=self.environment(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                yield process
            finally:
                process.kill()

    @contextlib.contextmanager
    def target(self, workload, library=os.environ["HAKMEM_LIBRARY_BUILT"]):
        """A process that runs, of the same user, without any capability but root's."""
        prefix = tier([]) if self.prefix else []
        environment = dict(os.environ, LD_PRELOAD=library)
        with subprocess.Popen([*prefix, "env", workload, *LONG], env=environment,
                              stdout=subprocess.DEVNULL) as process:
            wait_for(lambda: status_of(process.pid)["Name"] == os.path.basename(workload)[:15], "the target")
            time.sleep(0.1)
            try:
                yield process
            finally:
                process.kill()


def wait_for(condition, what):
    end = time.monotonic() + SECONDS
    while not (found := condition()):
        if time.monotonic() > end:
            fail(f"{what}: not within {SECONDS} s")
        time.sleep(0.005)
    return found


def has_dropped(process):
    if process.poll() is not None:
        fail(f"it ended with {process.returncode}: {process.stderr.read()[-500:]}")
    status = status_of(process.pid)
    return status["NoNewPrivs"] == "1" and int(status["CapPrm"], 16) == 0


def check_dropped(pid, where, what):
    uid = NOBODY if where.sudo else where.uid
    if where.is_roots:
        check_has_nothing(pid, uid, uid, what)
    else:
        check_has_nothing_but_bounds(pid)
        check(status_of(pid)["Uid"].split() == 4 * [str(uid)], f"{what} is user {uid}")


def check_rights(process, where, verb, needs_reader=True):
    """At the moment when all is attached. A reader that is not needed any more may end meanwhile."""
    what = f"{verb}, {where.name}"
    wait_for(lambda: has_dropped(process), f"{what}: the rights go")
    children = children_of(process.pid)
    check_dropped(process.pid, where, f"{what}: hakmem-trace")
    check("hakmem-reader" in children or not needs_reader, f"{what}: a reader, or one that has read its last")
    if "hakmem-reader" in children:
        with contextlib.nullcontext() if needs_reader else contextlib.suppress(FileNotFoundError, ProcessLookupError):
            check_dropped(children["hakmem-reader"], where, f"{what}: hakmem-reader")
            check_reader(children["hakmem-reader"])
    if "hakmem-monitor" in children:
        check_monitor(children["hakmem-monitor"], MONITOR if where.is_roots else BPF_AND_PERFMON)
    return children


def check_samples(report, where, verb):
    if report["event"]:
        names = {row["name"] for row in report["sources"] if row["samples"]}
        check(names & {"cache", "check", "fast_path", "classify"}, f"{verb}, {where.name}: sources: {names}")
        check(where.kernel <= report["sampling"]["kernel"], f"{verb}, {where.name}: the kernel is sampled")
        costs = {name: report["overhead"][name] for name in ("sample_ns", "fault_ns")}
        check(all(costs.values()), f"{verb}, {where.name}: what events cost was measured: {costs}")
    said = [note for note in report["notes"] if note.startswith("no slow-path events")]
    check(report["slow_path"] or said, f"{verb}, {where.name}: slow paths, or why not: {said}")


def check_attach(where, workload, folder):
    path = os.path.join(folder, "attach")
    with where.target(workload) as target, where.start("attach", "--json", path, str(target.pid)) as process:
        check_rights(process, where, "attach")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, text = process.communicate(timeout=SECONDS)
    check(process.returncode == 0, f"attach, {where.name}: exit code {process.returncode}")
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    os.unlink(path)
    check(report["operations"] > 0, f"attach, {where.name}: counters are read")
    check(report["resident"], f"attach, {where.name}: so is what is resident")
    check_samples(report, where, "attach")


def check_top(where, workload):
    with where.target(workload) as target, where.start("top", "--json", "--interval", "0.2",
                                                       str(target.pid)) as process:
        check_rights(process, where, "top")
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.terminate()
        _, text = process.communicate(timeout=SECONDS)
    check(process.returncode == 128 + signal.SIGTERM, f"top, {where.name}: {process.returncode} {text[-300:]}")
    last = lines[-1]
    check(last["operations"]["per_s"] > 0 and last["memory"]["mapped"] > 0, f"top, {where.name}: counters are read")
    check(os.path.basename(last["program"]) == os.path.basename(workload), f"top, {where.name}: {last['program']}")
    check(last["threads"] and last["size_classes"], f"top, {where.name}: threads and size classes")
    if last["sampling"]:
        check(where.kernel <= last["sampling"]["kernel"], f"top, {where.name}: the kernel is sampled")
        check(any(row["share"] for row in last["sources"]), f"top, {where.name}: sources")


def held_report(where, verb, folder, *command):
    """The report goes to a pipe that takes little, so that the command waits with it."""
    path = os.path.join(folder, "pipe")
    os.mkfifo(path)
    os.chmod(path, 0o666)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(reader, PIPE_SIZE, 4096)
    with where.start(verb, "--json", path, "--output", "/dev/null", "--", *command) as process:
        children = check_rights(process, where, verb, needs_reader=False)
        os.set_blocking(reader, True)
        with os.fdopen(reader, encoding="utf-8") as file:
            text = file.read()
        _, said = process.communicate(timeout=SECONDS)
    os.unlink(path)
    check(process.returncode == 0, f"{verb}, {where.name}: {said[-300:]}")
    return json.loads(text), children


def check_stepped(where, workload, folder):
    report, _ = held_report(where, "count", folder, workload, *BRIEF)
    check(any(kind["instructions"] > 0 for kind in report["kinds"]), f"count, {where.name}: instructions")
    check({"cache", "fast_path"} <= {row["name"] for row in report["sources"]}, f"count, {where.name}: sources")
    check(not [note for note in report["notes"] if "symbols" in note], f"count, {where.name}: {report['notes']}")
    report, children = held_report(where, "annotate", folder, workload, *SECOND)
    code = [row for function in report["functions"] for row in function["code"]]
    check(any(row["executed"] for row in code), f"annotate, {where.name}: instructions")
    check(any(row["line_text"] for row in code), f"annotate, {where.name}: source lines")
    if report["sampling"]:
        check(report["sampling"]["samples"] > 0, f"annotate, {where.name}: a second run was sampled")
        check(children.keys() & {"hakmem-trace", os.path.basename(workload)[:15]},
              f"annotate, {where.name}: the rights were gone while it went on: {list(children)}")


def check_callers(where, workload, folder):
    report, children = held_report(where, "callers", folder, workload, *SECOND)
    what = f"callers, {where.name}"
    check(children.keys() & {"hakmem-trace", os.path.basename(workload)[:15]},
          f"{what}: the rights were gone while it went on: {list(children)}")
    check("hakmem-reader" in children, f"{what}: somebody else reads files")
    check(report["sampling"]["programs"] == 1 and report["sampling"]["samples"] > 100,
          f"{what}: what the program has left is read: {report['sampling']}, {report['notes']}")
    paths = [report["paths"][index] for index in report["by_bytes"]]
    check(paths[0]["frames"][-1]["function"] == "workload_main" and paths[0]["line"], f"{what}: {paths[0]}")
    if report["time"]:
        check(any(path["time_share"] and path["time_share"]["value"] > 0.1 for path in paths), f"{what}: its time")


def ids_of(pid):
    """Of eBPF programs and links that the process holds."""
    found = set()
    for descriptor in os.listdir(f"/proc/{pid}/fdinfo"):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/fdinfo/{descriptor}", encoding="utf-8") as file:
            for line in file:
                name, _, number = line.partition(":")
                if name in ("prog_id", "link_id"):
                    found.add(({"prog_id": "prog", "link_id": "link"}[name], number.strip()))
    return found


def is_there(bpftool, kind, number):
    done = subprocess.run([bpftool, kind, "show", "id", number], check=False, capture_output=True)
    return done.returncode == 0


def check_killed(where, workload, verb, bpftool):
    with where.target(workload) as target, where.start(verb, str(target.pid)) as process:
        children = check_rights(process, where, verb)
        held = ids_of(process.pid)
        process.kill()
        process.communicate(timeout=SECONDS)
        for name, pid in children.items():
            wait_for(lambda pid=pid: not os.path.exists(f"/proc/{pid}"), f"{verb} killed: {name} ends")
        check(True, f"{verb} killed: {', '.join(children)} have ended")
        if not bpftool or not held:
            print(f"left out: eBPF programs of a killed {verb}: {'none' if bpftool else 'no bpftool'}")
            return
        for kind, number in held:
            wait_for(lambda kind=kind, number=number: not is_there(bpftool, kind, number),
                     f"{verb} killed: {kind} {number} goes")
        check(target.poll() is None, f"{verb} killed: {len(held)} programs and links are gone, the target goes on")


def check_other_users(where, workload):
    """Of another user's process nothing can be had without rights, and of its memory nothing with these two:
    newer kernels show its mappings to CAP_PERFMON."""
    with Tier("root").target(workload) as target:
        for verb, options, code, said in (("attach", ["--seconds", "1"], 1, "may not read the process's memory"),
                                          ("top", ["--plain", "--count", "1"], 125, "its memory may not be read")):
            with where.start(verb, *options, str(target.pid)) as process:
                _, text = process.communicate(timeout=SECONDS)
            refused = process.returncode == code and len(text.splitlines()) == 1
            check(refused or (where.kernel and process.returncode == 0 and said in text),
                  f"{verb}, {where.name}: another user's process: {text.strip().splitlines()[-1]}")


def check_foreign_library(workload, folder):
    """libbpf would read it with root's rights: only a file that root or who started us could have written."""
    where, path = Tier("root by sudo", sudo=True), os.path.join(folder, "json")
    for owner, mode, is_trusted in ((0, 0o755, True), (NOBODY, 0o755, True), (NOBODY - 1, 0o755, False),
                                    (0, 0o777, False)):
        library = shutil.copy(os.environ["HAKMEM_LIBRARY_BUILT"], folder)
        os.chown(library, owner, 0)
        os.chmod(library, mode)
        with where.target(workload, library) as target, where.start("attach", "--seconds", "1", "--json", path,
                                                                    str(target.pid)) as process:
            _, text = process.communicate(timeout=SECONDS)
        check(process.returncode == 0, f"a library of user {owner}, {mode:o}: exit code {process.returncode}")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        os.unlink(path)
        said = [note for note in report["notes"] if "can be written by others" in note]
        check(bool(said) != is_trusted and (is_trusted or not report["slow_path"]),
              f"a library of user {owner}, {mode:o} gets {'probes' if is_trusted else 'none'}: {said}")
        check(report["operations"] > 0 and "fast_path" in text, "it is counted and told apart all the same")
        os.unlink(library)


def main():
    workload, all_of_them = os.path.abspath(sys.argv[1]), sys.argv[2:] == ["all"]
    tiers = [Tier("as started")]
    if os.geteuid() == 0:
        tiers.append(Tier("root by sudo", sudo=True))
        if subprocess.run([*SETPRIV, "test", "-x", TOOL], check=False).returncode == 0:
            tiers.append(Tier("two caps", tier(["bpf", "perfmon"]), NOBODY))
            tiers.append(Tier("nothing", tier([]), NOBODY))
        else:
            print("left out: other users, to whom the build is closed")
    if not all_of_them:  # those that differ most
        tiers = [*tiers[:1], *tiers[3:]]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        for where in tiers:
            check_attach(where, workload, folder)
            check_top(where, workload)
            check_stepped(where, workload, folder)
            check_callers(where, workload, folder)
        if os.geteuid() == 0 and all_of_them:
            check_foreign_library(workload, folder)
    for verb in ("attach", "top"):
        check_killed(tiers[0], workload, verb, shutil.which("bpftool") or shutil.which("/usr/sbin/bpftool"))
    for where in tiers[2 if all_of_them else 1:]:
        check_other_users(where, workload)


main()
