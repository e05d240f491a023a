# SPDX-License-Identifier: MIT
"""The project's pages, and the shell blocks in them.

A block of commands is fenced as `sh`, or as `console`, where commands stand behind `$ ` and the rest is what they print;
an indented block is one or the other where it looks so. A comment before a block says how the tests run it:

    <!-- run: quick -->                    in the quick suite; unless told in the slow one
    <!-- run: nightly, limit 600 -->       in the nightly suite alone; seconds that it may take, 60 unless told
    <!-- run: root, needs perl, exit 134 --> as root alone; where there is such a program; its exit status
    <!-- run: lines 50 -->                 so many per cent of the lines shown must come, 75 unless told
    <!-- run: own build -->                in a copy of the tree that has no build folder
    <!-- run: no: a server waits -->       never, and why not
"""
import os
import re
import subprocess

FENCE = re.compile(r"^( *)(```+|~~~+) *([A-Za-z]*)")
MARK = re.compile(r"^<!-- run: (.*?) *-->$")
COMMAND = re.compile(r"^(?:[A-Z_]+=\S* )*(?:sudo )?(\./|build/|bench/|hakmem-trace |hakmem |meson |python3 |apt-get |"
                     r"LD_PRELOAD=|gcc |bpftrace |perf |strip |git |cc |curl |systemctl |docker )")
PLACEHOLDER = re.compile(r"(?<![A-Z_$=\w])(PID|PROGRAM|COMMAND|OPTION|IMAGE)(?![\w=])")
SUITES = ("quick", "slow", "nightly")


class Mark:
    """How a block is to be run."""

    def __init__(self, text=""):
        self.suite, self.root, self.own_build, self.limit, self.status, self.lines = "slow", False, False, 60, 0, 75
        self.needs, self.no = [], None
        no = re.search(r"(?:^|, )no\b:?(.*)", text)
        if no:
            self.no, text = no[1].strip(), text[:no.start()]
            if not self.no:
                raise ValueError("'no' without a reason")
        for word in filter(None, text.split(", ")):
            name, _, value = word.partition(" ")
            if word in SUITES:
                self.suite = word
            elif word == "root":
                self.root = True
            elif word == "own build":
                self.own_build = True
            elif name == "needs" and value:
                self.needs.append(value)
            elif name == "limit" and value.isdigit():
                self.limit = int(value)
            elif name == "lines" and value.isdigit():
                self.lines = int(value)
            elif name == "exit" and value.isdigit():
                self.status = int(value)
            else:
                raise ValueError(f"unknown word '{word}'")


class Block:
    """Commands of a page, what the page says they print, and how to run them."""

    def __init__(self, page, line, kind, lines, mark):
        self.page, self.line, self.kind, self.lines, self.mark = page, line, kind, lines, mark

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def is_shell(self):
        return self.kind in ("sh", "bash", "shell", "console")

    def parts(self):
        """The commands as one script, and the lines of output."""
        if self.kind != "console":
            return "\n".join(self.lines), []
        commands, output, goes_on = [], [], False
        for line in self.lines:
            if line.startswith("$ ") or goes_on:
                commands.append(line if goes_on else line[2:])
                goes_on = line.endswith("\\")
            else:
                output.append(line)
        return "\n".join(commands), output


def kind_of_indented(lines):
    if any(line.startswith("$ ") for line in lines):
        return "console"
    return "sh" if COMMAND.match(lines[0]) else "text"


def unindented(lines):
    while lines and not lines[-1].strip():
        lines.pop()
    return [line[4:] for line in lines]


def blocks_of(page, text):
    """Every fenced or indented block of a page, in order."""
    blocks, lines, number, mark = [], text.split("\n"), 0, None

    def add(line, kind, content):
        nonlocal mark
        try:
            blocks.append(Block(page, line, kind, content, Mark(mark or "")))
        except ValueError as error:
            raise SystemExit(f"FAIL: {page}:{line}: a comment before this block: {error}") from None
        blocks[-1].marked, mark = mark is not None, None

    in_list = False
    while number < len(lines):
        line = lines[number]
        fence, comment = FENCE.match(line), MARK.match(line.strip())
        before_is_blank = number == 0 or not lines[number - 1].strip() or MARK.match(lines[number - 1].strip())
        if fence:
            begin, indent = number + 1, len(fence[1])
            number = begin
            while number < len(lines) and not lines[number].strip().startswith(fence[2]):
                number += 1
            add(begin, fence[3] or "text", [each[indent:] for each in lines[begin:number]])
        elif comment:
            mark = comment[1]
        elif line.startswith("    ") and line.strip() and before_is_blank and not in_list:
            begin = number
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number].strip()):
                number += 1
            content = unindented(lines[begin:number])
            add(begin + 1, kind_of_indented(content), content)
            number -= 1
        elif line.strip():
            in_list = bool(re.match(r"^\s*([*+-]|\d+\.) ", line)) or in_list and line.startswith(" ")
            mark = None
        number += 1
    return blocks


def pages_of(tree):
    """Paths of all Markdown files, from the tree's folder."""
    listed = subprocess.run(["git", "-C", tree, "ls-files", "-co", "--exclude-standard", "*.md"], capture_output=True, text=True,
                            check=False)
    if listed.returncode == 0 and listed.stdout:
        return sorted(path for path in listed.stdout.split("\n") if path and os.path.exists(os.path.join(tree, path)))
    found = []
    for folder, folders, files in os.walk(tree):
        folders[:] = [name for name in folders if not name.startswith((".", "build"))]
        found += [os.path.relpath(os.path.join(folder, name), tree) for name in files if name.endswith(".md")]
    return sorted(found)


def documentation_of(tree):
    """The pages whose commands are promised to run."""
    return [path for path in pages_of(tree) if path == "README.md" or path.startswith("docs/")]


def read(tree, path):
    with open(os.path.join(tree, path), encoding="utf-8") as file:
        return file.read()
