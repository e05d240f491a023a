# SPDX-License-Identifier: MIT
"""Writes a man page from what is written already: a page of docs/, hakmem.h, or --help.

    write_man.py LOWDOWN VERSION OUTPUT page FILE.md
    write_man.py LOWDOWN VERSION OUTPUT topic FILE.md[#[-]HEADING]...
    write_man.py LOWDOWN VERSION OUTPUT function hakmem.h
    write_man.py LOWDOWN VERSION OUTPUT program PROGRAM

OUTPUT's name is that of the page and its section. page: FILE.md has the sections of a man page. topic: of each file
what stands below HEADING, or all but what stands below -HEADING. function: of the header that OUTPUT is
named for. program: an overview of its commands.
"""

import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from help_text import read_program


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def section(text, title):
    """What stands below a heading, up to the next of its level."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)[1]


def lower(text):
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


# Each returns what the page is, in a clause, and its sections as Markdown with headings from `#`.

def from_page(_, path):
    text = re.sub(r"^# .*\n", "", read(path))
    name = section(text, "NAME")
    return re.search(r" - (.*(?:\n.+)*)", name)[1].replace("\n", " "), re.sub(r"^#(#+ )", r"\1", text.replace(f"## NAME\n{name}", ""), flags=re.M)


def from_topic(_, *parts):
    written = []
    for part in parts:
        path, _, title = part.partition("#")
        text = read(path)
        if title and not title.startswith("-"):
            written.append(f"# {title.upper() if written else 'DESCRIPTION'}\n\n{section(text, title)}")
            continue
        if title:
            text = text.replace(f"## {title[1:]}\n{section(text, title[1:])}", "")
        head, *rest = re.split(r"^(?=## )", re.sub(r"^# (.*)\n", "", text), flags=re.M)
        heading = "FACTORS AND LEVELS" if written else "DESCRIPTION"
        written.append(f"# {heading}\n{head}" + re.sub(r"^## (.*)$", lambda found: "# " + found[1].upper(), "".join(rest), flags=re.M))
    text = "\n".join(written)
    plain = re.sub(r"<!--.*?-->|^```.*?^```$", "", text, flags=re.M | re.S)
    summary = re.search(r"\n\s*\n((?:[^,:.\n#]|\n(?!\n))+)", plain)[1].strip().replace("\n", " ")
    return lower(summary), text


def comment_text(comment):
    return "\n".join(re.sub(r"^ ?\* ?", "", line.strip()) for line in comment.strip("/*\n ").split("\n"))


def from_header(function, path):
    text = read(path)
    comment, prototype = re.search(rf"/\*((?:(?!\*/).)*)\*/\n(HAKMEM_API [^;]*\b{function}\([^;]*;)", text, re.S).groups()
    described = comment_text(comment)
    summary, _, rest = described.partition(". ") if ". " in described.split("\n")[0] else described.partition(".\n")
    top = comment_text(re.findall(r"/\*(.*?)\*/", text, re.S)[1])
    struct = re.search(r"/\*((?:(?!\*/).)*)\*/\n(struct " + function + r" \{.*?\};)", text, re.S)
    parts = ["# SYNOPSIS", "```\n#include <hakmem.h>\n\n" + prototype.replace("HAKMEM_API ", "") + "\n```", "# DESCRIPTION", rest]
    if struct:
        parts += ["```\n" + struct[2] + "\n```", comment_text(struct[1])]
    others = sorted(set(re.findall(r"HAKMEM_API [^;]*?\b(hakmem_\w+)\(", text)) - {function})
    notes = re.sub(r"^( +.*\n)+", lambda found: "```\n" + re.sub(r"^ {4}", "", found[0], flags=re.M) + "```\n", top, flags=re.M)
    parts += ["# NOTES", notes, "A program is linked with `-lhakmem`; `pkg-config --libs hakmem` says where that is.", "# SEE ALSO",
              ", ".join(f"{other}(3)" for other in others) + ", libhakmem(7), hakmem(1), malloc(3)"]
    return lower(summary), "\n\n".join(parts)


def from_program(name, path):
    own, commands = read_program(path)
    head = own.help.split("\n\n")
    options = "\n".join(f"* `{option.name}`: {option.text}" for option in own.options)
    listed = "\n".join(f"* `{command.name}`: {command.summary}" for command in commands)
    pages = ", ".join(f"{name}-{command.name}(1)" for command in commands)
    return lower(head[1].rstrip(".\n")), f"""# SYNOPSIS

`{name}` *COMMAND* [*OPTION*]...

# DESCRIPTION

{head[1]} Each command has a page of its own, hakmem-trace-COMMAND(1), and `{name} help COMMAND` tells it in short.

# COMMANDS

{listed}

# OPTIONS

{options}

