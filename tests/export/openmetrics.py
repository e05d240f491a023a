# SPDX-License-Identifier: MIT
"""A strict reader of OpenMetrics 1.0 text, of as much of it as libhakmem writes: counters, gauges and
infos. Whatever the specification forbids is an error, and so is whatever it has but we don't write.
(github.com/prometheus/OpenMetrics, specification/OpenMetrics.md)"""

import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
NUMBER = re.compile(r"\d+(\.\d+)?\Z")
ENDS = {"counter": ("_total", "_created"), "gauge": ("",), "info": ("_info",)}


class Wrong(Exception):
    """The text is not OpenMetrics."""


class Family:
    def __init__(self, name):
        self.name, self.kind, self.unit, self.help = name, None, None, None
        self.samples = {}  # (end of the name, labels as a sorted tuple) to a number


def unescape(text, quoted):
    """Of a help text, or of a label's value."""
    made, rest = [], iter(text)
    for letter in rest:
        if letter == "\\":
            letter = {"n": "\n", "\\": "\\", '"': '"'}.get(next(rest, ""))
            if letter is None:
                raise Wrong(f"a backslash that escapes nothing: {text!r}")
        elif letter == "\n" or (quoted and letter == '"'):
            raise Wrong(f"not escaped: {text!r}")
        made.append(letter)
    return "".join(made)


def read_labels(text):
    """The labels before the closing brace, and what follows it."""
    labels, at = {}, 0
    while not text.startswith("}", at):
        if labels:
            if not text.startswith(",", at):
                raise Wrong(f"no comma: {text!r}")
            at += 1
        equal = text.find('="', at)
        name = text[at:equal]
        if equal < 0 or not LABEL.match(name) or name in labels:
            raise Wrong(f"a label {name!r}: {text!r}")
        at = equal + 2
        value = re.match(r'(?:[^"\\\n]|\\.)*', text[at:]).group()
        at += len(value)
        if not text.startswith('"', at):
            raise Wrong(f"a label's end: {text!r}")
        labels[name] = unescape(value, True)
        at += 1
    return tuple(sorted(labels.items())), text[at + 1:]


def read_sample(line, family):
    brace = line.find("{")
    name = line[:brace] if brace >= 0 else line.split(" ")[0]
    labels, rest = read_labels(line[brace + 1:]) if brace >= 0 else ((), line[len(name):])
    if not NAME.match(name) or not rest.startswith(" ") or not NUMBER.match(rest[1:]):
        raise Wrong(f"a sample: {line!r}")
    if not family or not name.startswith(family.name):
        raise Wrong(f"a sample outside its family: {line!r}")
    end = name[len(family.name):]
    if family.kind is None or end not in ENDS[family.kind]:
        raise Wrong(f"a sample of {family.kind} {family.name}: {line!r}")
    if (end, labels) in family.samples:
        raise Wrong(f"twice: {line!r}")
    if family.kind == "info" and float(rest) != 1:
        raise Wrong(f"an info is 1: {line!r}")
    family.samples[end, labels] = float(rest)


def read_descriptor(line, families, family):
    """The family that the line speaks of."""
    words = line.split(" ", 3)
    if len(words) != 4 or words[1] not in ("TYPE", "UNIT", "HELP") or not NAME.match(words[2]):
        raise Wrong(f"a descriptor: {line!r}")
    _, what, name, text = words
    if family is None or family.name != name:
        if name in families:
            raise Wrong(f"a family in two parts: {line!r}")
        family = families[name] = Family(name)
    key = {"TYPE": "kind", "UNIT": "unit", "HELP": "help"}[what]
    if getattr(family, key) is not None or family.samples:
        raise Wrong(f"twice, or after its samples: {line!r}")
    setattr(family, key, unescape(text, True) if what == "HELP" else text)
    if what == "TYPE" and text not in ENDS:
        raise Wrong(f"no kind of ours: {line!r}")
    if what == "UNIT" and not name.endswith("_" + text):
        raise Wrong(f"the unit is no part of the name: {line!r}")
    return family


def check_created(family):
    """_created stands for nothing alone, and each series is together."""
    before = None
    for end, labels in family.samples:
        if end == "_created" and before != ("_total", labels):
            raise Wrong(f"{family.name}: _created without its _total before it")
        before = end, labels


def parse(data):
    """Families by name, of bytes."""
    text = data.decode("utf-8")
    if "\r" in text or not text.endswith("\n"):
        raise Wrong("lines end with a line feed, the last one too")
    lines = text[:-1].split("\n")
    if lines[-1] != "# EOF":
        raise Wrong("the last line is # EOF")
    families, family = {}, None
    for line in lines[:-1]:
        if not line or line != line.strip(" ") or "# EOF" == line:
            raise Wrong(f"an empty line, a space at its end, or an early end: {line!r}")
        if line.startswith("#"):
            family = read_descriptor(line, families, family)
        else:
            read_sample(line, family)
    names = set(families)
    for family in families.values():
        if family.kind is None or not family.help:
            raise Wrong(f"{family.name} has no kind or no help")
        if any(family.name + end in names for end in ENDS[family.kind] if end):
            raise Wrong(f"{family.name} and another family have a name in common")
        check_created(family)
    return families


def values(families, **wanted):
    """Of one process: {name without _total: value}, {(name, class): value} of what is by class."""
    single, by_class = {}, {}
    for family in families.values():
        for (end, labels), value in family.samples.items():
            labels = dict(labels)
            if end == "_created" or any(labels.get(key) != value_ for key, value_ in wanted.items()):
                continue
            if "class" in labels:
                by_class[family.name, labels["class"]] = int(value)
            else:
                single[family.name] = int(value)
    return single, by_class
