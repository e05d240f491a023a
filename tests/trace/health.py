# SPDX-License-Identifier: MIT
"""hakmem-trace health: libhakmem passes, and each way to be unwell fails with its own reason.

usage: health.py OVERLAPS SLOW STOPS: libraries that stand for allocators. Nothing timed is asserted
of libhakmem: --bound 0 can't fail.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail

OVERLAPS, SLOW, STOPS = sys.argv[1:4]
QUICK = ("--rounds", "6", "--operations", "20000")
KEYS = {"schema", "kind", "allocator", "library", "verdict", "interrupted", "bound", "memory_bound",
        "profiles"}
PROFILE_KEYS = {"name", "verdict", "reasons", "checksum", "operations", "counters", "comparison"}
COUNTER_KEYS = {"programs", "unreadable", "operations", "mallocs", "frees", "refused", "live"}


def health(*options, expect, environment=None):
    with tempfile.TemporaryDirectory() as folder:
        runtime = os.path.join(folder, "runtime")
        os.mkdir(runtime)
        path = os.path.join(folder, "json")
        done = subprocess.run(
            [TOOL, "health", *QUICK, "--json", path, *options], capture_output=True, text=True,
            env=dict(os.environ, XDG_RUNTIME_DIR=runtime, **(environment or {})), timeout=50,
            check=False)
        check(done.returncode == expect, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
        check(not done.stderr, f"nothing on standard error: {done.stderr}")
        check(not os.listdir(runtime), "no counter file is left behind")
        with open(path, encoding="utf-8") as file:
            return json.load(file), done.stdout


def reasons(report):
    return [" ".join(profile["reasons"]) for profile in report["profiles"]]


def well():
    report, text = health("--bound", "0", expect=0)
    check(set(report) == KEYS and report["kind"] == "health", "the documented keys, no others")
    check((report["verdict"], report["allocator"]) == ("PASS", "hakmem"), "libhakmem passes")
    check([profile["name"] for profile in report["profiles"]] == ["mixed", "mid-size"], "profiles")
    for profile in report["profiles"]:
        counters = profile["counters"]
        check(set(profile) == PROFILE_KEYS and set(counters) == COUNTER_KEYS, "their keys")
        check(profile["operations"] == 20000 and counters["programs"] == 6, "each run was counted")
        check(counters["operations"] >= 6 * 20000, "and every operation in it")
        check(len(profile["comparison"]["allocators"]) == 3, "glibc, glibc again, hakmem")
    check(text.count("PASS") == 3 and "health: PASS" in text and "of glibc" in text, text)


def others():
    report, text = health("--bound", "0", "--with", "glibc", expect=0)
    check(report["profiles"][0]["counters"] is None, "no counters of another allocator")
    check("nothing shows that glibc was on" in text, "and that is said")


def unwell():
    report, text = health("--bound", "0", "--with", OVERLAPS, expect=1)
    check(all("another result in round 1" in reason for reason in reasons(report)), "a checksum")
    check(text.count("FAIL") == 3 and "another result" in text, text)
    report, _ = health("--with", SLOW, expect=1)
    check(all("throughput: certainly below 0.97" in reason for reason in reasons(report)), "slow")
    report, _ = health("--with", SLOW, "--bound", "0", expect=0)
    report, _ = health("--with", STOPS, expect=1)
    for reason in reasons(report):
        check("exit code 99" in reason and "hakmem: double free: made up" in reason, reason)
    report, _ = health("--bound", "0", "--memory", "0.1", expect=1)
    check(all("memory: " in reason for reason in reasons(report)), "memory above its bound")
    report, _ = health("--bound", "0", expect=1, environment={"HAKMEM_LIBRARY": SLOW})
    check(all("was not on" in reason for reason in reasons(report)), "a library that counts nothing")


def refused(pattern, *options, code=2, environment=None):
    done = subprocess.run([TOOL, "health", *options], capture_output=True, text=True, timeout=20,
                          env=dict(os.environ, **(environment or {})), check=False)
    check(done.returncode == code and not done.stdout, f"{options}: exit code {done.returncode}")
    check(done.stderr.count("\n") == 1 and pattern in done.stderr, f"{options}: {done.stderr}")


def wrong_use():
    refused("unknown option '--frob'", "--frob")
    refused("needs a value", "--rounds")
    for number in "5", "1001", "x", "", "-6":
        refused("not a number from 6 to 1000", "--rounds", number)
    for number in "x", "", "-1", "inf", "1e3", ".":
        refused("not a number from 0 to 1000", "--bound", number)
        refused("not a number from 0 to 1000", "--memory", number)
    refused("not a number from 1000", "--operations", "1")
    refused("'more' is one word too many", "more")
    refused("empty value", "--json", "")
    refused("empty value", "--with", "")
    refused("one allocator", "--with", "hakmem,glibc")
    refused("known names", "--with", "nosuch")
    refused("/nosuch/random_mixed: No such file", environment={"HAKMEM_BENCH": "/nosuch"})
    refused("No such file", "--json", "/nosuch/report", code=125)


def ctrl_c():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        with subprocess.Popen(
                [TOOL, "health", "--operations", "1000000000000", "--json", path],
                env=dict(os.environ, XDG_RUNTIME_DIR=folder), stdout=subprocess.PIPE) as tool:
            deadline = time.monotonic() + 20
            children = f"/proc/{tool.pid}/task/{tool.pid}/children"
            while not open(children, encoding="ascii").read():
                if time.monotonic() > deadline:
                    fail("the workload starts")
                time.sleep(0.02)
            tool.send_signal(signal.SIGINT)
            out, _ = tool.communicate(timeout=20)
        check(tool.returncode == 128 + signal.SIGINT, f"exit code {tool.returncode}")
        check(b"health: unknown (interrupted)" in out, "it says so")
        check(os.listdir(folder) == ["json"], "nothing else is left")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        check(report["interrupted"] and report["verdict"] == "unknown", "JSON says so too")


well()
others()
unwell()
wrong_use()
ctrl_c()
