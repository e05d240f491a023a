# SPDX-License-Identifier: MIT
"""hakmem-trace export: figures of a running program against its own count and against top's, that
they never fall, files, --all, names that are hostile, other users' processes.
usage: exported.py PROGRAM"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, fail
from openmetrics import parse, values
from topped import Topped

PROGRAM = sys.argv[1]
LIMIT = 20
BEHIND = 2000  # libhakmem counts by turns of at most 256 mallocs, with their frees (src/upkeep.c)
USER = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all",
        "--inh-caps=-all")

try:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
except ImportError:
    text_string_to_metric_families = None


def run(*arguments, user=()):
    return subprocess.run([*user, TOOL, "export", *map(str, arguments)], capture_output=True, timeout=LIMIT, check=False)


def export(*arguments):
    done = run(*arguments)
    if done.returncode or done.stderr:
        fail(f"export {arguments}: {done.returncode} {done.stderr.decode()}")
    return parse(done.stdout)


def as_top_says(topped):
    """Of a program that does nothing meanwhile."""
    top = subprocess.run([TOOL, "top", "--json", "--no-bpf", "--interval", "0.1", "--count", "1", str(topped.pid)],
                         capture_output=True, timeout=LIMIT, check=True)
    top = json.loads(top.stdout)
    text = run(topped.pid).stdout
    single, by_class = values(parse(text), pid=str(topped.pid), program=os.path.basename(PROGRAM)[:15])
    for name, figure in top["memory"].items():
        check(single[f"hakmem_{name}_bytes"] == figure, f"{name} is {figure}, as top says")
    check(single["hakmem_operations"] == top["operations"]["all"], "and so are the operations")
    check(single["hakmem_process_resident_bytes"] == top["resident"], "and the resident memory")
    for row in top["size_classes"]:
        key = str(row["bytes"] or row["name"])
        live = by_class["hakmem_mallocs", key] - by_class["hakmem_frees", key]
        check(live == row["blocks"], f"and the {live} blocks of class {key}")
    if text_string_to_metric_families:
        ours = {family.name: family for family in parse(text).values()}
        theirs = list(text_string_to_metric_families(text.decode()))
        check({family.name for family in theirs} == set(ours) and
              all(len(family.samples) == len(ours[family.name].samples) for family in theirs),
              "prometheus_client reads the same families, and as many samples")


def counts(topped):
    before, _ = values(export(topped.pid))
    done = topped.tell("work 300000") + topped.tell("hold 40000")
    after, _ = values(export(topped.pid))
    made = after["hakmem_operations"] - before["hakmem_operations"]
    check(done - BEHIND <= made <= done + BEHIND, f"{made} operations of {done}")
    made = after["hakmem_live_bytes"] - before["hakmem_live_bytes"]
    check(40000 * 1000 - BEHIND * 1008 <= made <= 40000 * 1024 + BEHIND * 1008, f"{made} bytes live")


def never_fall(topped):
    topped.begin("spin 600")
    before, growths, end = {}, 0, time.monotonic() + 0.6
    while time.monotonic() < end:
        families = export(topped.pid)
        now = {(name, *key): value for name, family in families.items() if family.kind == "counter"
               for key, value in family.samples.items()}
        if any(now.get(key, 0) < value for key, value in before.items()):
            fail(f"fell: {[(key, value, now.get(key)) for key, value in before.items() if now.get(key, 0) < value]}")
        growths += now != before
        before = now
    topped.process.stdout.readline()
    check(growths >= 3, f"counters never fall, and grew {growths} times")


def files(folder, topped):
    path = os.path.join(folder, "here.txt")
    check(not run("--output", path, topped.pid).stdout and parse(open(path, "rb").read()), "--output writes the file")
    check(os.listdir(folder) == ["here.txt"], "and nothing else")
    prom = os.path.join(folder, "here.prom")
    run("--output", prom, topped.pid)
    text = open(prom, "rb").read()
    check(b"# TYPE hakmem_refills_total counter\n" in text and b"# EOF" not in text, ".prom is Prometheus's format")
    check(run("--format", "prometheus", topped.pid).stdout.splitlines()[0] == text.splitlines()[0], "and so is --format")
    if shutil.which("promtool"):
        said = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=LIMIT, check=False)
        check(said.returncode == 0 and not said.stdout + said.stderr,
              f"promtool has nothing to say: {said.stdout + said.stderr}")
    else:
        print("left out: promtool (Debian: prometheus)")


def again_and_again(folder):
    path = os.path.join(folder, "again.txt")
    with Topped(PROGRAM) as topped:
        tool = subprocess.Popen([TOOL, "export", "--interval", "0.1", "--output", path, str(topped.pid)],
                                stderr=subprocess.PIPE)
        seen = set()
        deadline = time.monotonic() + LIMIT
        while len(seen) < 3 and time.monotonic() < deadline:
            topped.tell("hold 2000")
            if os.path.exists(path):
                seen.add(values(parse(open(path, "rb").read()))[0]["hakmem_operations"])
            time.sleep(0.05)
        check(len(seen) >= 3, f"written again and again, always whole: {len(seen)} times seen")
    said = tool.communicate(timeout=LIMIT)[1]
    check(tool.returncode == 0 and said.count(b"\n") == 1 and b"ended" in said, f"it ends with the process: {said}")
    check(not any(family.samples for family in parse(open(path, "rb").read()).values()), "whose figures are no more")


def hostile_names():
    """A process may call itself what it likes; Python runs on libhakmem here."""
    names = (b'a"\\b\n{}, x', b"\xff\xfe\x1b[31mred", "\u00fcml\u00e4ut \u0085".encode(), b"# EOF\n# TYPE x")
    code = ("import sys\nfor name in sys.stdin.buffer:\n open('/proc/self/comm', 'wb').write(eval(name))\n"
            " print(flush=True)")
    library = os.environ["HAKMEM_LIBRARY_BUILT"]
    with subprocess.Popen(["/usr/bin/python3", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=dict(os.environ, LD_PRELOAD=library)) as program:
        for name in names:
            program.stdin.write(repr(name).encode() + b"\n")
            program.stdin.flush()
            program.stdout.readline()
            text = run(program.pid).stdout
            labels = {dict(labels)["program"] for family in parse(text).values() for _, labels in family.samples}
            want = open(f"/proc/{program.pid}/comm", "rb").read()[:-1]
            plain = labels.pop().replace("\\x0a", "\n").replace("\\x1b", "\x1b").encode()
            check(not labels and (plain == want or b"\\x" in plain), f"{want!r} becomes {plain!r}")
            check(not any(byte < 0x20 and byte != 0x0a for byte in text), "and commands no terminal")
        program.stdin.close()


def all_of_them(topped):
    with Topped(PROGRAM) as another:
        families = export("--all")
        pids = {dict(labels)["pid"] for _, labels in families["hakmem_build"].samples}
        check({str(topped.pid), str(another.pid)} <= pids, "--all finds both")
        both = {dict(labels)["pid"] for _, labels in
                export(topped.pid, another.pid)["hakmem_live_bytes"].samples}
        check(both == {str(topped.pid), str(another.pid)}, "two PIDs: two samples of one family")


def other_users(topped):
    if os.getuid() != 0:
        print("left out: an ordinary user (takes root)")
        return
    refused = run(topped.pid, user=USER)
    check(refused.returncode == 125 and refused.stderr.count(b"\n") == 1, f"not root's: {refused.stderr}")
    with Topped(PROGRAM, user=USER) as own:
        done = run(own.pid, user=USER)
        yama = open("/proc/sys/kernel/yama/ptrace_scope").read() if os.path.exists(
            "/proc/sys/kernel/yama/ptrace_scope") else "0"
        check(done.returncode == (0 if yama[0] == "0" else 125), f"its own, with ptrace_scope {yama[0]}: {done.stderr}")
        export(own.pid)
        pids = {dict(labels)["pid"] for _, labels in export("--all")["hakmem_build"].samples}
        check({str(own.pid), str(topped.pid)} <= pids, "root sees all of them, without rights by then")


with tempfile.TemporaryDirectory() as work, Topped(PROGRAM) as target:
    target.tell("hold 500")
    as_top_says(target)
    counts(target)
    never_fall(target)
    files(work, target)
    again_and_again(work)
    hostile_names()
    all_of_them(target)
    other_users(target)
