# SPDX-License-Identifier: MIT
"""Every command of README.md and docs/ runs as printed, and prints what its page says.

    commands_run.py TREE BUILD SUITE [PAGE[:LINE]]...

Each page gets a folder with the tree's files and the build, in which its blocks run one after another; how a block is run
is said by a comment before it (pages.py). Of the output that a page shows, the first two words of three quarters of the lines
must come: figures and names of places differ from machine to machine. What is not run is named with the reason, but for what
another suite runs.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from pages import PLACEHOLDER, SUITES, blocks_of, documentation_of, read
from tree_copy import copy_tree

LATER = "in the suite "
WORDS = re.compile(r"[^A-Za-z]*([A-Za-z][\w-]*(?: [A-Za-z][\w-]*)?)")


def first_words(lines):
    """One or two words that each line begins with, whatever stands before them."""
    return [found[1] for found in map(WORDS.match, lines) if found]


def share_shown(promised, printed):
    """The share of the promised lines whose first words begin a line of what was printed, and the others' words."""
    come, wanted = set(first_words(printed)), first_words(promised)
    missing = [word for word in wanted if word not in come]
    return 1 - len(missing) / len(wanted) if wanted else 1, missing


class Place:
    """The folder of a page's commands: the tree's files by links, the build, and a PATH that leads to its programs."""

    def __init__(self, tree, build, own_build):
        self.folder = tempfile.mkdtemp(prefix="hakmem-docs-")
        self.tree, self.bin = os.path.join(self.folder, "hakmem"), os.path.join(self.folder, "bin")
        os.mkdir(self.bin)
        if own_build:
            copy_tree(tree, self.tree)
        else:
            os.mkdir(self.tree)
            for name in os.listdir(tree):
                if not name.startswith("build") and name != ".git":
                    os.symlink(os.path.join(tree, name), os.path.join(self.tree, name))
            os.symlink(build, os.path.join(self.tree, "build"))
        for path in ("analysis/hakmem-trace", "install/hakmem"):
            if os.access(os.path.join(build, path), os.X_OK) and not os.path.isdir(os.path.join(build, path)):
                os.symlink(os.path.join(build, path), os.path.join(self.bin, os.path.basename(path)))
        if os.getuid() == 0 and not shutil.which("sudo"):
            with open(os.path.join(self.bin, "sudo"), "w", encoding="ascii") as file:
                file.write('#!/bin/sh\nexec "$@"\n')
            os.chmod(file.name, 0o755)

    def run(self, script, limit):
        """Exit status (None: too long) and output of a script; whatever it left running is ended."""
        environment = dict(os.environ, PATH=f"{self.bin}:/usr/local/sbin:/usr/sbin:{os.environ['PATH']}", LC_ALL="C.UTF-8",
                           HAKMEM_TRACE_DOCS="1")
        for name in ("LD_PRELOAD", "MALLOC_PERTURB_", "HAKMEM_COUNTERS_DIR"):
            environment.pop(name, None)
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(["bash", "-e", "-c", script], cwd=self.tree, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait(limit)
                status = status if status >= 0 else 128 - status # bash became the last command
            except subprocess.TimeoutExpired:
                status = None
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            output.seek(0)
            return status, output.read().decode("utf-8", "replace")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def reason_not_to_run(block, suite):
    mark = block.mark
    if mark.no:
        return mark.no
    if SUITES.index(mark.suite) > SUITES.index(suite):
        return LATER + mark.suite
    script, _ = block.parts()
    placeholder = PLACEHOLDER.search(re.sub(r"'[^']*'", "", script))
    if placeholder:
        return f"{placeholder[1]} stands for something of yours"
    if (mark.root or re.search(r"(^|\| *)sudo ", script, re.M)) and os.getuid() != 0:
        return "needs root"
    lacking = [name for name in mark.needs if not shutil.which(name, path=f"/usr/sbin:{os.environ['PATH']}")]
    return f"{', '.join(lacking)} is not installed" if lacking else None


def run_block(block, place):
    script, promised = block.parts()
    begin = time.monotonic()
    status, text = place.run(script, block.mark.limit)
    took = f"{time.monotonic() - begin:.1f} s"
    share, missing = share_shown(promised, text.split("\n"))
    if status is None:
        problem = f"took more than {block.mark.limit} s"
    elif status != block.mark.status:
        problem = f"exit status {status} instead of {block.mark.status}"
    elif share * 100 < block.mark.lines:
        problem = f"only {share:.0%} of the lines shown begin as those printed; these did not come: {' '.join(missing)}"
    else:
        print(f"ok:   {block.place}, {took}, {share:.0%} of {len(promised)} lines: {script.splitlines()[0][:70]}", flush=True)
        return True
    print(f"FAIL: {block.place}, {took}: {problem}\n{script}\n--- printed:\n{text[-3000:]}", flush=True)
    return False


def run_page(blocks, suite, tree, build):
    """How many ran well, failed, and were left out."""
    places, counts = {}, [0, 0, 0]
    try:
        for block in blocks:
            reason = reason_not_to_run(block, suite)
            if reason:
                counts[2] += 1
                if not reason.startswith(LATER):
                    print(f"not run: {block.place}: {reason}")
                continue
            own = block.mark.own_build
            if own not in places:
                places[own] = Place(tree, build, own)
            counts[0 if run_block(block, places[own]) else 1] += 1
    finally:
        for place in places.values():
            place.remove()
    return counts


def main():
    tree, build, suite, only = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3], sys.argv[4:]
    sums = [0, 0, 0]
    for page in documentation_of(tree):
        blocks = [block for block in blocks_of(page, read(tree, page)) if block.is_shell]
        if only:
            blocks = [block for block in blocks if page in only or block.place in only]
        sums = [sum(pair) for pair in zip(sums, run_page(blocks, suite, tree, build))]
    print("{} ran as printed, {} did not, {} were not run".format(*sums))
    return 1 if sums[1] or not sums[0] else 0


if __name__ == "__main__":
    sys.exit(main())
