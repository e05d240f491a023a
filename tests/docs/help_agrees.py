# SPDX-License-Identifier: MIT
"""Each command of hakmem-trace has a page in docs/commands/, whose options, exit codes and variables are those of its --help.

    help_agrees.py TREE HAKMEM_TRACE [REPLAY]
"""
import os
import re
import subprocess
import sys

from pages import read

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"]
# Pages may say more of these than --help does.
MORE = {"NO_COLOR", "HAKMEM_METRICS", "HAKMEM_LIBRARY", "HAKMEM_VARIANTS", "LD_PRELOAD", "LC_ALL", "LANG"}


def help_of(*command):
    return subprocess.run([*command, "--help"], capture_output=True, text=True, check=True, timeout=20).stdout


OPTION = re.compile(r"--[a-z-]+(?:\[?=[^ ]+)?(?: (?:[A-Z[](?:[^ ,]|,(?! ))*|full|half|one)(?![^ ,]))?")


def options_of_help(text):
    """`--name VALUE` of each line that begins with one, or two of them with a comma between."""
    found = set()
    for line in text.split("\n"):
        if re.match(r"^  --", line):
            first = OPTION.match(line.strip())
            found.add(first[0])
            second = OPTION.match(line.strip()[first.end() + 2:]) if line.strip()[first.end():].startswith(", ") else None
            found.update([second[0]] if second else [])
    return found


def items(text, title):
    """What stands in backticks at the beginning of each item of a section."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    heads = re.findall(r"^\* ((?:`[^`]+`(?:, )?)+)", found[1] if found else "", re.M)
    return {name for head in heads for name in re.findall(r"`([^`]+)`", head)}


def codes_of_help(text):
    found = re.search(r"^exit codes:\n((?:  .*\n)+)|^Exit status: (.*)", text, re.M | re.I)
    return set(re.findall(r"^  (128 \+ N|\d+)  ", found[1] or "", re.M)) if found else set()


def variables_of_help(text):
    found = re.search(r"^environment: ((?:.+\n)+)", text, re.M)
    return set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", found[1] if found else ""))


def differences(name, text, page):
    """What --help and the page do not agree about, as lines."""
    problems = []

    def compare(what, ours, theirs):
        problems.extend(f"{name}: {what} {each} is in --help, and not in the page" for each in sorted(theirs - ours))
        problems.extend(f"{name}: {what} {each} is in the page, and not in --help" for each in sorted(ours - theirs))

    compare("the option", items(page, "OPTIONS"), options_of_help(text))
    codes = items(page, "EXIT STATUS")
    compare("the exit code", {code for code in codes if re.match(r"\d+$", code)},
            {code for code in codes_of_help(text) if code.isdigit()})
    variables, theirs = items(page, "ENVIRONMENT"), variables_of_help(text)
    compare("the variable", variables, theirs | variables & MORE)
    headings = re.findall(r"^## (.*)$", page, re.M)
    problems.extend(f"{name}: the page has no section {title}" for title in SECTIONS if title not in headings)
    if [title for title in headings if title in SECTIONS] != SECTIONS:
        problems.append(f"{name}: the sections are in another order: {headings}")
    if not page.startswith(f"# hakmem-trace-{name}(1)\n"):
        problems.append(f"{name}: the page does not begin with its title")
    if f"\nhakmem-trace-{name} - " not in page:
        problems.append(f"{name}: the section NAME does not name it")
    return problems


def main():
    tree, tool, replay = sys.argv[1], sys.argv[2], sys.argv[3:]
    listed = re.search(r"^commands:\n((?:  .*\n)+)", help_of(tool), re.M)[1]
    names = [name for name in re.findall(r"^  ([a-z]+) ", listed, re.M) if name != "help"]
    problems, options = [], 0
    for name in names:
        path = f"docs/commands/{name}.md"
        if not os.path.exists(os.path.join(tree, path)):
            problems.append(f"{name}: there is no {path}")
            continue
        text, page = help_of(tool, name), read(tree, path)
        options += len(options_of_help(text))
        problems += differences(name, text, page)
        if name == "record" and replay:
            differ = options_of_help(help_of(*replay)) ^ items(page, "REPLAY")
            problems += [f"replay: {each} is in one of page and --help alone" for each in sorted(differ)]
    for page in os.listdir(os.path.join(tree, "docs/commands")):
        if page.endswith(".md") and page[:-3] not in names:
            problems.append(f"docs/commands/{page}: there is no such command")
    for problem in problems:
        print("FAIL:", problem)
    print(f"{len(names)} commands, {options} options")
    return 1 if problems or len(names) < 10 or options < 80 else 0


sys.exit(main())
