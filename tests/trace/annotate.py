# SPDX-License-Identifier: MIT
"""Annotated functions: counts as those of count and of the golden test, a label for every
instruction, sums that add up; also without a disassembler and without symbols.

usage: annotate.py PROGRAM ALLOCATOR RANDOM_MIXED LIBHAKMEM FAST_PATH
PROGRAM and ALLOCATOR are those of count.py, the part big_malloc of malloc under the name malloc.cold.
"""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail, skip

PROGRAM, ALLOCATOR, RANDOM_MIXED, LIBHAKMEM, FAST_PATH = (os.path.realpath(path) for path in sys.argv[1:])
MIXED = [RANDOM_MIXED, "200000", "400", "1"]
EFFECTS = ("instructions", "loads", "stores", "branches")
OPTIONS = ["--skip", "10000", "--calls", "1500"]


def run(verb, *command, options=(), environment=None):
    """The report as JSON and as text."""
    with tempfile.TemporaryDirectory() as folder:
        path, temporary = os.path.join(folder, "json"), os.path.join(folder, "temporary")
        os.mkdir(temporary)
        done = subprocess.run([TOOL, verb, "--json", path, *options, "--", *command],
                              env=dict(os.environ, TMPDIR=temporary, **(environment or {})),
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            fail(f"{command}: exit status {done.returncode}: {done.stderr}")
        if os.listdir(temporary):
            fail("something is left behind")
        with open(path, encoding="utf-8") as file:
            return json.load(file), done.stderr


def effects(of):
    return [of[effect] for effect in EFFECTS if of[effect] is not None]


def times(instruction):
    return [instruction["executed"] * each for each in effects(instruction["effects"])]


def added(rows, width):
    return [sum(column) for column in zip([0] * width, *rows)]


def function(report, name):
    return next(each for each in report["functions"] if each["name"] == name)


def check_sums(report, name):
    of = function(report, name)
    whole = effects(of)
    if not all(instruction["source"] for instruction in of["code"]):
        fail(f"{name}: an instruction has no label")
    if added(map(times, of["code"]), len(whole)) != whole:
        fail(f"{name}: the instructions are not the whole")
    if added(map(effects, of["sources"]), len(whole)) != whole:
        fail(f"{name}: the sources are not the whole")
    for source in of["sources"]:
        own = [times(each) for each in of["code"] if (each["source"], each["group"]) == (source["name"], source["group"])]
        if added(own, len(whole)) != effects(source):
            fail(f"{name}: {source['name']} has instructions of others")
    if report["sampling"]:
        if sum(each["samples"] for each in of["code"]) != of["samples"]:
            fail(f"{name}: samples")
    check(True, f"{name}: labels and sums")


def as_counted(report, text):
    """The fast path is what was executed in every call that took it."""
    counted, _ = run("count", *MIXED, options=OPTIONS)
    golden = subprocess.run(["bash", FAST_PATH, LIBHAKMEM], capture_output=True, text=True, check=False).stdout
    for name in "malloc", "free":
        of = function(report, name)
        kind = next(each for each in counted["kinds"] if each["name"] == name)
        check(of["calls"] == kind["calls"], f"{name}: as many calls as count has")
        fast = next((each for each in counted["paths"] if (each["kind"], each["name"]) == (name, "fast")), None)
        line = re.search(name + r": (\d+) \D+ (\d+) \D+ (\d+) \D+ (\d+)", golden)
        if not fast or not line:  # a hard mode, or no objdump
            continue
        always = [effects(each["effects"]) for each in of["code"] if each["executed"] >= fast["calls"]]
        found = added(always, len(effects(fast)))
        check(found == [effect // fast["calls"] for effect in effects(fast)], f"{name}: {found} as count has")
        check(found == [int(number) for number in line.groups()][:len(found)], f"{name}: as its machine code says")
        check(of["median"] == found[0], f"{name}: half of the calls take it")
    labels = {source["name"] for of in report["functions"] for source in of["sources"]}
    lines = [line for line in text.splitlines() if re.match(r" [ >]\+0x", line)]
    check(len(lines) == sum(len(of["code"]) for of in report["functions"]), "the text has every instruction")
    check(all(re.split(r"  +", line[20:].strip())[0] in labels or any(label in line for label in labels)
              for line in lines), "and a label before it")
    check(all(len(line) <= 80 for line in text.splitlines() if not re.match("hakmem-trace|  note|.*stepped", line)),
          "in 80 columns")


def as_disassembled(report):
    """Every instruction that objdump finds, and no other."""
    for name in ("malloc", "free") if shutil.which("objdump") else ():
        of = function(report, name)
        text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", f"--disassemble={name}", LIBHAKMEM],
                              capture_output=True, text=True, check=False).stdout
        places = {int(place, 16) - of["parts"][0]["address"] for place in re.findall(r"^ *([0-9a-f]+):\t", text, re.M)}
        found = {each["offset"] for each in of["code"] if each["part"] == name}
        if of["code"][0]["text"] is not None:
            check(found == {place for place in places if place < of["parts"][0]["bytes"]}, f"{name}: as objdump has it")


def source_lines(report):
    code = function(report, "malloc")["code"]
    if not any(each["file"] for each in code):
        return  # built without debug information
    with_text = [each for each in code if each["line_text"]]
    check(with_text, "source lines have their text")
    source = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))), "src")
    for each in with_text:
        path = os.path.join(source, each["file"].split("src/", 1)[1])
        with open(path, encoding="utf-8") as file:
            if file.read().splitlines()[each["line"] - 1].strip() != each["line_text"].strip():
                fail(f"{each['file']}:{each['line']}: {each['line_text']}")
    check(True, "of the right line")


