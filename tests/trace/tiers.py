# SPDX-License-Identifier: MIT
"""Every command and every bpftrace script on a program of one thread, on one of several and on redis-server under
redis-benchmark, and doctor; as root, with CAP_BPF and CAP_PERFMON alone, and as an ordinary user. Prints a table of
what each got to see.

usage: tiers.py LIBRARY RANDOM_MIXED SERVER_CHURN PROBES
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from hakmem_trace import TOOL, check, skip
from rights import tier

LIBRARY, RANDOM_MIXED, SERVER_CHURN, PROBES = (os.path.abspath(path) for path in sys.argv[1:5])
SECONDS = 120
SCRIPT_SECONDS = 2
# What every program does while it is watched; the others show only what some do: grow, leak, free on another thread.
ALWAYS = {"sizes.bt", "lifetimes.bt"}
TIERS = {"root": [], "CAP_BPF, CAP_PERFMON": tier(["bpf", "perfmon"]), "ordinary user": tier([])}
ORDINARY = tier([])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def redis_server(port):
    return ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
            "/tmp"]


def redis_session(requests):
    """A server, a client, the end of both, as one command."""
    port = free_port()
    return ["sh", "-c", f"{' '.join(arg or repr(arg) for arg in redis_server(port))} >/dev/null & "
            f"until redis-cli -p {port} ping; do sleep 0.1; done >/dev/null 2>&1; redis-benchmark -p {port} -q -t set,get,lpush -n {requests} -d 100 >/dev/null; "
            f"redis-cli -p {port} shutdown nosave >/dev/null; wait"]


# Commands of about a second.
TARGETS = {
    "random_mixed": lambda: [RANDOM_MIXED, "60000000", "400", "1"],
    "server_churn": lambda: [SERVER_CHURN, "--generations", "4", "--operations", "8000000"],
    "redis": lambda: redis_session(100000),
}


class Failed(Exception):
    pass


def trace(prefix, folder, verb, *arguments):
    """The exit code's check, and the JSON."""
    path = os.path.join(folder, f"{verb}.json")
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    done = subprocess.run([*prefix, TOOL, verb, "--json", path, *arguments], env=environment, timeout=SECONDS,
                          capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0 or not os.path.exists(path):
        raise Failed(f"{verb}: exit code {done.returncode}: {done.stderr[-400:]}")
    with open(path, encoding="utf-8") as file:
        figures = json.load(file)
    os.unlink(path)
    return figures


@contextlib.contextmanager
def running(target, prefix):
    """The process to watch: an ordinary user's, but root's where root watches."""
    user = ORDINARY if prefix else []
    with contextlib.ExitStack() as stack:
        def start(*command, **variables):
            process = stack.enter_context(subprocess.Popen(
                [*user, *command], env=dict(os.environ, **variables), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True))
            stack.callback(os.killpg, process.pid, signal.SIGKILL)
            return process
        if target == "redis":
            port = free_port()
            server = start(*redis_server(port), LD_PRELOAD=LIBRARY)
            time.sleep(0.5)
            start("redis-benchmark", "-p", str(port), "-q", "-l", "-t", "set,get,lpush", "-d", "100")
        elif target == "server_churn":
            server = start(SERVER_CHURN, "--operations", "100000000000", LD_PRELOAD=LIBRARY)
        else:
            server = start(RANDOM_MIXED, "400000000000", "400", "1", LD_PRELOAD=LIBRARY)
        time.sleep(0.5)
        yield server.pid


def what_was_seen(figures):
    seen = [f"{figures['sampling']['samples']} samples" if figures["event"] else "no samples"]
    if figures["event"]:
        seen.append("processors" if figures["sampling"]["processors"] else "threads")
        seen.append("kernel, too" if figures["sampling"]["kernel"] else "user's part")
    seen.append("slow path by eBPF" if figures["slow_path"] else "no slow path")
    return ", ".join(seen)


def check_time_by_source(figures, what):
    check(figures["operations"] > 0, f"{what}: operations are counted")
    if not figures["event"]:
        return
    samples = {row["name"]: row["samples"] for row in figures["sources"]}
    check(sum(samples.values()) > 50, f"{what}: samples")
    check(sum(row["samples"] for row in figures["sources"] if row["group"] in ("factor", "allocator")) > 0,
          f"{what}: libhakmem's sources are told")
    check(samples.get("unknown", 0) <= 0.01 * sum(samples.values()) + 1, f"{what}: at most 1 % is unknown")


def run(prefix, folder, target):
    figures = trace(prefix, folder, "run", "--", *TARGETS[target]())
    check_time_by_source(figures, "run")
    return what_was_seen(figures)


def attach(prefix, folder, target):
    with running(target, prefix) as pid:
        figures = trace(prefix, folder, "attach", "--seconds", "3", "--frequency", "997", str(pid))
    check_time_by_source(figures, "attach")
    return what_was_seen(figures)


def top(prefix, _, target):
    with running(target, prefix) as pid:
        done = subprocess.run([*prefix, TOOL, "top", "--json", "--interval", "1", "--count", "2", str(pid)],
                              timeout=SECONDS, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"top: exit code {done.returncode}: {done.stderr[-400:]}")
    moments = [json.loads(line) for line in done.stdout.splitlines()]
    check(len(moments) == 2, "top: two moments")
    check(all(moment["operations"] for moment in moments), "top: operations")
    return f"{len(moments[-1]['sources'])} sources, {len(moments[-1]['threads'])} threads"


def stepped(prefix, folder, target, verb):
    process = ["--process", "redis-server"] if target == "redis" else []
    command = TARGETS[target]() if target != "redis" else redis_session(30000)
    if target == "random_mixed":
        command[1] = "3000000"
    return trace(prefix, folder, verb, "--calls", "2000", *process, "--", *command)


def count(prefix, folder, target):
    figures = stepped(prefix, folder, target, "count")
    check(figures["calls"] == 2000, "count: as many calls as asked for")
    return f"{figures['calls']} calls"


def annotate(prefix, folder, target):
    figures = stepped(prefix, folder, target, "annotate")
    names = [function["name"] for function in figures["functions"]]
    check("malloc" in names and "free" in names, "annotate: malloc and free")
    return ", ".join(names)


def callers(prefix, folder, target):
    figures = trace(prefix, folder, "callers", "--", *TARGETS[target]())
    paths = [figures["paths"][index] for index in figures["by_bytes"]]
    check(figures["sampling"]["samples"] > 100, "callers: calls were sampled")
    check(paths and paths[0]["module"] and paths[0]["frames"], "callers: and their callers are known")
    return f"{figures['sampling']['samples']} calls, " + (
        f"{figures['time']['malloc_samples']} samples in malloc" if figures["time"] else "no samples of time")


def bpftrace(prefix, folder, pid, name, seconds):
    arguments = [str(SCRIPT_SECONDS)] if name == "leaks.bt" else []
    return subprocess.run(
        ["timeout", "-k", "60", "-s", "INT", str(seconds), *prefix, "bpftrace", "-p", str(pid),
         os.path.join(PROBES, name), *arguments], cwd=folder, timeout=SECONDS, capture_output=True, text=True,
        errors="replace", check=False, env=dict(os.environ, BPFTRACE_MAP_KEYS_MAX="1000000"))


def shows(prefix, folder, pid, name):
    """Attaching alone takes seconds on a busy machine."""
    for seconds in (5, 20):
        done = bpftrace(prefix, folder, pid, name, seconds)
        if any(line.startswith("@") for line in done.stdout.splitlines()):
            return True
        if name not in ALWAYS:
            break
    check("Attaching" in done.stdout, f"{name}: attached: {done.stderr[-300:]}")
    check(name not in ALWAYS, f"{name}: shows something: {done.stdout[-300:]} {done.stderr[-300:]}")
    return False


def scripts(prefix, folder, target):
    """The library is where the scripts name it, below the folder that they are started in."""
    os.makedirs(os.path.join(folder, "build/src"))
    os.symlink(LIBRARY, os.path.join(folder, "build/src/libhakmem.so"))
    names = sorted(name for name in os.listdir(PROBES) if name.endswith(".bt"))
    with running(target, prefix) as pid:
        if prefix:
            done = bpftrace(prefix, folder, pid, names[0], 5)
            check("root" in done.stderr, "bpftrace says that it takes root")
            return "bpftrace takes root"
        shown = [name[:-3] for name in names if shows(prefix, folder, pid, name)]
        check(os.path.exists(f"/proc/{pid}/exe"), "the program runs on")
    return ", ".join(shown)


def doctor(prefix, folder, _):
    figures = trace(prefix, folder, "doctor")
    for line in figures["checks"]:
        check(line["found"] and (line["state"] == "ok" or line["remedy"]),
              f"doctor: {line['name']}: what is found, and what to do")
    check(figures["tier"]["text"], "doctor: what run would use")
    return figures["tier"]["text"]


def cells():
    for name in TIERS:
        for target in TARGETS:
            for command in (run, attach, top, count, annotate, callers, scripts):
                if command is not scripts or shutil.which("bpftrace"):
                    yield name, target, command
        yield name, "any", doctor


def main():
    rows, failures = [], 0
    if os.geteuid() != 0:
        skip("needs root, to try what others may do")
    if not shutil.which("setpriv") or not shutil.which("redis-benchmark"):
        skip("needs setpriv (util-linux) and redis-server")
    for name, target, command in cells():
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            try:
                seen = command(TIERS[name], folder, target)
            except (Failed, subprocess.TimeoutExpired) as failure:
                seen, failures = f"FAILED: {failure}", failures + 1
        rows.append(f"| {name} | {target} | {command.__name__} | {seen} |")
        print(rows[-1], flush=True)
    print("\n".join(["", "| as | program | command | what is seen |", "|---|---|---|---|", *rows]))
    check(failures == 0, f"{len(rows)} cells, {failures} failures")


main()
