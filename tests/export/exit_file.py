# SPDX-License-Identifier: MIT
"""HAKMEM_METRICS=FILE: what a program leaves behind when it ends is what it did, to the call; the
same families as hakmem-trace export's; whole, or not at all; nothing for programs with somebody
else's rights.
usage: exit_file.py LIBRARY PROGRAM [STATIC_PROGRAM]      STATIC_PROGRAM: the same, linked with libhakmem.a; without
hakmem-trace HAKMEM_TRACE is empty"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check
from openmetrics import parse, values

LIBRARY, PROGRAM, *STATIC = (os.path.abspath(path) for path in sys.argv[1:])
FEW, MANY = 1000, 4000


def environment(**more):
    return dict(os.environ, LD_PRELOAD=os.path.basename(LIBRARY), LD_LIBRARY_PATH=os.path.dirname(LIBRARY),
                HAKMEM_METRICS="%p.txt", **more)


def run(folder, *arguments, program=PROGRAM, limit=resource.RLIM_INFINITY, **more):
    arguments = [argument if isinstance(argument, bytes) else str(argument) for argument in arguments]
    return subprocess.run([program, *arguments], cwd=folder, env=dict(environment(), **more), timeout=20,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY)),
                          capture_output=True, text=True, check=False)


def left(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))}


def one(folder, *arguments, **more):
    """The families of a run, and its figures."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        began = time.time()
        done = run(own, *arguments, **more)
        files = left(own)
    check(done.returncode == 0 and not done.stderr, f"it ends as ever ({done.returncode}, {done.stderr!r})")
    check(len(files) == 1 and re.fullmatch(r"\d+\.txt", list(files)[0]), f"one file, of its number: {list(files)}")
    families = parse(list(files.values())[0])
    created = {value for family in families.values() for (end, _), value in family.samples.items() if end == "_created"}
    check(len(created) == 1 and began - 0.1 <= min(created) <= time.time(), f"counting since its start: {created}")
    return families, *values(families, pid=list(files)[0].split(".")[0])


def counts(folder, **more):
    _, few, few_classes = one(folder, FEW, **more)
    families, many, many_classes = one(folder, MANY, **more)
    made = MANY - FEW
    for name, each in (("calloc", 1), ("operations", 4)):
        check(many["hakmem_" + name] - few["hakmem_" + name] == each * made, f"{name}: {each} of each turn")

    def difference(family, size):
        """Of the smallest class that has room for the size."""
        found = min((int(name) for kind, name in many_classes
                     if kind == family and name.isdigit() and int(name) >= size))
        return many_classes[family, str(found)] - few_classes[family, str(found)]
    check(difference("hakmem_mallocs", 100) == made and difference("hakmem_frees", 100) == made,
          "malloc and free of 100 bytes, by class")
    check(difference("hakmem_mallocs", 1000) == made and difference("hakmem_frees", 1000) == 0,
          "malloc of 1000 bytes, never freed")
    check(many["hakmem_live_bytes"] - few["hakmem_live_bytes"] >= 1040 * made, "and they are live")
    check(many["hakmem_process_resident_bytes"] > 1000 * MANY, "resident")
    return families


def same_as_export(folder, exported):
    """hakmem-trace reads the same of a program that waits as this one leaves when it ends."""
    with tempfile.TemporaryDirectory(dir=folder) as own, subprocess.Popen(
            [PROGRAM, str(MANY), "wait"], cwd=own, env=environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE) as program:
        program.stdout.readline()
        export = subprocess.run([TOOL, "export", str(program.pid)], capture_output=True, check=True, timeout=20)
        program.stdin.close()
        program.wait(timeout=20)
        there, here = parse(export.stdout), parse(left(own)[f"{program.pid}.txt"])
    shape = [(f.name, f.kind, f.unit, f.help) for f in there.values()]
    check(shape == [(f.name, f.kind, f.unit, f.help) for f in here.values()] and
          shape == [(f.name, f.kind, f.unit, f.help) for f in exported.values()], "the same families, word by word")
    there["hakmem_process_resident_bytes"].samples = here["hakmem_process_resident_bytes"].samples = {}
    differing = {name for name in there if there[name].samples != here[name].samples}
    # What the thread had not told yet, when it was looked at from outside.
    pending = {"hakmem_" + name for name in ("mallocs", "frees", "operations", "live_bytes", "header_writes",
                                             "header_reads", "lut_hits", "metadata_lookups")}
    check(not differing - pending, f"the same figures, and so no malloc at the end: {differing - pending}")
    for name in pending & differing:
        for key, value in there[name].samples.items():
            later = here[name].samples[key]
            if abs(value - later) > 4 * 256 * (1024 if name.endswith("bytes") else 1):
                check(False, f"{name}: {value} and then {later}")


