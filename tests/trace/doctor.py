# SPDX-License-Identifier: MIT
"""hakmem-trace doctor: every line has a state and, unless it is ok, a remedy; the tier is what run
then uses; as root, as an ordinary user, with two capabilities alone, without perf_event_open.

usage: doctor.py WITHOUT_PERF
"""

import json
import math
import os
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check

WITHOUT_PERF = sys.argv[1]
KEYS = {"schema", "kind", "quick", "checks", "tier"}
CHECK_KEYS = {"group", "name", "state", "found", "remedy", "figures"}
TIER_KEYS = {"text", "event", "frequency", "processors", "kernel", "slow_path", "no_samples",
             "no_slow_path"}
STATES = {"ok", "limited", "missing", "unsafe"}
TIMED = {"clock_gettime", "rdtsc", "cpu-clock at 1 kHz", "cpu-clock at 10 kHz",
         "cpu-clock at 50 kHz", "cost of a sample", "skid"}
NAMES = {
    "cycles", "precise events", "rdpmc", "perf_event_paranoid", "perf_event_mlock_kb",
    "max_sample_rate", "program load", "unprivileged_bpf", "BTF", "tracepoints by eBPF", "fentry",
    "tracefs", "tracepoints by perf", "kprobes", "uprobes", "USDT, 1-byte nop", "USDT, 5-byte nop",
    "CAP_PERFMON", "CAP_BPF", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_RESOURCE", "lockdown",
    "ptrace", "seccomp", "no_new_privs", "hakmem", "glibc", "jemalloc", "mimalloc", "tcmalloc",
    "huge pages", "huge pages, defrag", "huge pages, shmem", "overcommit", "max_map_count",
    "kernel", "processors", "clock source", "frequency governor", "turbo", "processor quota",
    "memory limit", "container", "virtual machine", "clang", "bpftool", "bpftrace", "perf",
    "valgrind", "built with eBPF", "built with capstone", "capstone library", "built with ncurses",
    "built with protobuf-c"}
FACILITIES = {"IBS", "PEBS", "IBS or PEBS"}
USER = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
WITHOUT_RIGHTS = [*USER, "--bounding-set=-all", "--inh-caps=-all"]
# Attaching a probe may take a second where others attach theirs: spared where nothing is asked of it.
NO_PROBES = [WITHOUT_PERF] if subprocess.run(
    [WITHOUT_PERF, "true"], check=False).returncode != 77 else []
TWO_RIGHTS = [*USER, "--inh-caps=-all,+bpf,+perfmon", "--ambient-caps=-all,+bpf,+perfmon"]


