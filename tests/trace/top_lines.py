# SPDX-License-Identifier: MIT
"""top as lines of JSON and blocks of text: figures against what the program itself counts, the
process's end, other allocators, an ordinary user.
usage: top_lines.py PROGRAM"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail
from topped import Topped

PROGRAM = sys.argv[1]
USER = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all",
        "--inh-caps=-all")
LIMIT = 40
BEHIND = 2000  # libhakmem counts by turns of at most 256 mallocs, with their frees (src/upkeep.c)


def run(*options, user=()):
    return subprocess.run([*user, TOOL, "top", *map(str, options)], capture_output=True, text=True,
                          timeout=LIMIT, check=False, stdin=subprocess.DEVNULL)


class Stream:
    """top --json, line by line."""

    def __init__(self, pid, *options, user=()):
        self.tool = subprocess.Popen([*user, TOOL, "top", "--json", "--interval", "0.2", *options, str(pid)],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.left = b""

    def line(self):
        deadline = time.monotonic() + LIMIT
        while b"\n" not in self.left:
            ready, _, _ = select.select([self.tool.stdout], [], [], max(0, deadline - time.monotonic()))
            more = os.read(self.tool.stdout.fileno(), 65536) if ready else b""
            if not more:
                fail(f"no more lines: {self.end()}")
            self.left += more
        line, self.left = self.left.split(b"\n", 1)
        return json.loads(line)

    def end(self, number=signal.SIGTERM):
        self.tool.send_signal(number)
        _, errors = self.tool.communicate(timeout=LIMIT)
        return self.tool.returncode, errors.decode()


def of_name(rows, name):
    return next((row for row in rows if row["name"] == name), None)


def counts():
    with Topped(PROGRAM) as topped:
        stream = Stream(topped.pid)
        first = stream.line()
        check(first["kind"] == "top" and first["pid"] == topped.pid, "whose figures they are")
        check(first["allocator"] == "hakmem" and first["operations"], f"counted: {first['notes']}")
        check(first["operations"]["count"] == 0, "idle: no operations")
        done = topped.tell("work 300000") + topped.tell("hold 40000")
        lines = [stream.line()]
        for _ in range(50):  # the library may count late
            lines.append(stream.line())
            seen = sum(line["operations"]["count"] for line in lines)
            if seen >= done - BEHIND and len(lines) > 2:
                break
        code, errors = stream.end()
        check(code == 128 + signal.SIGTERM and not errors, f"ended by SIGTERM: {code} {errors}")
        # The two of its beginning may be counted after the first look.
        check(done - BEHIND <= seen <= done + 2, f"{seen} operations seen, {done} done")
        rated = sum(line["operations"]["per_s"] * line["seconds"] for line in lines)
        check(abs(rated - seen) < 1e-6 * done, f"rates and times give {rated}")
        last = lines[-1]
        held = [row for row in last["size_classes"] if row["blocks"] >= 40000 - BEHIND]
        check(len(held) == 1 and 1000 <= held[0]["bytes"] <= 1280, f"40000 blocks are held: {held}")
        check(40e6 >= last["memory"]["live"] * 1000 / held[0]["bytes"] >= 1000 * (40000 - BEHIND),
              f"{last['memory']['live']} bytes live")
        check(last["memory"]["mapped"] >= last["memory"]["live"], "and mapped")
        hot = max(lines, key=lambda line: line["operations"]["count"])["size_classes"]
        check(any(100 <= row["bytes"] <= 128 and row["frees_per_s"] > 0 for row in hot),
              f"the class of 100 bytes among the hottest: {hot[:2]}")
        arena = sum(of_name(line["slow_path"], "arena")["per_s"] * line["seconds"] for line in lines)
        check(arena >= 40000 * 1000 / 65536, f"{arena} spans taken")
        check(last["thread_count"] == 2, "two threads")
        check(of_name(last["threads"], "idle-one"), "by name")


def busy():
    """Samples and the busiest thread; and that they cost little by the tool's own account."""
    with Topped(PROGRAM) as topped:
        stream = Stream(topped.pid)
        stream.line()  # it is watched
        topped.begin("spin 1500")
        lines = [stream.line() for _ in range(4)]
        line = max(lines, key=lambda line: line["cores"])
        check(line["cores"] > 0 and line["threads"][0]["tid"] == topped.pid,
              f"the busy thread comes first: {line['threads']}")
        if line["sampling"]:
            sampled = [line for line in lines if line["sources"]]
            check(sampled, "there are samples")
            shares = sum(row["share"] for row in sampled[-1]["sources"])
            check(abs(shares - 1) < 1e-6, f"shares add up to {shares}")
            check(0 < sampled[-1]["sampling"]["malloc_share"] < 1, "malloc has a part of it")
        else:
            check(any("time by source" in note for note in line["notes"]), "it is said why none")
        stream.end()