def without_capstone(report):
    with tempfile.TemporaryDirectory() as folder:
        for version in 4, 5:
            with open(os.path.join(folder, f"libcapstone.so.{version}"), "w", encoding="utf-8"):
                pass  # no library
        bare, text = run("annotate", *MIXED, options=[*OPTIONS, "--no-samples"], environment={"LD_LIBRARY_PATH": folder})
        _, counted = run("count", *MIXED, options=OPTIONS, environment={"LD_LIBRARY_PATH": folder})
    check("apt install libcapstone" in text and "apt install libcapstone" in counted, "says how to get capstone")
    for name in "malloc", "free":
        of, whole = function(bare, name), function(report, name)
        check(all(each["text"] is None and each["source"] for each in of["code"]), "no instruction, but a label")
        check(of["loads"] is None and of["instructions"] == whole["instructions"], "the same counts")
        check({each["offset"]: each["executed"] for each in of["code"]} ==
              {each["offset"]: each["executed"] for each in whole["code"] if each["executed"]}, "at the same places")


def stripped(report):
    strip = shutil.which("strip")
    if not strip:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "libstripped.so")
        subprocess.run([strip, "--strip-all", "--remove-section=.note.hakmem.sources", "-o", path, LIBHAKMEM], check=True)
        bare, text = run("annotate", *MIXED, options=[*OPTIONS, "--no-samples", "--with", path])
    check("has no debug information" in text, "says that there is no debug information")
    for name in "malloc", "free":
        check_sums(bare, name)
        check(effects(function(bare, name)) == effects(function(report, name)), "the same counts")
        check({each["source"] for each in function(bare, name)["code"]} == {name}, "labelled by the function")


def on_terminal(**environment):
    parent, child = pty.openpty()
    process = subprocess.Popen([TOOL, "annotate", "--no-samples", "--skip", "0", "--calls", "50", "--", *MIXED],
                               env=dict(os.environ, TERM="xterm", **environment), stderr=child, stdout=subprocess.DEVNULL)
    os.close(child)
    text = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(parent)
    if process.wait(timeout=60):
        fail("on a terminal it fails")
    return text.decode()


def colour(text):
    coloured = on_terminal(NO_COLOR="")
    check("\033[3" in coloured and "\033[" not in text, "colours on a terminal alone")
    check("\033[" not in on_terminal(NO_COLOR="1"), "none with NO_COLOR")
    plain = re.sub(r"\033\[\d*m", "", coloured)
    check(re.search(r"\+0x0 .* (header|cache|classify|fast_path|malloc)\b", plain), "the label is there too")


def listed():
    start = ["--skip", "0", "--calls", "1500"]  # where refills are
    report, text = run("annotate", *MIXED, options=[*start, "--list"])
    rows = {row["name"]: row for row in report["hottest"]}
    check(report["functions"] is None and rows["malloc"]["calls"] > 0 and rows["free"]["calls"] > 0, "--list")
    check("\n  malloc " in text and "\n  free " in text, "as text")
    chosen = next(name for name, row in rows.items() if row["calls"] and name not in ("malloc", "free"))
    one, _ = run("annotate", *MIXED, options=[*start, "--no-samples", "--function", chosen])
    of = one["functions"][0]
    check(of["name"] == chosen and of["instructions"] == rows[chosen]["instructions"], f"--function {chosen}")
    check_sums(one, chosen)


def of_glibc():
    """One address has several names there; lines are known where libc6-dbg is installed."""
    report, _ = run("annotate", *MIXED, options=[*OPTIONS, "--with", "glibc", "--no-samples", "--function", "__libc_malloc"])
    of = report["functions"][0]
    check(of["name"] == "malloc" and of["calls"] > 0, "another name of malloc")
    check_sums(report, "malloc")
    check(of["code"][0]["file"] is None or of["code"][0]["file"].endswith("malloc.c"), "its first line is malloc.c's")


def in_parts():
    """malloc's 7 instructions; malloc.cold's 12, after 2 of malloc."""
    options = ["--with", ALLOCATOR, "--skip", "120", "--calls", "800", "--no-samples"]
    report, text = run("annotate", PROGRAM, "rounds", "200", options=options)
    of = function(report, "malloc")
    check([part["name"] for part in of["parts"]] == ["malloc", "malloc.cold"], "a function in two parts")
    check((of["min"], of["max"]) == (7, 14), "in a call each")
    by_part = {name: {each["executed"] for each in of["code"] if each["part"] == name} for name in ("malloc", "malloc.cold")}
    big = by_part["malloc.cold"]
    check(len(big) == 1 and by_part["malloc"] == {of["calls"], of["calls"] - min(big)}, "counted each")
    check("\n  malloc.cold\n" in text, "and shown")
    if of["code"][0]["text"]:
        check(any(each["text"] == "ja -> malloc.cold" for each in of["code"]), "jumps say where to")
    check_sums(report, "malloc")
    options[-1:] = ["--no-samples", "--function", "note"]
    report, _ = run("annotate", PROGRAM, "rounds", "200", options=options)
    check(report["functions"][0]["calls"] > 0, "a function that another calls")


MIXED_REPORT, MIXED_TEXT = run("annotate", *MIXED, options=OPTIONS)
if not MIXED_REPORT["functions"]:
    skip("nothing to annotate")
check_sums(MIXED_REPORT, "malloc")
check_sums(MIXED_REPORT, "free")
as_counted(MIXED_REPORT, MIXED_TEXT)
as_disassembled(MIXED_REPORT)
source_lines(MIXED_REPORT)
without_capstone(MIXED_REPORT)
stripped(MIXED_REPORT)
colour(MIXED_TEXT)
listed()
of_glibc()
in_parts()
