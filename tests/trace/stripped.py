# SPDX-License-Identifier: MIT
"""A stripped libhakmem is counted and sampled as the whole one is, by its note of sources; without
the note the report says what is missing.

usage: stripped.py RANDOM_MIXED LIBHAKMEM MESON BUILD loaded|unloaded
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail, skip

RANDOM_MIXED, LIBHAKMEM, MESON, BUILD, NOTE_IS = sys.argv[1:]
NOTE = ".note.hakmem.sources"
STRIPS = [
    ["strip"], ["strip", "--strip-unneeded"],
    ["strip", "--remove-section=.comment", "--remove-section=.note", "--strip-unneeded"],  # dh_strip
    ["eu-strip"], ["llvm-strip", "--strip-unneeded"],
]
if NOTE_IS == "loaded":  # it drops what is not
    STRIPS.append(["llvm-strip"])
WITHOUT = ["objcopy", "--strip-all", "--remove-section=" + NOTE]


def report(command, library, operations, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        done = subprocess.run([TOOL, command, "--json", path, *options, "--", RANDOM_MIXED, operations, "400", "1"],
                              env=dict(os.environ, HAKMEM_LIBRARY=library, MALLOC_PERTURB_="0"),
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            fail(f"{command} {library}: exit status {done.returncode}: {done.stderr}")
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def count(library):
    counted = report("count", library, "100000", "--calls", "600")
    return {key: value for key, value in counted.items() if key not in ("pid", "library")}


def has_debug_information(library):
    return ".debug_info" in subprocess.run(["readelf", "-SW", library], capture_output=True, text=True, check=True).stdout


def check_sampled(library, with_sources):
    sampled = report("run", library, "20000000", "--no-bpf", "--frequency", "997")
    if sampled["event"] is None:
        return
    names = {row["name"] for row in sampled["sources"] if row["samples"] and row["group"] in ("factor", "allocator")}
    print("sources:", *sorted(names))
    says = any("a note of sources" in note for note in sampled["notes"])
    check(says != with_sources, "run: the report says " + ("nothing of it" if with_sources else "what is missing"))
    named = bool(names - {"allocator"})  # of code that debug information covers
    check(named == with_sources, "run: sources are " + ("told apart" if with_sources else "not told apart"))


def check_installed(folder, whole):
    """As `meson install --strip` and -Dstrip=true do."""
    done = subprocess.run([MESON, "install", "-C", BUILD, "--no-rebuild", "--strip", "--tags", "runtime",
                           "--destdir", folder], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        fail(f"meson install: {done.stdout}{done.stderr}")
    library, = glob.glob(folder + "/**/libhakmem.so.1", recursive=True)
    check(not has_debug_information(library) and count(library) == whole, "installed, stripped by meson: the same")


if not shutil.which("strip") or not shutil.which("objcopy"):
    skip("no binutils")
whole = count(LIBHAKMEM)
if any("nor a note of sources" in note for note in whole["notes"]):
    skip("built without debug information")
check(len(whole["sources"]) > 6 and not whole["notes"], "counted by source")
with tempfile.TemporaryDirectory() as folder:
    stripped = os.path.join(folder, "libhakmem.so")
    # A copy that nobody watches: llvm-strip maps the file, and would copy the breakpoints of probes with it.
    original = shutil.copy(LIBHAKMEM, os.path.join(folder, "original.so"))
    for strip in STRIPS:
        if not shutil.which(strip[0]):
            print("not installed:", strip[0])
            continue
        subprocess.run([*strip, "-o", stripped, original], check=True)
        check(not has_debug_information(stripped) and count(stripped) == whole, f"{' '.join(strip)}: the same")
    check_sampled(stripped, True)
    subprocess.run([*WITHOUT, original, stripped], check=True)
    bare = count(stripped)
    check(any("nor a note of sources" in note for note in bare["notes"]), "without the note the report says so")
    check(bare["kinds"] == whole["kinds"] and bare["sources"] != whole["sources"], "and counts by function")
    check_sampled(stripped, False)
    check_installed(os.path.join(folder, "installed"), whole)
