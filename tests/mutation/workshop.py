# SPDX-License-Identifier: MIT
"""Builds the library with one file changed, and runs tests on it. Nothing is written but into a folder of its own.

Flags are those of the build folder's compile_commands.json, with less optimisation; tests are the build folder's own
programs, and unit tests are linked anew from their objects.
"""
import json
import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

MEMORY = 16 << 30  # bytes of data that a test may map: a mutant must not take the machine with it
LIBRARY = "libhakmem.so"


def refuse(text):
    print(f"mutate.py: {text}", file=sys.stderr, flush=True)
    sys.exit(2)


@dataclass
class Test:
    name: str
    program: str | None  # preloaded; None: a unit test
    arguments: list
    files: str = ""  # of src/ that it is for; none: all
    seconds: float = 20  # it took this long on the library as it is
    caught: int = 0

    def limit(self):
        return 6 * self.seconds + 4


class Plan:
    """What is compiled and run, from a build folder."""

    def __init__(self, build, unit, preloaded):
        self.build = Path(build).resolve()
        try:
            entries = json.loads((self.build / "compile_commands.json").read_text())
        except OSError as error:
            refuse(f"{build} is no build folder: {error.strerror}")
        self.commands = {"shared": {}, "unit": {}}
        self.test_objects = {}
        for entry in entries:
            source, output = Path(entry["directory"], entry["file"]).resolve(), entry["output"]
            if "/src/" in str(source) and ("hakmem-unmapped" in output or "libhakmem.so.1.p" in output):
                self.commands["shared"][source] = entry
            elif "libhakmem_uninterposed" in output:
                self.commands["unit"][source] = entry
            elif output.startswith("tests/unit/") or "_test.p/" in output and output.startswith("tests/misuse/"):
                name = output.split("/")[2].removesuffix("_test.p")
                self.test_objects.setdefault(name, []).append(str(self.build / output))
        if not self.commands["shared"] or not self.commands["unit"]:
            refuse(f"{build} is no build folder with libhakmem in it")
        self.tests = [Test(f"unit_{name}", None, self.test_objects[name]) for name in unit
                      if all(Path(o).exists() for o in self.test_objects.get(name, ["/nowhere"]))]
        for name, arguments, files in preloaded:
            program = self.build / "tests" / name
            if program.exists():
                self.tests.append(Test(" ".join([Path(name).name, *arguments]), str(program), arguments, files))

    def sources(self):
        return sorted(self.commands["shared"], key=lambda s: s.name)


def flags_of(entry):
    words, kept, skip = shlex.split(entry["command"]), [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MQ", "-c"):
            skip = True
        elif word not in ("-MD", "-g", "-O2", "-Werror") and not word.startswith("-W"):
            kept.append(word)
    return [*kept, "-O1", "-w"]


class Workshop:
    """One folder with objects of the library as it is; each mutant replaces one of them for a while."""

    def __init__(self, plan, folder):
        self.plan, self.folder = plan, Path(folder)
        self.current = {"shared": {}, "unit": {}}
        for way, commands in plan.commands.items():
            (self.folder / way).mkdir(parents=True, exist_ok=True)
            for source in commands:
                target = self.folder / way / f"{source.name}.o"
                if not self.compile(way, source, source, target):
                    refuse(f"{source} does not compile")
                self.current[way][source] = target

    def compile(self, way, source, text, target):
        entry = self.plan.commands[way][source]
        command = [*flags_of(entry), f"-I{source.parent}", "-c", str(text), "-o", str(target)]
        return self.run(command, 60, cwd=entry["directory"])[0] == 0

    def run(self, command, limit, environment=None, cwd=None):
        """Exit status, None if it was still there after `limit` seconds; and the seconds it took."""
        def bounded():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=environment, cwd=cwd or self.folder,
                                   start_new_session=True, preexec_fn=bounded)
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            status = None
        try:  # the whole group: children of a failed test go on otherwise
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        return status, time.monotonic() - begin

    def link_library(self, objects):
        return self.run(["cc", "-shared", "-o", str(self.folder / LIBRARY), *map(str, objects), "-Wl,-z,now",
                         "-Wl,-z,relro", "-Wl,-Bsymbolic-functions", f"-Wl,-soname,{LIBRARY}"], 60)[0] == 0

    def run_test(self, test, objects):
        """Exit status and seconds; None where it does not end or can't be linked."""
        if test.program:
            environment = {**os.environ, "MALLOC_PERTURB_": "0"}
            if "@LIBRARY@" not in test.arguments:  # else it does so itself
                environment |= {"LD_PRELOAD": LIBRARY, "LD_LIBRARY_PATH": str(self.folder),
                                "HAKMEM_TEST_EXPECT": "hakmem"}
            arguments = [a.replace("@LIBRARY@", str(self.folder / LIBRARY)) for a in test.arguments]
            return self.run([test.program, *arguments], test.limit(), environment)
        program = str(self.folder / test.name)
        support = str(self.plan.build / "tests" / "libtest_support.a")
        linked = self.run(["cc", "-o", program, *test.arguments, *map(str, objects["unit"].values()), support,
                           "-lcmocka", "-lpthread", "-ldl"], 60)
        return self.run([program], test.limit()) if linked[0] == 0 else (None, 0)

    def measure(self):
        """Runs every test on the library as it is; drops those that this machine can't run."""
        self.link_library(self.current["shared"].values())
        for test in list(self.plan.tests):
            status, test.seconds = self.run_test(test, self.current)
            if status == 77:
                self.plan.tests.remove(test)
            elif status != 0:
                refuse(f"{test.name} fails on the library as it is (status {status})")
        slowest = sorted(self.plan.tests, key=lambda t: -t.seconds)
        print("seconds without a mutant: " + ", ".join(f"{t.name} {t.seconds:.1f}" for t in slowest), file=sys.stderr,
              flush=True)

    def judge(self, mutant, source):
        """What became of a mutant: (result, the test that caught it)."""
        changed = self.folder / source.name
        changed.write_text(mutant.text)
        objects = {way: dict(files) for way, files in self.current.items()}
        same = True
        for way, files in self.current.items():
            if source not in files:
                continue
            target = self.folder / f"mutant-{way}.o"
            if not self.compile(way, source, changed, target):
                return "does not compile", ""
            same &= target.read_bytes() == files[source].read_bytes()
            objects[way][source] = target
        if same:
            return "same code", ""
        if not self.link_library(objects["shared"].values()):
            return "does not compile", ""
        tests = [t for t in self.plan.tests if not t.files or mutant.file in t.files.split()]
        for test in sorted(tests, key=lambda t: -(t.caught + 1) / (t.seconds + 0.2)):
            status, _ = self.run_test(test, objects)
            if status != 0:
                test.caught += 1
                return "caught", test.name + (" (no end)" if status is None else "")
        return "survived", ""