def tool(prefix, *arguments):
    """JSON and text of a command of hakmem-trace that is run behind `prefix`."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        path = os.path.join(folder, "json")
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("XDG_RUNTIME_DIR", "NO_COLOR")}
        done = subprocess.run(
            [*prefix, TOOL, arguments[0], "--json", path, *arguments[1:]], env=environment,
            capture_output=True, text=True, timeout=50, check=False)
        check(done.returncode == 0, f"{prefix[:1]} {arguments}: {done.returncode} {done.stderr}")
        check(os.listdir(folder) == ["json"], "nothing else is left")
        with open(path, encoding="utf-8") as file:
            return json.load(file), done.stdout


def lines_of(report):
    return {line["name"]: line for line in report["checks"]}


def check_lines(report, text, timed):
    check(set(report) == KEYS and report["kind"] == "doctor", "the documented keys, no others")
    lines = lines_of(report)
    check(len(lines) == len(report["checks"]), "no name comes twice")
    check(set(lines) - FACILITIES == (NAMES | TIMED if timed else NAMES),
          f"every line: {set(lines) ^ (NAMES | TIMED if timed else NAMES)}")
    check(len(set(lines) & FACILITIES) == 1, "one of IBS and PEBS")
    for line in report["checks"]:
        check(set(line) == CHECK_KEYS and line["state"] in STATES and line["found"],
              f"{line['name']}: {line['state']}: {line['found']}")
        check((line["remedy"] is None) == (line["state"] == "ok"), f"  {line['remedy']}")
        check(f" {line['state']:8}{line['name']}" in text, "  and the text has it")
    check(all(len(line) <= 80 for line in text.splitlines()), "80 columns")
    check("\033" not in text, "no colour into a pipe")
    groups = [line["group"] for line in report["checks"]]
    check(len([1 for a, b in zip(groups, groups[1:]) if a != b]) == len(set(groups)) - 1,
          "lines of a group follow each other")


def check_tier(prefix, report, text):
    tier = report["tier"]
    check(set(tier) == TIER_KEYS, "the tier's keys")
    check("tier: " + tier["text"].split(",")[0] in text, f"the text tells the tier: {tier['text']}")
    check((tier["event"] is None) == bool(tier["no_samples"]), "a reason where there are none")
    check(tier["slow_path"] == (not tier["no_slow_path"]), "the same of slow paths")
    used, _ = tool(prefix, "run", "--output", "/dev/null", "--", "true")
    check(used["event"] == tier["event"], f"run samples {used['event']}")
    check((used["slow_path"] is not None) == tier["slow_path"], "run's slow paths")
    if tier["event"]:
        check(used["sampling"]["processors"] == tier["processors"], "run's processors")
        check(used["sampling"]["kernel"] == tier["kernel"], "run's kernel")
        check(0 < tier["frequency"] <= 997, f"{tier['frequency']} Hz")
        text_of = "whole processors" if tier["processors"] else "own threads only"
        check(tier["text"].startswith(f"{text_of}, {tier['event']} at "), tier["text"])
    else:
        check(tier["text"].startswith("no sampling: counters"), tier["text"])


def examine(prefix, *options):
    report, text = tool(prefix, "doctor", *options)
    check_lines(report, text, timed="--quick" not in options)
    check_tier(prefix, report, text)
    return lines_of(report), report["tier"]


def usable(prefix):
    done = subprocess.run([*prefix, "test", "-x", TOOL], check=False, capture_output=True)
    if done.returncode != 0:
        print("left out:", *prefix)
    return done.returncode == 0


def here():
    lines, tier = examine([])
    figures = lines["skid"]["figures"]
    if lines["skid"]["state"] != "missing":
        shares = [figures[f"share_{place}"] for place in ("slow", "next", "elsewhere")]
        check(math.isclose(sum(shares), 1, abs_tol=1e-9), f"shares of skid: {shares}")
        check(all(0 <= share <= 1 for share in shares) and figures["samples"] > 0, "each is one")
    check((tier["event"] is None) == (lines["perf_event_paranoid"]["state"] == "missing"),
          "samples where an event opens")
    short = lines["USDT, 1-byte nop"]
    if short["state"] != "missing":
        check(short["state"] == "ok" and short["figures"]["damaged"] == 0, "ours are sound")
        check(short["found"].startswith("breakpoint, red zone intact, "), short["found"])
        check(short["figures"]["hits"] == short["figures"]["calls"] > 0, "every call was a hit")
        long = lines["USDT, 5-byte nop"]
        check((long["state"] == "unsafe") == (long["figures"]["damaged"] > 0), long["found"])
    root = os.geteuid() == 0
    check(not root or lines["hakmem"]["state"] != "missing", "libhakmem is found")


def as_others():
    if os.geteuid() != 0:
        return
    if usable(WITHOUT_RIGHTS):
        lines, tier = examine(WITHOUT_RIGHTS, "--quick")
        check(lines["CAP_BPF"]["state"] == "missing", "no right, and none to be had")
        check("--cap-add BPF" in lines["CAP_BPF"]["remedy"], "who withholds it")
        check(lines["program load"]["state"] == "missing", "no program")
        check("cap_bpf" in lines["program load"]["remedy"], "and what would bring it")
        check(lines["USDT, 1-byte nop"]["state"] == "missing", "no probe")
        check(not tier["processors"] and not tier["slow_path"], "the lesser tier")
    if usable(TWO_RIGHTS):
        lines, tier = examine(TWO_RIGHTS, "--quick")
        check(lines["CAP_BPF"]["state"] == lines["CAP_PERFMON"]["state"] == "ok", "the two rights")
        check(lines["CAP_SYS_ADMIN"]["state"] != "ok", "and no other")
        check(tier["event"] is None or (tier["processors"] and tier["kernel"]), tier["text"])


def without_perf():
    if not NO_PROBES:
        print("left out: no seccomp here")
        return
    lines, tier = examine(NO_PROBES, "--quick")
    check(lines["perf_event_paranoid"]["state"] == "missing", "no event opens")
    check(lines["cycles"]["state"] == "missing" and lines["uprobes"]["state"] == "missing", "none")
    check(lines["seccomp"]["state"] == "limited", "the filter is seen")
    check(lines["no_new_privs"]["state"] == "limited", "and what came with it")
    check(tier["event"] is None and "perf_event_open" in tier["no_samples"], tier["no_samples"])
    check("CAP_PERFMON" in tier["no_samples"], "what would help")


def poor():
    """Where little is to be found: no tools, no library, one processor."""
    one = str(min(os.sched_getaffinity(0)))
    prefix = [*NO_PROBES, "taskset", "-c", one, "env", "PATH=/nosuch", "HAKMEM_LIBRARY=/nosuch/lib.so"]
    report, text = tool(prefix, "doctor", "--quick")
    check_lines(report, text, timed=False)
    lines, tier = lines_of(report), report["tier"]
    for name in "clang", "perf", "valgrind":
        check(lines[name]["state"] == "missing" and "apt install" in lines[name]["remedy"], name)
    check(lines["processors"]["figures"]["allowed"] == 1, "one processor")
    check(lines["processors"]["state"] == "limited", "are few")
    check(lines["hakmem"]["state"] == "missing" and "/nosuch" in lines["hakmem"]["found"], "hakmem")
    check("HAKMEM_LIBRARY" in tier["no_slow_path"], "and no slow paths of it")


def refused(code, pattern, *options, **streams):
    done = subprocess.run([*NO_PROBES, TOOL, "doctor", *options], text=True, timeout=30, check=False,
                          **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams})
    check(done.returncode == code, f"{options}: exit code {done.returncode}")
    check(done.stderr.count("\n") == 1 and pattern in done.stderr, f"{options}: {done.stderr}")


def wrong_use():
    refused(2, "unknown option '--frob'", "--frob")
    refused(2, "needs a value", "--json")
    refused(2, "empty value", "--json", "")
    refused(2, "'more' is one word too many", "--quick", "more")
    refused(125, "No such file", "--quick", "--json", "/nosuch/report")
    refused(125, "No space left", "--quick", "--json", "/dev/full")
    with open("/dev/full", "w", encoding="ascii") as full:
        refused(125, "standard output: ", "--quick", stdout=full)
    done = subprocess.run([*NO_PROBES, TOOL, "doctor", "--quick", "--json", "-"],
                          capture_output=True, text=True, timeout=30, check=False)
    check(json.loads(done.stdout)["quick"] is True, "--json - is JSON alone")
    check("\ntier: " in done.stderr, "and the lines go to standard error")
    done = subprocess.run([TOOL, "doctor", "--help"], capture_output=True, text=True, timeout=30,
                          check=False)
    check(done.stdout.startswith("usage: hakmem-trace doctor"), "help")


here()
as_others()
without_perf()
poor()
wrong_use()
