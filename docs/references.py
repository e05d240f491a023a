#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes docs/probes.md and docs/counters.md from the headers that declare probes and counters, so that they can't drift.

    docs/references.py            write both pages
    docs/references.py --check    write nothing; exit status 1 where a page is not what would be written

A list is a macro of lines X(name, ...) in probes/*_probes.h or src/counter_layout.h. The last "Provider name: NAME" or "of
the provider NAME" in the comments before a list of probes is its provider.
"""
import os
import re
import sys

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STRING = r'"((?:[^"\\]|\\.)*)"'


def read(path):
    with open(os.path.join(TREE, path), encoding="utf-8") as file:
        return file.read()


def lists_of(text, name):
    """Each list whose macro's name matches, as the text before it and its body."""
    for found in re.finditer(r"^#\s*define (" + name + r")\(X\)((?:.*\\\n)+.*\n)", text, re.M):
        yield text[:found.start()], re.sub(r"\\\n", "\n", found[2])


def comment_of(text):
    """The first sentence of a header's second comment, which says what it declares."""
    comment = re.sub(r"\s*\n \*\s*", " ", re.findall(r"/\*(.*?)\*/", text, re.S)[1])
    return re.split(r"(?<=[a-z])[.:] ", comment.strip())[0] + "."


def probes():
    """For each provider its name, what it is, and rows of name, arguments, when it fires."""
    providers = []
    headers = [name for name in os.listdir(os.path.join(TREE, "probes")) if name.endswith("_probes.h")]
    for header in sorted(headers, key=lambda name: (name != "hakmem_probes.h", name)):
        text = read(f"probes/{header}")
        for before, body in lists_of(text, r"HAK_\w*PROBES"):
            provider = re.findall(r"(?:Provider name:|of the provider)[\s*]+(\w+)", before)[-1]
            rows = []
            for name, count, arguments, when in re.findall(rf"X\((\w+),\s*(\d+),\s*{STRING},\s*{STRING}\)", body):
                if re.sub(r"\([^)]*\)", "", arguments).count(",") + 1 != int(count):
                    raise SystemExit(f"{header}: {name} has {count} arguments, and its text names others: {arguments}")
                rows.append((f"`{provider}:{name}`", numbered(arguments), when))
            if not rows:
                raise SystemExit(f"{header}: its list of probes was not understood")
            providers.append((provider, comment_of(text), rows))
    return providers


def counters():
    rows = [row for _, body in lists_of(read("src/counter_layout.h"), "HAK_COUNTERS")
            for row in re.findall(rf"X\((\w+),\s*{STRING}\)", body)]
    return rows


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head),
                      *("| " + " | ".join(row) + " |" for row in rows)])


def numbered(arguments):
    """Arguments with the names that bpftrace has for them. Commas inside parentheses separate nothing."""
    parts = re.split(r", (?![^(]*\))", arguments)
    return "<br>".join(f"`arg{number}` {text}" for number, text in enumerate(parts))


def probes_page():
    providers = probes()
    count = sum(len(rows) for _, _, rows in providers)
    if len(providers[0][2]) < 20:
        raise SystemExit("hakmem_probes.h: its list of probes was not understood")
    tables = "\n\n".join(f"## Provider {provider}\n\n" + (f"{text}\n\n" if provider != "hakmem" else "") +
                         table(("probe", "arguments", "fires when"), rows)
                         for provider, text, rows in providers)
    return f"""# The probes of libhakmem

<!-- Written by docs/references.py from the headers of probes/: change those, and run it. -->

{count} USDT probes, each an event in the allocator that can be watched from outside. One that nobody watches is a one-byte nop;
a hit of a watched one costs about a microsecond. `malloc`, `free` and `realloc` of the provider hakmem fire on every call, all
others on slow paths only. Arguments are unsigned 64-bit numbers; `class` is a size class as the [counters](counters.md) name
them, `owner` a heap's number from 1. [Watching them](#with-bpftrace) needs root.

{tables}

## With bpftrace

This lists those of a build:

<!-- run: quick, root, needs bpftrace -->
```console
$ bpftrace -l 'usdt:build/src/libhakmem.so:*'
usdt:build/src/libhakmem.so:hakmem:arena_give
usdt:build/src/libhakmem.so:hakmem:arena_reserve
...
```

Start bpftrace first, run a program in another terminal, then press Ctrl-C. How many blocks a refill brought, by where they
came from (1 depot, 2 remote, 3 slab):

<!-- run: no: waits for another terminal; the block below is the same in one -->
```sh
sudo bpftrace -e 'usdt:build/src/libhakmem.so:hakmem:refill_end {{ @[arg2] = hist(arg1); }}'
```

<!-- run: root, needs bpftrace -->
```console
$ sudo timeout -s INT 8 bpftrace -e 'usdt:build/src/libhakmem.so:hakmem:refill_end {{ @[arg2] = hist(arg1); }}' &
$ sleep 4; LD_PRELOAD=$PWD/build/src/libhakmem.so build/bench/random_mixed 2000000 400 1; wait
Attaching 1 probe...
...
@[3]:
[4, 8)                34 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
[8, 16)               33 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@  |
[16, 32)              23 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@                 |
[32, 64)               7 |@@@@@@@@@@                                          |
```

Six scripts stand in `probes/`: sizes, lifetimes, how long refills take, which thread frees whose blocks, who makes the
heap grow, and what is still live after some seconds. [probes/README.md](../probes/README.md) shows what each prints:

<!-- run: no: waits for Ctrl-C -->
```sh
LD_PRELOAD=$PWD/build/src/libhakmem.so PROGRAM &
sudo bpftrace -p $! probes/remote.bt
```
"""


def counters_page():
    rows = counters()
    if len(rows) < 40:
        raise SystemExit("counter_layout.h: its list of counters was not understood")
    version = re.search(r"HAK_COUNTER_VERSION\s+(\d+)u", read("src/counter_layout.h"))[1]
    return f"""# The counters of libhakmem

<!-- Written by docs/references.py from src/counter_layout.h: change that one, and run it. -->

{len(rows)} counters a heap, beside blocks handed out and taken back by size class. They count always; a reader sees them while the
program runs. [libhakmem](libhakmem.md#environment) says how to print or keep them; `hakmem-trace run` reports them. Layout of
the file and the memory: `src/counter_layout.h`, version {version}.

{table(("counter", "what it counts"), [(f"`{name}`", text) for name, text in rows])}
"""


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        raise SystemExit(__doc__)
    drifted = []
    for path, text in (("docs/probes.md", probes_page()), ("docs/counters.md", counters_page())):
        if not sys.argv[1:]:
            with open(os.path.join(TREE, path), "w", encoding="utf-8") as file:
                file.write(text)
        elif not os.path.exists(os.path.join(TREE, path)) or read(path) != text:
            drifted.append(path)
    for path in drifted:
        print(f"{path} is not what docs/references.py writes: run it")
    return 1 if drifted else 0


sys.exit(main())
