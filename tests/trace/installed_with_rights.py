# SPDX-License-Identifier: MIT
"""A hakmem-trace that is installed setuid root, or with file capabilities, gives its user more to see
and nothing more to do: the command gets no right of it, and no file is written with one.

usage: installed_with_rights.py LIBRARY WORKLOAD ARGUMENT...
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, skip

NOBODY = 65534
USER = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]


def run(folder, *arguments, **variables):
    return subprocess.run([*USER, os.path.join(folder, "analysis/hakmem-trace"), "run", *arguments], text=True,
                          env=dict(os.environ, XDG_RUNTIME_DIR="/nosuch", **variables), timeout=60,
                          capture_output=True, check=False)


def check_gives_nothing(folder, what):
    done = run(folder, "--no-bpf", "--", "grep", "-E", "^(Uid|Gid|CapPrm):", "/proc/self/status")
    check(done.stdout.split() == ["Uid:", *4 * [str(NOBODY)], "Gid:", *4 * [str(NOBODY)], "CapPrm:", 16 * "0"],
          f"{what}: the command has its user's rights: {done.stdout.split()}")
    own = os.path.join(folder, "root's")
    with open(own, "w", encoding="utf-8") as file:
        file.write("old")
    for option in "--json", "--output":
        done = run(folder, "--no-bpf", option, own, "--", "true")
        check(done.returncode == 125 and "Permission denied" in done.stderr,
              f"{what}: {option} writes with that user's rights: {done.stderr.strip()}")
    with open(own, encoding="utf-8") as file:
        check(file.read() == "old" and os.stat(own).st_uid == 0, f"{what}: root's file is whole")
    done = run(folder, "--no-bpf", "--", "true", HAKMEM_LIBRARY="/nosuch")
    check(done.returncode == 0, f"{what}: the user names no library to be parsed: {done.stderr[:200]}")


def check_shows_more(folder, what, workload):
    report = os.path.join(folder, "open", "json")
    done = run(folder, "--json", report, "--", *workload)
    check(done.returncode == 0, f"{what}: it runs: {done.stderr[-300:]}")
    with open(report, encoding="utf-8") as file:
        figures = json.load(file)
    check(os.stat(report).st_uid == NOBODY, f"{what}: the report is its user's")
    check(figures["operations"] > 0 and figures["resident"], f"{what}: counters and memory are read")
    if figures["event"]:
        check(figures["sampling"]["kernel"], f"{what}: the kernel is sampled")
    os.unlink(report)


def check_reads_no_users_library(folder, what, workload):
    """libbpf, which has this program's rights, reads no file that its user could have written."""
    tool, report = os.path.join(folder, "analysis/hakmem-trace"), os.path.join(folder, "open", "json")
    for owner in 0, NOBODY:
        library = shutil.copy(os.path.join(folder, "src/libhakmem.so.1"), os.path.join(folder, "open"))
        os.chown(library, owner, owner)
        with subprocess.Popen([*USER, "env", f"LD_PRELOAD={library}", *workload, "--runs", "1000"],
                              stdout=subprocess.DEVNULL) as target:
            time.sleep(0.5)
            done = subprocess.run([*USER, tool, "attach", "--seconds", "1", "--json", report, str(target.pid)],
                                  text=True, timeout=60, capture_output=True, check=False)
            target.kill()
        check(done.returncode == 0, f"{what}: it attaches: {done.stderr[-300:]}")
        with open(report, encoding="utf-8") as file:
            figures = json.load(file)
        said = [note for note in figures["notes"] if "can be written by others" in note]
        check(bool(said) == (owner != 0) and not (said and figures["slow_path"]),
              f"{what}: a library of user {owner} gets {'none of its probes' if owner else 'what is permitted'}: {said}")
        check(figures["operations"] > 0, f"{what}: its counters are read")
        os.unlink(report)
        os.unlink(library)


def main():
    library, workload = sys.argv[1], sys.argv[2:]
    if os.geteuid() != 0:
        skip("needs root")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in "analysis", "src", "open":
            os.mkdir(os.path.join(folder, name))
        os.chmod(os.path.join(folder, "open"), 0o777)
        tool = shutil.copy(TOOL, os.path.join(folder, "analysis"))
        shutil.copy(library, os.path.join(folder, "src"))
        workload[0] = shutil.copy(workload[0], folder)
        tried = []
        os.chmod(tool, 0o4755)
        if not os.statvfs(tool).f_flag & os.ST_NOSUID:
            tried.append("setuid")
            check_gives_nothing(folder, "setuid")
            check_shows_more(folder, "setuid", workload)
            check_reads_no_users_library(folder, "setuid", workload)
        os.chmod(tool, 0o755)
        if shutil.which("setcap") and subprocess.run(
                ["setcap", "cap_bpf,cap_perfmon=ep", tool], check=False).returncode == 0:
            tried.append("file capabilities")
            check_gives_nothing(folder, "file capabilities")
            check_shows_more(folder, "file capabilities", workload)
            check_reads_no_users_library(folder, "file capabilities", workload)
    if not tried:
        skip("neither a setuid program nor file capabilities can be had here")


main()
