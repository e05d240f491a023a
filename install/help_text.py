# SPDX-License-Identifier: MIT
"""What --help says of a program and its commands, as data: completion and man pages are made of it."""

import re
import subprocess
from dataclasses import dataclass, field

ALLOCATORS = ["hakmem", "phase10", "glibc", "jemalloc", "mimalloc", "tcmalloc", "own"]

# What stands for a value, and what completes it: a kind of the writers in write_completion.py. Others take a number or
# free text, which nothing completes.
KINDS = {"FILE": "file", "FOLDER": "folder", "DIR": "folder", "ALLOCATOR": "allocator", "PID": "pid", "PROGRAM": "program",
         "COMMAND": "program"}


# `--name`, `--name VALUE`, `--name word`, and several of them with commas; then the text, which a VALUE may touch.
VALUE = r"(?: (?:[A-Z\[]\S*?(?=,? |$)|[a-z]+(?=  |$)))?"
HEAD = re.compile(rf"  (--[^\s,]+{VALUE}(?:, --[^\s,]+{VALUE})*)(?: +(.*))?$")


@dataclass
class Option:
    name: str  # with its dashes
    value: str  # what stands for its value; "" for none
    is_optional: bool  # of the value: --name[=VALUE]
    text: str
    words: list = field(default_factory=list)  # the only values, where --help lists them

    @property
    def kind(self):
        if self.words:
            return "words"
        return "allocators" if (self.name, self.value) == ("--with", "LIST") else KINDS.get(self.value, "")

    @property
    def short_text(self):
        """Its first clause, of one line."""
        clause = re.split(r"(?:[;:]|(?<!\.)\.)(?: |$)", self.text)[0]
        return clause if len(clause) <= 72 else clause[:69].rsplit(" ", 1)[0].rstrip(",") + "..."


@dataclass
class Command:
    name: str  # "" for a program without commands
    summary: str
    help: str
    usage: str
    options: list
    operands: list  # kinds of what comes before a program, and "program" last where it takes one

    def option(self, name):
        return next((option for option in self.options if option.name == name), None)


def output_of(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


def split_items(text):
    """Pairs of an option's head and its text, in one line."""
    items = []
    for line in text.splitlines():
        found = HEAD.match(line)
        if found:
            items.append([found[1], found[2] or ""])
        elif items and re.match(r"      +\S", line):
            items[-1][1] = (items[-1][1] + " " + line.strip()).strip()
        elif line.strip() and items and not line.startswith("  "):
            break
    return items


def read_options(text):
    """Of lines like `  --json FILE   also write ...` and what continues them."""
    options = []
    for head, rest in split_items(text):
        for part in head.split(", "):
            name, optional, value = re.match(r"(--[a-z0-9-]+)(\[?=)?\s*(.*?)\]?$", part).groups()
            word = value if value.islower() else ""
            known = next((option for option in options if option.name == name), None)
            if known:  # `--design full`, `--design half`: one line each
                known.words.append(word)
                known.text += " " + rest
                continue
            options.append(Option(name, "WAY" if word else value, optional == "[=", rest, [word] if word else []))
    for option in options:
        if option.value == "WAY" and not option.words:
            listed = re.match(r"(?:.*: )?((?:[a-z]+(?: \(default\))?(?:, or |, | or ))+[a-z]+)", option.text)
            option.words = re.findall(r"\b(?!or\b|default\b)[a-z]+", listed[1]) if listed else []
    return options


def read_command(name, summary, text):
    usage = re.search(r"^usage: (.*)", text, re.M | re.I)[1]
    words = re.findall(r"\[?[A-Z][A-Z]*\]?", re.sub(r"\[(OPTION|ARGUMENT)\]\.\.\.", "", usage))
    operands = []
    for word in words:
        word = word.strip("[]")
        operands.append("allocator" if word in ("A", "B") else KINDS.get(word, "file"))
    return Command(name, summary, text, usage, read_options(text), operands)


def read_program(path):
    """Its own --help as a command without a name, and its commands."""
    text = output_of(path, "--help")
    listed = re.search(r"^commands:\n((?:  .*\n)+)", text, re.M)
    commands = [(name, summary) for name, summary in re.findall(r"^  (\S+) +(.*)", listed[1], re.M)] if listed else []
    return read_command("", "", text), [read_command(name, summary, output_of(path, name, "--help"))
                                        for name, summary in commands if name != "help"]