def names(folder):
    for name, label in ((b"a\"b\\c", 'a"b\\c'), (b"\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\xa7", "\u00fc\u20ac\U0001f427"),
                        (b"\xc2\x85\x1b[2J\n", "\\xc2\\x85\\x1b[2J\\x0a"), (b"\xff\xe2\x82\xed\xa0\x80\xc0\xaf",
                                                                 "\\xff\\xe2\\x82\\xed\\xa0\\x80\\xc0\\xaf")):
        families, _, _ = one(folder, 1, "name", name)
        found = {dict(labels)["program"] for family in families.values() for _, labels in family.samples}
        check(found == {label}, f"{name} becomes {found}")
    # Where addresses are few, the arena has no room for the second: it is a mapping of its own.
    _, single, by_class = one(folder, 1, "large", limit=3000000 << 10)
    check(by_class["hakmem_mallocs", "large"] >= 1 and by_class["hakmem_mallocs", "huge"] == 1 and
          single["hakmem_huge_bytes"] >= 1 << 30 and single["hakmem_large_allocated_bytes"] >= 200000 + (1 << 30),
          "large and huge blocks")


def other_endings(folder):
    with tempfile.TemporaryDirectory(dir=folder) as own:
        run(own, FEW, "raw")
        check(not left(own), "_exit leaves nothing")
        run(own, FEW, "fork")
        check(len(left(own)) == 2, "a forked child that exits leaves its own")
        for data in left(own).values():
            parse(data)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        done = run(own, FEW, "closed", HAKMEM_METRICS="a%%b.prom")
        check(list(left(own)) == ["a%b.prom"] and not done.stderr, "%% is a percent sign")
        check(b"# EOF" not in left(own)["a%b.prom"] and b"_created{" not in left(own)["a%b.prom"] and
              b"# TYPE hakmem_refills_total counter" in left(own)["a%b.prom"], ".prom is Prometheus's own format")
        with open(os.path.join(own, "a%b.prom"), "w", encoding="utf-8") as old:
            old.write("old")
        os.link(os.path.join(own, "a%b.prom"), os.path.join(own, "before"))
        run(own, FEW, HAKMEM_METRICS="a%%b.prom")
        check(left(own)["before"] == b"old" and left(own)["a%b.prom"] != b"old",
              "another file takes the name; the old one is not written into")
    with tempfile.TemporaryDirectory(dir=folder) as own:
        left_behind = ["sh", "-c", f"echo old > x.$$~; exec {PROGRAM} {FEW}"]
        subprocess.run(left_behind, cwd=own, env=environment() | {"HAKMEM_METRICS": "x"}, timeout=20, check=True)
        check("x" in left(own) and all(parse(data) for name, data in left(own).items() if name == "x"),
              "what a process of the same number left behind is no hindrance")
    with tempfile.TemporaryDirectory(dir=folder) as own:
        for path, words in (("no/such/folder", "not written"), ("x" * 2000, "too long"), ("%p" * 500, "too long"), ("/", "not written")):
            done = run(own, FEW, HAKMEM_METRICS=path)
            check(done.returncode == 0 and done.stderr.count("\n") == 1 and words in done.stderr,
                  f"{path[:20]}: one line, and the program ends as ever: {done.stderr!r}"[:200])
        run(own, FEW, HAKMEM_METRICS="")
        check(not left(own), "nothing is left of them, nor of an empty name")


def secure(folder):
    """A setuid program; the same started by its owner is the control."""
    program = os.path.join(folder, "program")
    if os.getuid() != 0 or not STATIC:
        print("left out: a setuid program (takes root and static programs)")
        return
    subprocess.run(["cp", STATIC[0], program], check=True)
    os.chown(program, 65534, 65534)
    os.chmod(program, 0o4755)
    os.chmod(folder, 0o755)
    for user, files in ((65534, 1), (12345, 0)):
        with tempfile.TemporaryDirectory(dir=folder) as own:
            os.chmod(own, 0o777)
            command = ["setpriv", f"--reuid={user}", "--clear-groups", program, str(FEW)]
            subprocess.run(command, cwd=own, env=dict(os.environ, HAKMEM_METRICS="%p"), timeout=20, check=True)
            if user == 12345 and os.statvfs(folder).f_flag & os.ST_NOSUID:
                print("left out: mounted nosuid")
                return
            check(len(os.listdir(own)) == files, f"started by {user}: {files} files")


with tempfile.TemporaryDirectory() as work:
    all_families = counts(work)
    if TOOL:
        same_as_export(work, all_families)
    names(work)
    other_endings(work)
    secure(work)
    if STATIC:
        counts(work, program=STATIC[0], LD_PRELOAD="")
