# SPDX-License-Identifier: MIT
"""Programs that mean harm to whoever watches them: forged counters, code that changes while it is read, names that
terminals obey, and planted files. There is a report, of printable text, and nothing else is written anywhere.

usage: hostile_target.py HOSTILE_PROGRAM FORGED_COUNTERS PROGRAM
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from attached import Target
from hakmem_trace import TOOL, Run, check

PROGRAM, FORGED, OTHER = sys.argv[1:]
NOBODY = 65534
SECONDS = 60


def check_printable(text, what):
    bad = {c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)}
    check(not bad, f"{what}: no control character: {bad}")


def snapshot(folder):
    """Every name, and what is behind it; the time does not matter."""
    found = {}
    for path, folders, files in os.walk(folder):
        for name in folders + files:
            whole = os.path.join(path, name)
            status = os.lstat(whole)
            found[whole] = (status.st_mode, status.st_size, status.st_ino)
    return found


def watch(pid, verb, *options):
    """In a folder of its own, where nothing but the report may be left."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "tmp"))
        done = subprocess.run([TOOL, verb, *options, str(pid)], timeout=SECONDS, capture_output=True, check=False,
                              cwd=folder, env=dict(os.environ, TMPDIR=os.path.join(folder, "tmp"), HOME=folder,
                                                   XDG_RUNTIME_DIR=os.path.join(folder, "tmp")))
        left = sorted(os.listdir(folder)) + os.listdir(os.path.join(folder, "tmp"))
        check(left in (["tmp"], ["report", "tmp"]), f"{verb}: nothing else is written: {left}")
        report = None
        if "report" in left:
            with open(os.path.join(folder, "report"), encoding="utf-8") as file:
                report = json.load(file)
    text = done.stdout.decode(errors="surrogateescape") + done.stderr.decode(errors="surrogateescape")
    check(done.returncode == 0, f"{verb}: exit code {done.returncode}: {text[-300:]!r}")
    return text, report


def forged():
    with Target(FORGED, "60000", library=None) as target:
        text, report = watch(target.pid, "attach", "--seconds", "1", "--json", "report")
        check(report["allocator"] == "hakmem" and report["counters"] is not None, "forged counters are believed to be some")
        check_printable(text, "attach")
        text, _ = watch(target.pid, "top", "--no-bpf", "--plain", "--count", "4", "--interval", "0.2")
        check("\n" in text, "top shows something")
        check_printable(text, "top")
        text, _ = watch(target.pid, "top", "--no-bpf", "--json", "--count", "4", "--interval", "0.2")
        for line in text.splitlines():
            json.loads(line)
        check(target.is_running(), "top --json: each line is JSON; nobody hurt the program")


def changes():
    with Target(PROGRAM, "changes", "60000") as target:
        text, _ = watch(target.pid, "attach", "--no-bpf", "--seconds", "1")
        check_printable(text, "attach, code that changes")
        text, _ = watch(target.pid, "top", "--no-bpf", "--plain", "--count", "4", "--interval", "0.2")
        check_printable(text, "top, code that changes")
        check(target.is_running(), "and it runs on")
    for name in os.listdir("/tmp"):
        if name.startswith("hakmem-hostile-"):
            shutil.rmtree(os.path.join("/tmp", name), ignore_errors=True)
    run = Run(PROGRAM, "changes", "700")
    check_printable(run.text, "run, code that changes")
    check(run.json["programs"] > 1, f"run: {run.json['programs']} programs")


def plants():
    before = os.stat("/etc/passwd")
    run = Run(PROGRAM, "plants", options=["--no-bpf"])
    after = os.stat("/etc/passwd")
    check(before.st_mtime == after.st_mtime and before.st_size == after.st_size, "what a link led to is what it was")
    check(run.json["programs"] >= 1, "the counters that are some are counted")
    check(any("counter files are damaged" in note for note in run.json["notes"]), f"the others are told of: {run.json['notes']}")
    check_printable(run.text, "planted files")


def links():
    """A report goes where the user's link leads, as by `>`; not where another user's in a folder for all does."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o1777)
        target, link, dangling = (os.path.join(folder, name) for name in ("target", "link", "dangling"))
        with open(target, "w", encoding="utf-8") as file:
            file.write("old")
        os.symlink(target, link)
        os.symlink(os.path.join(folder, "none"), dangling)
        for path in (link, dangling):
            subprocess.run([TOOL, "run", "--no-bpf", "--json", path, "--output", "/dev/null", "--", OTHER],
                           timeout=SECONDS, capture_output=True, check=True)
        with open(target, encoding="utf-8") as file:
            check(json.load(file)["schema"].startswith("hakmem-trace/"), "the user's own link is followed")
        check(os.path.islink(link), "and stays one")
        check(not os.path.exists(os.path.join(folder, "none")), "what a link that leads nowhere names is not made")
        if os.geteuid() != 0:
            print("left out: links of another user: needs root")
            return
        for path in (target, link):
            os.unlink(path)
        with open(target, "w", encoding="utf-8") as file:
            file.write("old")
        os.symlink(target, link)
        os.lchown(link, NOBODY, NOBODY)
        os.chown(folder, NOBODY - 1, NOBODY - 1)
        before = snapshot(folder)
        for option in ("--json", "--output"):
            done = subprocess.run([TOOL, "run", "--no-bpf", option, link, "--", OTHER], timeout=SECONDS,
                                  capture_output=True, text=True, check=False)
            check(done.returncode == 125 and "Permission denied" in done.stderr,
                  f"{option}: a link of another user in a folder for all is refused: {done.stderr.strip()}")
        check(snapshot(folder) == before, "and nothing was touched")
        os.chown(folder, 0, 0)


def advise():
    """The report that advise reads back keeps its name, which nobody else can take, from the first moment on."""
    with tempfile.TemporaryDirectory() as folder:
        listing, own = os.path.join(folder, "listing"), os.path.join(folder, "tmp")
        os.mkdir(own)
        script = f"[ ! -e '{listing}' ] || exit 1; ls '{own}' > '{listing}'; sleep 0.06"  # only the first run goes well
        subprocess.run([TOOL, "advise", "--seconds", "1", "--with", "hakmem", "--output", "/dev/null", "--", "sh", "-c", script],
                       env=dict(os.environ, TMPDIR=own), timeout=SECONDS, capture_output=True, check=False)
        with open(listing, encoding="utf-8") as file:
            names = file.read().split()
        temporary = [name for name in names if name.count(".") == 1]
        check(bool(temporary), f"a report is being written: {names}")
        check(all(name.split(".")[0] in names for name in temporary), f"and its place is taken: {names}")
        check(os.listdir(own) == [], "in the end nothing is left")


forged()
changes()
plants()
links()
advise()
