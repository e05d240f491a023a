# SPDX-License-Identifier: MIT
"""The bpftrace scripts run as their heads say, and show what the program does.

    scripts.py LIBRARY FOLDER PROGRAM       FOLDER: where the scripts are
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from bpftraced import check, require_bpftrace

LIBRARY, FOLDER, PROGRAM = map(os.path.abspath, sys.argv[1:])


class Watched:
    """The program, in a folder where the library is found as the scripts name it."""

    def __init__(self, folder):
        os.makedirs(os.path.join(folder, "build/src"))
        self.folder = folder
        library = shutil.copy(LIBRARY, os.path.join(folder, "build/src/libhakmem.so"))
        self.program = subprocess.Popen([PROGRAM], env=dict(os.environ, LD_PRELOAD=library), stdout=subprocess.PIPE,
                                        text=True)
        self.thread, self.other = map(int, self.program.stdout.readline().split())

    def run(self, script, *arguments, seconds=2):
        """What the script prints when it is interrupted after some seconds of watching."""
        watcher = subprocess.Popen(
            ["bpftrace", "-p", str(self.program.pid), os.path.join(FOLDER, script), *arguments], cwd=self.folder,
            env=dict(os.environ, BPFTRACE_MAP_KEYS_MAX="100000"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)
        try:
            check("Attaching" in watcher.stdout.readline(), f"{script} is attached")
            try:
                output = watcher.communicate(timeout=seconds)[0]
            except subprocess.TimeoutExpired:
                watcher.send_signal(signal.SIGINT)
                output = watcher.communicate(timeout=60)[0]
        finally:
            watcher.kill()
        check(self.program.poll() is None, f"{script}: the program is well", output)
        return output


def value(output, name):
    found = re.search(rf"^{re.escape(name)}: (\d+)$", output, re.M)
    return int(found.group(1)) if found else 0


def check_sizes(watched):
    output = watched.run("sizes.bt")
    check(value(output, "@bytes") > 30000 and value(output, "@blocks") > 0, "sizes: bytes and blocks", output)
    check("[16K, 32K)" in output and "[64, 128)" in output, "by size", output)


def check_lifetimes(watched):
    output = watched.run("lifetimes.bt")
    check("@us[1024]:" in output and "@us[256]:" in output, "lifetimes, by size", output)
    check("@us[32768]:" not in output, "not of what is never freed", output)


def check_refills(watched):
    output = watched.run("refill_latency.bt")
    check(re.search(r"^@ns\[[123]\]:", output, re.M), "refill_latency: by where the blocks came from", output)


def check_remote(watched):
    output = watched.run("remote.bt")
    handed = value(output, f"@blocks_by_thread_of_owner[{watched.other}, {watched.thread}]")
    check(handed > 0, f"remote: {handed} blocks from the other thread to this one", output)
    check(value(output, f"@collected[{watched.thread}]") > 0, "which finds them", output)


def check_growth(watched):
    output = watched.run("heap_growth.bt")
    stacks = output.split("@growth_by_stack[")[1:]
    check(any("\n    leak+" in stack for stack in stacks), "heap_growth: the stack leads to who makes it grow", output)


def check_leaks(watched):
    output = watched.run("leaks.bt", "2", seconds=60)
    live = {caller: int(count) for caller, count in re.findall(r"^@live_bytes\[(\w+),[^\]]*\]: (-?\d+)$", output, re.M)}
    check(live.get("leak", 0) > 0 and live["leak"] % 30000 == 0, f"leaks: who leaks, in bytes: {live}", output)
    check(live.get("keep_none", 0) == 0 and live.get("main", 0) == 0, "and not who frees, nor whose blocks another "
          "thread frees", output)


def main():
    require_bpftrace()
    checks = {"sizes.bt": check_sizes, "lifetimes.bt": check_lifetimes, "refill_latency.bt": check_refills,
              "remote.bt": check_remote, "heap_growth.bt": check_growth, "leaks.bt": check_leaks}
    scripts = {name for name in os.listdir(FOLDER) if name.endswith(".bt")}
    check(scripts == set(checks), f"every script is looked at: {sorted(scripts)}")
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(folder)
        try:
            for look in checks.values():
                look(watched)
        finally:
            watched.program.kill()


main()
