# SPDX-License-Identifier: MIT
"""Hostile names stay one name, readable and well-formed, in every format.

usage: made_up.py WRITER
"""

import os
import subprocess
import sys
import tempfile

import pprof_reader
import stack_readers
from hakmem_trace import check, fail, skip

# What made_up.c calls its functions, and what they must be called in the files.
NAMES = [
    (b"plain", "plain"), (b"a;b c", "a;b c"), (b"new\nline\r\t", r"new\x0aline\x0d\x09"),
    (b"quote\"back\\slash'", "quote\"back\\slash'"), (b"\xff\xfe not UTF-8", r"\xff\xfe not UTF-8"),
    (b"\xc0\xaf", r"\xc0\xaf"), (b"\xed\xa0\x80", r"\xed\xa0\x80"), (b"\xf4\x90\x80\x80", r"\xf4\x90\x80\x80"),
    (b"\xc2\x9b31m", r"\xc2\x9b31m"), (b"\x1b[31mred\x07\x7f", r"\x1b[31mred\x07\x7f"), (b"n\xc3\xa4me", "n\u00e4me"),
    (b"\xe2\x80\xa8ls", r"\xe2\x80\xa8ls"), (b"\xf0\x9f\x92\xa9", "\U0001f4a9"), (b"cut \xe2\x82", r"cut \xe2\x82"),
    (b" 12", " 12"), (b"</script>", "</script>"), (b"%s%n", "%s%n")]
COUNT = len(NAMES)
FILE = r'file\x0a;"\xff.c'


def check_pprof(path):
    profile = pprof_reader.read(path)
    check(profile.types == [("time", "nanoseconds"), ("alloc_space", "bytes")], "types")
    check(profile.default == "alloc_space" and profile.comments == [r"odd\x1b[1m;command with\x0awords"], "head")
    for index, (_, name) in enumerate(NAMES):
        frames = (("outer", "", 0), (name, FILE, index + 1))
        check((frames, (index + 1, index % 3)) in profile.stacks, f"pprof: {name}")
    longest = max(profile.stacks, key=lambda stack: len(stack[0]))
    check(len(longest[0]) == 1000 and longest[1] == (7, 0), "pprof: a long stack is whole")
    check(profile.total("alloc_space") == (1 << 52) + sum(index % 3 for index in range(COUNT)), "pprof: great values")
    modules = sorted((profile.strings[one.filename], one.memory_limit - one.memory_start) for one in profile.raw.mapping)
    check(modules == [(r'/bin/\x1b;"odd\xff', 0x1000), ("/lib/other", 0x1000)], f"pprof: {modules}")
    return profile


def check_others(collapsed, speedscope):
    for index, (_, name) in enumerate(NAMES):
        check(collapsed[("outer", name.replace(";", r"\x3b"))] == index + 1, f"collapsed: {name}")
        check(speedscope.profiles["time"][("outer", name)] == index + 1, f"speedscope: {name}")
    check(sum(collapsed.values()) == sum(speedscope.profiles["time"].values()) == COUNT * (COUNT + 1) // 2 + 7, "sums")
    longest = max(speedscope.profiles["alloc_space"], key=lambda stack: len(stack[0]))
    check(4000 < len(longest[0]) < 4100, "a name without end is cut")


with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run([sys.argv[1], folder], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode == 77:
        skip(done.stdout)
    if done.returncode != 0:
        fail(done.stderr)
    check_pprof(os.path.join(folder, "pprof"))
    check_others(stack_readers.collapsed(os.path.join(folder, "collapsed")),
                 stack_readers.Speedscope(os.path.join(folder, "speedscope")))
