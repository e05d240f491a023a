# SPDX-License-Identifier: MIT
"""run's view of the slow paths: every call on request, losses, what the kernel offers, and nothing left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, Run, check, fail, skip

PROGRAM, BPFTOOL = sys.argv[1:3]


def events(run):
    return {row["name"]: row for row in run.json["slow_path"]["events"]}


def is_as_counted(run, names):
    """Few enough events for any budget, but on a machine where a hit is very dear."""
    return names["refill"]["events"] == run.json["counters"]["refills"] or names["refill"]["cut_short"]


def require_bpf():
    run = Run(PROGRAM, "1000", "400", "1")
    if run.json["slow_path"] is None:
        skip(" ".join(run.json["notes"]))
    return run


def plain(run):
    slow_path, names = run.json["slow_path"], events(run)
    check(slow_path["lost"] == 0 and set(slow_path["lost_by"].values()) == {0} and
          "0 events lost" in run.text, "what was lost is told even if nothing was")
    check(is_as_counted(run, names), "refills are the counters'")
    by_class = [row for row in slow_path["by_class"] if row["kind"] == "refill"]
    check(sum(row["events"] for row in by_class) == names["refill"]["events"] and
          sum(row["total"] for row in by_class) == names["refill"]["total"] and
          all(row["bytes"] in [c["bytes"] for c in run.json["size_classes"]] for row in by_class),
          "its classes are those of the allocator and add up to it")
    dearest = max(by_class, key=lambda row: row["total"])
    check(re.search(rf"refill .*\n    {dearest['bytes']} bytes +{dearest['events']} ", run.text),
          "the dearest class stands first under refill")
    check(all(row["cost_ns"] > 0 for name, row in names.items() if name != "remote_found"),
          "each kind's cost is known")
    check(slow_path["sizes"] is None and "malloc" not in names, "calls are watched on request only")
    check(set(slow_path["how"]) == {"page faults", "system calls", "waits off the processor"},
          "how things were watched is told")
    mmaps = sum(row["events"] for row in slow_path["system_calls"]
                if row["name"] == "mmap" and row["of"] != "program")
    check(not slow_path["system_calls"] or mmaps >= run.json["counters"]["mmap"],
          "system calls are told apart")


def every_call():
    run = Run(PROGRAM, "3000", "400", "1", options=["--every-call"])
    first = run.stderr.splitlines()[0]
    check(re.fullmatch(r"hakmem-trace: every call .* becomes \d+ ns longer: a program of 1 million calls a "
                       r"second takes [\d.]+ times as long, of 10 million [\d.]+", first),
          f"the slowdown is announced: {first}")
    with tempfile.TemporaryFile("w+") as output: # one file for both: what comes first stands first
        subprocess.run([TOOL, "run", "--every-call", "--", PROGRAM, "3000", "400", "1"], stdout=output,
                       stderr=output, timeout=60, check=True)
        output.seek(0)
        check(output.readline().startswith("hakmem-trace: every call"), "before the program starts")
    names, counters = events(run), run.json["counters"]
    check(names["malloc"]["events"] == counters["mallocs"] > 1000, "each malloc is seen")
    check(names["free"]["events"] == counters["frees"], "each free is seen")
    check(names["realloc"]["events"] == counters["realloc"], "each realloc is seen")
    check(not any(names[name]["cut_short"] for name in ("malloc", "free", "realloc")),
          "no budget takes them away")
    sizes = run.json["slow_path"]["sizes"]
    check(sum(row["count"] for row in sizes) == counters["mallocs"] and
          sizes == sorted(sizes, key=lambda row: row["bytes"]), "by size, and these add up")
    check("every call" in run.text and f"{len(sizes)} sizes in all" in run.text, "the text shows them")


def refused():
    done = subprocess.run([TOOL, "run", "--every-call", "--no-bpf", "--", "true"],
                          capture_output=True, text=True, timeout=60, check=False)
    check(done.returncode == 2 and len(done.stderr.splitlines()) == 1, "--every-call needs eBPF")
    run = Run("true", options=["--with", "glibc", "--every-call"])
    check(any("no probes of hakmem" in note for note in run.json["notes"]),
          "and an allocator that has the probes")


def lost():
    os.environ["HAKMEM_TRACE_MAP_ENTRIES"] = "2"
    run = Run(PROGRAM, "3000", "400", "1", options=["--every-call"])
    del os.environ["HAKMEM_TRACE_MAP_ENTRIES"]
    slow_path = run.json["slow_path"]
    check(slow_path["lost"] == sum(slow_path["lost_by"].values()) > 0, f"{slow_path['lost']} are lost")
    check(f"{slow_path['lost']} events lost for want of room in its maps: " in run.text and
          f"sizes {slow_path['lost_by']['sizes']}" in run.text, "and the text says so")


def less():
    os.environ["HAKMEM_TRACE_LACKING"] = "fexit tracepoints page_fault_user sched_switch"
    run = Run(PROGRAM, "3000", "400", "1")
    del os.environ["HAKMEM_TRACE_LACKING"]
    names = events(run)
    check(is_as_counted(run, names), "probes do without the rest")
    check("page_fault" not in names and not run.json["slow_path"]["system_calls"], "which is not there")
    for what in ("page faults", "system calls", "waits off the processor"):
        check(any(note.startswith(what + ":") for note in run.json["notes"]), f"a note names {what}")


def owned_by(pid):
    """What the kernel holds for a process: programs and links, by their numbers."""
    found = set()
    for kind in ("prog", "link"):
        done = subprocess.run([BPFTOOL, "-j", kind, "show"], capture_output=True, text=True, timeout=60, check=True)
        for row in json.loads(done.stdout or "[]"):
            if any(owner["pid"] == pid for owner in row.get("pids", [])):
                found.add((kind, row["id"]))
    return found


def existing():
    found = set()
    for kind in ("prog", "link"):
        done = subprocess.run([BPFTOOL, "-j", kind, "show"], capture_output=True, text=True, timeout=60, check=True)
        found |= {(kind, row["id"]) for row in json.loads(done.stdout or "[]")}
    return found


def holds(pid):
    """The same from the process's own descriptors, where bpftool can't tell owners."""
    found = set()
    for name in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            with open(f"/proc/{pid}/fdinfo/{name}", encoding="ascii") as file:
                text = file.read()
        except OSError:
            continue
        for kind, key in (("prog", "prog_id"), ("link", "link_id")):
            match = re.search(rf"^{key}:\s*(\d+)$", text, re.MULTILINE)
            if match:
                found.add((kind, int(match[1])))
    return found


def left_behind(end):
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen([TOOL, "run", "--output", os.path.join(folder, "text"), "--",
                               "sh", "-c", "echo started; exec sleep 60"],
                              stdout=subprocess.PIPE, env=dict(os.environ, XDG_RUNTIME_DIR=folder)) as tool:
            check(tool.stdout.readline() == b"started\n", "the program runs")
            ours = holds(tool.pid) | owned_by(tool.pid)
            check({kind for kind, _ in ours} == {"prog", "link"} and ours <= existing(),
                  f"{len(ours)} programs and links are the tool's")
            with open(f"/proc/{tool.pid}/task/{tool.pid}/children", encoding="ascii") as file:
                children = [int(child) for child in file.read().split()]
            end(tool, children)
            tool.wait(timeout=60)
            for child in children:
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    pass
    deadline = time.monotonic() + 90 # the kernel waits for all processors, probe by probe
    while ours & existing():
        if time.monotonic() > deadline:
            fail(f"left behind: {ours & existing()}")
        time.sleep(0.2)
    check(True, "and none of them is left")


def kill_tool(tool, _):
    os.kill(tool.pid, signal.SIGKILL)


def end_program(_, children):
    for child in children:
        os.kill(child, signal.SIGTERM)


plain(require_bpf())
every_call()
refused()
lost()
less()
left_behind(end_program)
left_behind(kill_tool)
sys.exit(0)
