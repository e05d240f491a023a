# SPDX-License-Identifier: MIT
"""What a process may do, as /proc tells it, and what hakmem-trace and its helpers should be able to."""

import contextlib
import glob
import os

from hakmem_trace import check

NOBODY = 65534
KILL, FOWNER, DAC_OVERRIDE, DAC_READ_SEARCH, PTRACE = 5, 3, 1, 2, 19
MONITOR = sum(1 << number for number in (KILL, FOWNER, DAC_OVERRIDE, DAC_READ_SEARCH, PTRACE))
BPF_AND_PERFMON = 1 << 38 | 1 << 39
SETPRIV = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def children_of(parent):
    found = {}
    for path in glob.glob("/proc/[0-9]*/status"):
        with contextlib.suppress(OSError, KeyError):
            pid = int(path.split("/")[2])
            status = status_of(pid)
            if int(status["PPid"]) == parent:
                found[status["Name"]] = pid
    return found


def check_has_nothing(pid, uid, gid, what):
    status = status_of(pid)
    sets = {name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")}
    check(not any(sets.values()), f"{what} has no capability: {sets}")
    if os.geteuid() == 0:
        check(int(status["CapBnd"], 16) == 0, f"{what} can get none: CapBnd {status['CapBnd']}")
    check(status["NoNewPrivs"] == "1", f"{what} gains none by executing")
    check(status["Uid"].split() == 4 * [str(uid)], f"{what} is user {uid}: {status['Uid']}")
    check(status["Gid"].split() == 4 * [str(gid)], f"{what} is group {gid}: {status['Gid']}")
    check(set(status["Groups"].split()) <= {str(gid)} or uid == os.geteuid(),
          f"{what} has that user's groups: {status['Groups']}")


def opened_by(pid):
    """What its descriptors are; files come and go."""
    opened = []
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):
            opened.append(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
    return opened


def check_reader(pid):
    status = status_of(pid)
    check(status["Seccomp"] == "2", "the reader's system calls are filtered")
    if os.geteuid() == 0:
        opened = opened_by(pid)
        strange = [path for path in opened if not path.startswith(("socket:", "/")) or "hakmem-trace-" in path]
        check(len([path for path in opened if path.startswith("socket:")]) == 1 and not strange,
              f"the reader has its socket, and what it reads: {opened}")
    with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
        limits = {line[:26].strip(): line[26:].split()[1] for line in file}
    check(limits["Max address space"] == str(8 << 30), "the reader's memory is bounded")
    check(limits["Max core file size"] == limits["Max processes"] == limits["Max file size"] == "0",
          "it leaves no core, forks nothing, writes nothing")


def check_monitor(pid, most=MONITOR):
    status = status_of(pid)
    kept = int(status["CapEff"], 16)
    check(kept == int(status["CapPrm"], 16) and not kept & ~most, f"the monitor keeps {kept:x}")
    check(status["Seccomp"] == "2", "the monitor's system calls are filtered")
    opened = opened_by(pid)
    strange = [path for path in opened if not path.startswith(("socket:", "/proc/", "anon_inode:[pidfd]"))
               and "hakmem-trace-" not in path]
    check(not strange, f"it has its socket, the counters, the command's process: {opened}")


def check_has_nothing_but_bounds(pid):
    status = status_of(pid)
    check(not any(int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")) and
          status["NoNewPrivs"] == "1", f"{status['Name']} has dropped what it had")


def tier(capabilities):
    """What makes a command another user's, with these capabilities alone."""
    sets = "-all" + "".join(",+" + name for name in capabilities)
    bounds = [] if capabilities else ["--bounding-set=-all"]
    return [*SETPRIV, *bounds, f"--inh-caps={sets}", f"--ambient-caps={sets}"]
