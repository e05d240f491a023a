# SPDX-License-Identifier: MIT
"""The files are opened by the programs that they are for: go tool pprof, protoc, and speedscope (an npm
package) in headless Chromium, which reads pprof's, collapsed stacks, Chrome's trace events and its own. What is not installed is named.

usage: consumers.py WRITER PROTO PROGRAM NAMED_THREADS
"""

import base64
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail, skip

WRITER, PROTO, PROGRAM, NAMED = (os.path.realpath(path) for path in sys.argv[1:5])
SPEEDSCOPE = "speedscope@1.25.0"
opened = []


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, timeout=120, check=False, **more)
    if done.returncode != 0:
        fail(f"{command}: {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8", errors="strict"), done.stderr.decode(errors="replace")


def check_go(folder):
    if not shutil.which("go"):
        return print("note: no go (package golang-go)")
    environment = dict(os.environ, PPROF_TMPDIR=folder, HOME=folder, GOFLAGS="-mod=mod")
    pprof = ["go", "tool", "pprof", "-symbolize=none"]
    raw, _ = run(*pprof, "-raw", os.path.join(folder, "pprof"), env=environment)
    check("PeriodType: time nanoseconds" in raw and "alloc_objects/count alloc_space/bytes" in raw, "go: the head")
    check(re.search(r"Comment: .*inlining_program|formats_inlining", raw), "go: the command")
    check(len(re.findall(r"innermost .*inlining_program.c:\d+ s=0\n +middle .*\n +outer .*\n +apart ", raw)) == 2,
          "go: four functions at one place")
    top, _ = run(*pprof, "-top", "-sample_index=alloc_objects", os.path.join(folder, "pprof"), env=environment)
    row = re.search(r"^ *(\d+) +\S+% +\S+% +(\d+) +\S+% +malloc$", top, re.M)
    check(row and row.group(1) == row.group(2) == "200", f"go: 200 calls of malloc:\n{top}")
    check(re.search(r"middle \(inline\)", top), "go: inlined functions are told")
    traces, _ = run(*pprof, "-traces", "-sample_index=alloc_objects", os.path.join(folder, "pprof"), env=environment)
    check(re.search(r"malloc\n +innermost \(inline\)\n +middle \(inline\)\n +outer \(inline\)\n +apart\n +main\n", traces),
          f"go: the stack:\n{traces}")
    # It may look for symbols itself: with our addresses it finds the same functions.
    looked, _ = run("go", "tool", "pprof", "-top", "-symbolize=force", "-sample_index=alloc_objects",
                    os.path.join(folder, "pprof"), env=environment)
    check("apart" in looked and "main" in looked, f"go: its own symbols, by our addresses:\n{looked}")
    made_up, _ = run(*pprof, "-raw", os.path.join(folder, "made_up", "pprof"), env=environment)
    check(r"new\x0aline" in made_up and r"\xff\xfe not UTF-8" in made_up, "go: hostile names")
    opened.append("go tool pprof")
    return None


def check_protoc(folder):
    if not shutil.which("protoc"):
        return print("note: no protoc (package protobuf-compiler)")
    for name in "pprof", os.path.join("made_up", "pprof"):
        with open(os.path.join(folder, name), "rb") as file:
            data = subprocess.run(["gzip", "-dc"], stdin=file, capture_output=True, timeout=60, check=True).stdout
        raw, _ = run("protoc", "--decode_raw", input=data)
        text, _ = run("protoc", f"--proto_path={os.path.dirname(PROTO)}", "--decode=hakmem_pprof.Profile",
                      os.path.basename(PROTO), input=data)
        check(raw and text.count("string_table: ") > 10 and "location {" in text, f"protoc: {name}")
        check(not re.search(r"^ *\d+: ", text, re.M), "protoc: no field is unknown")
    opened.append("protoc")
    return None


def install_speedscope(folder):
    """Its page, or None."""
    if not shutil.which("npm"):
        return print("note: no npm (package npm)")
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, SPEEDSCOPE],
                          capture_output=True, text=True, timeout=120, check=False)
    page = os.path.join(folder, "node_modules", "speedscope", "dist", "release", "index.html")
    if done.returncode != 0 or not os.path.exists(page):
        return print(f"note: npm has no {SPEEDSCOPE}: {done.stderr[-200:]}")
    return page


def shown(browser, page, folder, path):
    """The text of speedscope's table of the file's functions."""
    with open(path, "rb") as file:
        data = base64.b64encode(file.read()).decode()
    script = os.path.join(folder, "load.js")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f'speedscope.loadFileFromBase64("{os.path.basename(path)}", "{data}")')
    text, _ = run(browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                  f"--user-data-dir={folder}/profile", "--virtual-time-budget=10000", "--window-size=1600,3000", "--dump-dom",
                  f"file://{page}#localProfilePath={script}&view=sandwich", env=dict(os.environ, HOME=folder))
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<style.*?</style>", "", text, flags=re.S))))


def check_speedscope(folder):
    _, report = run(TOOL, "run", "--frequency", "997", "--timeline", os.path.join(folder, "timeline"), "--", NAMED, "150")
    browser = shutil.which("chromium")
    if not browser:
        return print("note: no chromium (package chromium)")
    page = install_speedscope(folder)
    if not page:
        return None
    for name in "pprof", "collapsed", "speedscope":
        text = shown(browser, page, folder, os.path.join(folder, name))
        check(re.search(r"200 \(100%\) 200 \(100%\) malloc ", text) if name == "collapsed" else "malloc" in text,
              f"speedscope opens {name}: {text[-300:]}")
        # Of pprof's places it shows the function that has the code alone.
        check(" apart " in text and (name == "pprof" or " innermost " in text), f"speedscope: functions of {name}")
    text = shown(browser, page, folder, os.path.join(folder, "timeline"))
    check("calm (tid" in text or "no time by source" in report, f"speedscope opens the timeline: {text[-500:]}")
    text = shown(browser, page, folder, os.path.join(folder, "made_up", "speedscope"))
    check(r"new\x0aline" in text and r"\xff\xfe not" in text, f"speedscope: hostile names: {text[-1500:]}")
    opened.append("speedscope")
    return None


with tempfile.TemporaryDirectory() as work:
    os.mkdir(os.path.join(work, "made_up"))
    made = subprocess.run([WRITER, os.path.join(work, "made_up")], capture_output=True, text=True, timeout=60, check=False)
    if made.returncode == 77:
        skip(made.stdout)
    run(TOOL, "callers", "--bytes", "1", "--value", "alloc_objects",
        *(part for name in ("pprof", "collapsed", "speedscope") for part in (f"--{name}", os.path.join(work, name))),
        "--", PROGRAM)
    check_go(work)
    check_protoc(work)
    check_speedscope(work)
if not opened:
    skip("neither go, protoc nor chromium and npm (packages golang-go, protobuf-compiler, chromium, npm)")
print("opened by", ", ".join(opened))