def three_lines():
    with Topped(PROGRAM) as topped, tempfile.TemporaryDirectory() as folder:
        done = run("--json", "--count", 3, "--interval", 0.1, topped.pid)
        check(done.returncode == 0, f"exit code {done.returncode}: {done.stderr}")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        check([line["interval"] for line in lines] == [1, 2, 3], "three lines")
        path = os.path.join(folder, "file")
        done = run(f"--json={path}", "--count", 2, "--interval", 0.1, topped.pid)
        with open(path, encoding="utf-8") as file:
            check(len([json.loads(line) for line in file]) == 2 and not done.stdout, "into a file")
        done = run("--count", 2, "--interval", 0.1, topped.pid)
        check(done.stdout.count("time by source") == 2, "two blocks of text")
        check(all(len(line) <= 80 for line in done.stdout.splitlines()), "of at most 80 columns")
        check("\033" not in done.stdout, "without colour")


def ends():
    for how, line in ("by itself", None), ("by SIGABRT", "abort"):
        with Topped(PROGRAM) as topped:
            stream = Stream(topped.pid)
            stream.line()
            if line:
                topped.begin(line)
            else:
                topped.process.stdin.close()
            topped.process.wait(timeout=LIMIT)
            _, errors = stream.tool.communicate(timeout=LIMIT)
            check(stream.tool.returncode == 0, f"the process ends {how}: exit code 0")
            check(b"has ended" in errors, f"and it is said: {errors}")


def another_allocator():
    with Topped(PROGRAM, hakmem=False) as topped:
        done = run("--json", "--count", 1, "--interval", 0.1, topped.pid)
        line = json.loads(done.stdout)
        check(line["allocator"] == "glibc" and line["operations"] is None, "glibc is not counted")
        check(any("libhakmem" in note for note in line["notes"]), "and it is said why")


def lists():
    with Topped(PROGRAM) as topped:
        done = run("--json")
        rows = {row["pid"]: row for row in json.loads(done.stdout)["processes"]}
        check(rows[topped.pid]["allocator"] == "hakmem", "the list knows the allocator")
        check(rows[os.getpid()]["allocator"] == "glibc" or "LD_PRELOAD" in os.environ, "of others too")
        check(rows[topped.pid]["resident"] > 0, "and what is resident")
        text = run().stdout
        check(any(str(topped.pid) in line and "hakmem" in line for line in text.splitlines()), "as text")


def refused():
    with Topped(PROGRAM) as topped:
        zombie = subprocess.Popen(["true"])
        time.sleep(0.3)
        for code, part, *words in (
                (2, "no process", 2 ** 22 + 1), (2, "has ended", zombie.pid), (2, "not a number", "x"),
                (2, "--interval", "--interval", "0", topped.pid), (2, "one word too many", topped.pid, 7),
                (2, "exclude", "--json", "--plain", topped.pid), (2, "unknown option", "--jsn"),
                (2, "thread of the kernel", 2), (125, "/nowhere/x", "--json=/nowhere/x", topped.pid)):
            done = run(*words)
            if part == "thread of the kernel" and "no process" in done.stderr:
                continue  # a container sees no kernel thread
            check(done.returncode == code and part in done.stderr and done.stderr.count("\n") == 1,
                  f"{words}: {done.returncode} {done.stderr.strip()}")
        zombie.wait()
        if os.getuid() == 0:
            done = run(topped.pid, user=USER)
            check(done.returncode == 125 and "may not look" in done.stderr, "another user's process")


def ordinary_user():
    user = USER if os.getuid() == 0 else ()
    if user and subprocess.run([*user, "test", "-x", TOOL, "-a", "-x", PROGRAM], check=False).returncode:
        print("not tried: the build is closed to other users")
        return
    with Topped(PROGRAM, user=user) as topped:
        stream = Stream(topped.pid, user=user)
        topped.tell("work 1000")
        line = stream.line()
        code, errors = stream.end()
        check(code == 128 + signal.SIGTERM, f"an ordinary user: {code} {errors}")
        check(line["operations"] or any("ptrace_scope" in note for note in line["notes"]),
              f"counts, or says what is missing: {line['notes']}")
        check(of_name(line["slow_path"], "refill") or not line["operations"], "slow paths are counted")
        check(any("slow-path" in note for note in line["notes"]), f"no latencies: {line['notes']}")


counts()
busy()
three_lines()
ends()
another_allocator()
lists()
refused()
ordinary_user()
