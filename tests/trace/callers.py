# SPDX-License-Identifier: MIT
"""Call paths that are known: their frames without frame pointers and symbols, their figures beside the
program's own, each advice where it holds and none where it does not.

usage: callers.py PROGRAM [CXX_PROGRAM]
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail

PROGRAM, *CXX_PROGRAM = (os.path.realpath(path) for path in sys.argv[1:])
# Twice a 95 % interval: once in sixteen thousand times the truth lies outside.
SURELY = 2


class Callers:
    def __init__(self, *command, options=(), expect=0):
        with tempfile.TemporaryDirectory() as folder:
            path, text, temporary = (os.path.join(folder, name) for name in ("json", "text", "temporary"))
            os.mkdir(temporary)
            done = subprocess.run(
                [TOOL, "callers", "--json", path, "--output", text, *options, "--", *command],
                env=dict(os.environ, TMPDIR=temporary, MALLOC_PERTURB_="0"),
                capture_output=True, text=True, timeout=60, check=False)
            if done.returncode != expect:
                fail(f"{command}: exit status {done.returncode} instead of {expect}: {done.stderr}")
            with open(path, encoding="utf-8") as file:
                self.json = json.load(file)
            with open(text, encoding="utf-8") as file:
                self.text = file.read()
            self.stdout = done.stdout
            if os.listdir(temporary):
                fail("something is left behind")
            if not all(len(line) <= 80 for line in self.text.splitlines()[1:]):
                fail("lines longer than 80 columns:\n" + self.text)

    def path(self, called, *functions):
        """The costliest path that begins with these functions."""
        for index in self.json["by_bytes"]:
            path = self.json["paths"][index]
            names = [frame["function"].lstrip("_") for frame in path["frames"]]  # libc's have several names
            if path["called"] == called and names[:len(functions)] == list(functions):
                return path
        fail(f"no path {called} < {' < '.join(functions)}:\n{self.text}")
        return None

    def advice(self):
        return sorted({advice["kind"] for advice in self.json["advice"]})


def covers(estimate, truth):
    half = SURELY * (estimate["ci_high"] - estimate["value"])
    return abs(estimate["value"] - truth) <= half + 1e-6 * truth


def run_part(part, rounds, *functions, called="malloc", program=PROGRAM, **more):
    callers = Callers(program, part, str(rounds), **more)
    asked, calls = map(int, callers.stdout.split())
    path = callers.path(called, *functions)
    check(covers(path["bytes"], asked), f"{part}: {path['bytes']} bytes, in truth {asked}")
    check(covers(path["calls"], calls), f"{part}: {path['calls']} calls, in truth {calls}")
    half = path["bytes"]["ci_high"] - path["bytes"]["value"]
    check(half < 0.4 * asked, f"{part}: the interval says something")
    return callers, path


def check_loop(**more):
    callers, path = run_part("loop", 100000, "ask", "loop_body", "run_loop", "main", **more)
    check(path["sizes"]["median"] == 4992 and path["sizes"]["of_median"]["value"] == 1, "loop: one size")
    check(path["ends"]["remote"]["value"] == 0 and path["ends"]["lifetime_calls"] == 0, "loop: lives briefly")
    check(path["file"].endswith("/callers_program.c") and path["line"] > 0, f"loop: at line {path['line']}")
    check(callers.advice() == ["reuse"], f"loop: {callers.advice()}")
    check("keep one block" in callers.text and "samples, intervals" in " ".join(callers.text.split()), "loop: the advice in words")


def check_vector():
    callers, path = run_part("vector", 10000, "vector_push", "run_vector", "main", called="realloc")
    check(callers.advice() == ["reserve"], f"vector: {callers.advice()}")
    growth = path["growth"]
    # Of 40 calls the first is given no block.
    check(covers(growth["of_a_block"], 39), f"vector: {growth['of_a_block']} growths of a block")
    check(growth["final_size"] == 20480, f"vector: it ends at {growth['final_size']} bytes")
    check(1 < growth["factor"] < 1.3, f"vector: it grows by {growth['factor']}")


def check_remote():
    callers, path = run_part("remote", 20000, "ask", "produce", "run_remote", "main")
    check(path["ends"]["remote"]["value"] > 0.99, "remote: freed by the other thread")
    check(path["ends"]["lifetime_calls"] is None, "remote: in nobody's calls")
    check(callers.advice() == ["remote"], f"remote: {callers.advice()}")


def check_classes():
    callers, path = run_part("above", 40000, "ask", "keep", "run_above", "main")
    check(callers.advice() == ["padding"], f"above: {callers.advice()}")
    sizes = path["sizes"]
    check(5000 > sizes["class_below"] >= 4688 and sizes["usable"] > 5000, f"above: {sizes}")
    blocks = (sizes["usable"] - sizes["class_below"]) * path["calls"]["value"]
    check(abs(sizes["wasted_bytes"] - blocks) < 0.01 * blocks, "above: what it wastes")


def check_no_advice():
    callers, path = run_part("kept", 60000, "ask", "keep", "run_kept", "main")
    check(callers.advice() == [] and "no costly call path" in callers.text, "kept: nothing to advise")
    check(path["ends"]["lifetime_calls"] == 4095, f"kept: lives {path['ends']['lifetime_calls']} calls")
    check(path["sizes"]["p10"] < path["sizes"]["median"] < path["sizes"]["p90"], "kept: several sizes")
    few = Callers(PROGRAM, "loop", "12", options=["--bytes", "1"])
    path = few.path("malloc", "ask", "loop_body", "run_loop", "main")
    check(path["samples"] == 12 and path["calls"] == {"value": 12, "ci_low": 12, "ci_high": 12}
          and path["bytes"]["value"] == 12 * 4992, "every call, where that is asked for")
    check(few.advice() == [] and "too few samples" in few.text, "too few samples for advice")


def check_deep():
    callers = Callers(PROGRAM, "deep", "60000")
    asked, _ = map(int, callers.stdout.split())
    paths = [path for path in callers.json["paths"]
             if [frame["function"] for frame in path["frames"]][:3] == ["ask", "keep", "descend"]]
    whole = sum(path["bytes"]["value"] for path in paths)
    check(abs(whole - asked) < 0.4 * asked, f"deep: {whole} of {asked} bytes in {len(paths)} paths")
    check(any(path["frames"][2]["recursive"] for path in paths), "deep: the recursion is one frame")
    check(any(path["frames"][-1]["function"] == "main" for path in paths), "deep: where it is not too deep, to main")


def check_stripped():
    if not shutil.which("strip"):
        print("note: no strip, so no stripped program")
        return
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "bare")
        subprocess.run(["strip", "--strip-all", "-o", program, PROGRAM], check=True)
        callers = Callers(program, "loop", "40000")
        path = callers.json["paths"][callers.json["by_bytes"][0]]
        names = [frame["function"] for frame in path["frames"]]
        check(len(names) >= 3 and all(name.startswith("bare+0x") for name in names), f"stripped: {names}")
        check(path["module"] == program and path["byte_share"]["value"] > 0.9, "stripped: the place of the call")
        check(callers.advice() == ["reuse"], f"stripped: {callers.advice()}")


def check_time(allocator):
    callers = Callers(PROGRAM, "loop", "20000000", options=["--with", allocator, "--frequency", "997"])
    time = callers.json["time"]
    if time is None:
        print("note: the kernel gives no samples:", callers.json["notes"])
        return
    check(time["malloc_samples"] > 10, f"{allocator}: {time['malloc_samples']} samples in malloc")
    known = [path for path in callers.json["paths"]
             if [frame["function"] for frame in path["frames"]][-3:] == ["loop_body", "run_loop", "main"]]
    found = sum(path["time_samples"] for path in known)
    check(found >= 0.9 * time["malloc_samples"], f"{allocator}: {found} of them by known paths")
    check({path["called"] for path in known if path["time_samples"]} <= {"malloc", "free"}, "of malloc and free")
    shares = sum(path["time_share"]["value"] for path in callers.json["paths"])
    check(abs(shares - 1) < 1e-6, "shares add up")


def check_children():
    script = '"$0" loop 3000 && "$0" loop 3000 && exit 3'
    callers = Callers("sh", "-c", script, PROGRAM, expect=3)
    check(callers.json["exit_code"] == 3, "the command's own exit status")
    check(callers.json["sampling"]["programs"] >= 2, "every program is followed")
    path = callers.path("malloc", "ask", "loop_body", "run_loop", "main")
    check(covers(path["calls"], 6000), f"both together: {path['calls']}")


def check_library():
    for allocator in "hakmem", "glibc":
        callers, _ = run_part("copies", 30000, "strdup", "copy_text", "run_copies", "main",
                              options=["--with", allocator])
        check(callers.advice() == ["reuse"], f"copies: {callers.advice()}")


def check_ends():
    callers = Callers(PROGRAM, "loop", "20000", "fork")
    path = callers.path("malloc", "ask", "loop_body", "run_loop", "main")
    check(callers.json["sampling"]["programs"] == 2 and covers(path["calls"], 40000),
          f"a child of fork, too: {path['calls']}")
    check(callers.advice() == ["reuse"], f"of both: {callers.advice()}")
    callers = Callers(PROGRAM, "loop", "20000", "kill", expect=137)
    path = callers.path("malloc", "ask", "loop_body", "run_loop", "main")
    check(callers.json["signal"] == 9 and covers(path["calls"], 20000), f"one that was killed: {path['calls']}")


def check_operators():
    callers = Callers(CXX_PROGRAM[0], "30000")
    path = callers.path("operator new", "make_box", "main")
    check(covers(path["calls"], 30000) and path["sizes"]["median"] == 3000, "operator new: its caller's path")


check_loop()
check_loop(options=["--with", "glibc"])
check_loop(options=["--with", "own"])
check_vector()
check_remote()
check_classes()
check_no_advice()
check_deep()
check_stripped()
check_time("hakmem")
check_time("glibc")
check_time("own")
check_children()
check_library()
check_ends()
if CXX_PROGRAM:
    check_operators()
