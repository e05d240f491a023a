# SPDX-License-Identifier: MIT
"""Starts programs and puts hakmem-trace attach on them. What they leave in the kernel is looked for by its
number, for others may watch programs beside the tests."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from hakmem_trace import TOOL, check, fail

LIBRARY = os.environ["HAKMEM_LIBRARY_BUILT"]


class Target:
    """A program that runs on a library until the test is done with it."""

    def __init__(self, *command, library=LIBRARY, before=()):
        environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
        before = [*before, "env", f"LD_PRELOAD={library}"] if library else list(before)
        self.process = subprocess.Popen([*before, *command], env=environment, stdout=subprocess.PIPE,
                                        text=True, start_new_session=True)
        if self.process.stdout.readline() != "runs\n":
            fail(f"{command} does not run")
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdout.close()

    def is_running(self):
        return self.process.poll() is None

    def end(self):
        """Ends it and answers what it printed since."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[0]


class Attach:
    """One run of the command, by default for a second: status, and the report as text and JSON."""

    def __init__(self, pid, *options, seconds=1, expect=0, before=()):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            json_path, text_path = os.path.join(folder, "json"), os.path.join(folder, "text")
            done = subprocess.run(
                [*before, TOOL, "attach", "--seconds", str(seconds), "--json", json_path, "--output", text_path,
                 *options, str(pid)], capture_output=True, timeout=60, check=False)
            self.stderr = done.stderr.decode(errors="replace")
            if done.returncode != expect:
                fail(f"exit status {done.returncode} instead of {expect}: {self.stderr}")
            self.json, self.text = None, ""
            if expect == 0:
                with open(json_path, encoding="utf-8") as file:
                    self.json = json.load(file)
                with open(text_path, encoding="utf-8") as file:
                    self.text = file.read()

    def notes(self):
        return " ".join(self.json["notes"])


def held_by(pid):
    """The numbers of the eBPF programs that a process holds."""
    numbers = set()
    folder = f"/proc/{pid}/fdinfo"
    for name in os.listdir(folder):
        try:
            with open(f"{folder}/{name}", encoding="utf-8") as file:
                numbers.update(int(number) for number in re.findall(r"^prog_id:\s*(\d+)", file.read(), re.M))
        except OSError:
            pass
    return numbers


def wait_until(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def is_loaded(number):
    return subprocess.run(["bpftool", "prog", "show", "id", str(number)], capture_output=True,
                          check=False).returncode == 0


def code_is_whole(pid):
    """The library's code in the memory of the process is what its file holds: no breakpoint stays."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        lines = [line.split() for line in file if LIBRARY in line and " r-xp " in line]
    for words in lines:
        start, end = (int(part, 16) for part in words[0].split("-"))
        with open(f"/proc/{pid}/mem", "rb") as memory, open(LIBRARY, "rb") as file:
            memory.seek(start)
            file.seek(int(words[2], 16))
            if memory.read(end - start) != file.read(end - start).ljust(end - start, b"\0"):
                return False
    return bool(lines)


def check_nothing_stays(target, end_it):
    """Starts watching, lets `end_it` end the tool, and sees that nothing stays on the target."""
    with subprocess.Popen([TOOL, "attach", "--until-exit", str(target.pid)], stderr=subprocess.DEVNULL) as tool:
        if shutil.which("bpftool") and os.geteuid() == 0:
            wait_until(lambda: len(held_by(tool.pid)) >= 5, 5)
        time.sleep(0.5)
        numbers = held_by(tool.pid)
        end_it(tool)
        tool.wait(timeout=30)
    check(wait_until(lambda: not any(is_loaded(number) for number in numbers)),
          f"of its {len(numbers)} eBPF programs none stays")
    check(wait_until(lambda: code_is_whole(target.pid)), "no breakpoint stays in the library's code")
    check(target.is_running(), "the process runs on")