# SEE ALSO

{pages}, hakmem(1), libhakmem(7)
"""


def split_row(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def table(found):
    """Man pages are narrow: a row becomes a term, its first cell, and what its others say."""
    head, _, *rows = [split_row(line) for line in found[0].strip().split("\n")]
    written = []
    term = ""
    for row in rows:
        term = row[0] or term
        said = [f"*{name}*: {cell}" if name not in ("", "effect") else cell for name, cell in zip(head[1:], row[1:]) if cell]
        written.append(f"{term}\n: {'. '.join(said)}\n")
    return "\n" + "\n".join(written) + "\n"


def terms(found):
    """A list of `* \\`term\\`: text`; what has no term in it becomes a paragraph."""
    items = re.split(r"^\* ", found[0], flags=re.M)[1:]
    if not any(re.match(TERM, item) for item in items):
        return found[0]
    return "\n" + "\n".join(re.sub(TERM, r"\1\n: ", item) if re.match(TERM, item) else item for item in items)


TERM = r"((?:`[^`]+`(?:, )?)+): "


def prepare(text, path):
    """What man pages have another form for."""
    def link(found):
        label, target = found.groups()
        page = re.fullmatch(r"(?:commands/)?([a-z]+)\.md(#.*)?", target)
        is_command = page and os.path.exists(os.path.join(os.path.dirname(path), page[1] + ".md")) and "/commands/" in path + target
        if re.search(r"\(\d\)$", label) or not is_command:
            return label if "//" not in target else f"{label} ({target})"
        return f"{label} (hakmem-trace-{page[1]}(1))" if label != page[1] else f"hakmem-trace-{page[1]}(1)"

    blocks = re.split(r"(^```.*?^```\n)", text, flags=re.M | re.S)
    for i in range(0, len(blocks), 2):
        block = re.sub(r"<!--.*?-->\n?", "", blocks[i], flags=re.S)
        block = re.sub(r"!?\[([^\[\]]*)\]\(([^()]*)\)", link, block)
        block = re.sub(r"(?<![\w*`])([a-z][a-z._-]+)\((\d)\)", r"**\1**(\2)", block)
        block = re.sub(r"^\|.*\n\|[-:| ]+\|\n(?:\|.*\n)+", table, block, flags=re.M)
        blocks[i] = re.sub(r"^\* .*\n(?:(?:\* |  ).*\n)*", terms, block, flags=re.M)
    return "".join(blocks)


def fixed(roff):
    """lowdown's roff, in what mandoc and groff both know: bold for code, minus signs in it."""
    roff = re.sub(r"\\fC(.*?)\\fR", lambda found: r"\fB" + re.sub(r"(?<!\\)-", r"\\-", found[1]) + r"\fR", roff, flags=re.S)
    roff = re.sub(r"^\.EX\n.*?^\.EE$", lambda found: re.sub(r"(?<!\\)-", r"\\-", found[0]), roff, flags=re.M | re.S)
    roff = re.sub(r"^(?:\.[LP]P\n)?(.*)\n\.if n \\\n\.sp -1v\n\.if t \\\n\.sp -0\.25v\n\.IP \"\" 5n$", r".TP\n\1", roff, flags=re.M)
    roff = re.sub(r"^\.SH\n(.*)$", lambda found: f'.SH "{found[1]}"', roff, flags=re.M)
    roff = re.sub(r"^\.SS\n(.*)$", lambda found: f'.SS "{found[1]}"', roff, flags=re.M)
    return re.sub(r"^(\.S[HS] .*)\n\.(?:LP|PP)$", r"\1", roff, flags=re.M)


def main():
    lowdown, version, output, kind, *sources = sys.argv[1:]
    source = sources[0].partition("#")[0]
    name, number = os.path.basename(output).rsplit(".", 1)
    summary, text = {"page": from_page, "topic": from_topic, "function": from_header, "program": from_program}[kind](
        name, *sources)
    done = subprocess.run([lowdown, "-tman", "--nroff-nolinks", "--out-no-smarty", "--parse-no-metadata", "--parse-no-autolink",
                           "--parse-no-super", "--parse-no-intraemph"],
                          input=prepare(text, source), capture_output=True, text=True,
                          check=True, timeout=60)
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or os.stat(source).st_mtime)
    date = time.strftime("%Y-%m-%d", time.gmtime(seconds))
    escaped = summary.strip().replace("`", "").replace("\\", "")
    with open(output, "w", encoding="utf-8") as file:
        file.write(".\\\" Written by install/man/write_man.py.\n"
                   f'.TH "{name.upper()}" "{number}" "{date}" "hakmem {version}" "hakmem"\n'
                   f".SH NAME\n{name} \\- {escaped}\n" + fixed(done.stdout))


main()
