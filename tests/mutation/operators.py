# SPDX-License-Identifier: MIT
"""Mutants of C text: one small change each, inside functions only.

The text is taken apart into tokens, not parsed: the house's format (a function's braces stand at the beginning of
their lines) tells where functions are. What a change makes of the program may not compile, or be the same machine
code; mutate.py sees to that.
"""
import hashlib
import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""(?P<skip>/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:\\\n|[^\n])*|\s+)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<name>[A-Za-z_]\w*)
      | (?P<number>\d\w*)
      | (?P<sign><<=|>>=|->|\+\+|--|&&|\|\||<<|>>|[<>=!+\-*/%&|^]=|\.\.\.|[-+*/%&|^~!<>=?:;,.(){}\[\]])""",
    re.X | re.S | re.M)
CLOSING = {"(": ")", "[": "]", "{": "}"}
SWAPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "++", "--"}
TYPES = {"static", "const", "struct", "enum", "union", "unsigned", "char", "int", "long", "bool", "void", "size_t",
         "return", "break", "continue", "goto", "case", "default", "else", "if", "for", "while", "do", "switch"}
# Seen by a profiler, or by nobody: what a test of the allocator can't tell.
UNSEEN = re.compile(r"HAK_PROBE\d|__builtin_prefetch$|__asm__$|pause_briefly$")
KINDS = {
    "drop check": "an if that never is",
    "negate": "an if the other way round",
    "drop operand": "one side of && or || alone",
    "bound": "< for <=, > for >=, and back",
    "equality": "== for !=, and back",
    "plus minus": "+ for -, and back",
    "one more": "a constant plus one",
    "drop call": "a call without a result left out",
    "drop assignment": "an assignment left out",
    "return value": "another value returned",
    "drop lock": "a lock and its unlocks left out",
    "order": "a weaker order of memory",
    "drop count": "a counter that does not count",
}
APART = {"order", "drop count"}  # not part of the share: the first may be the same on this processor


@dataclass
class Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass
class Mutant:
    file: str
    function: str
    kind: str
    line: int  # from 1
    before: str  # the lines concerned, white space squeezed
    after: str
    text: str = field(repr=False)  # the whole file
    id: str = ""


def tokens_of(text):
    tokens, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"not C at {text[at:at + 20]!r}")
        if match.lastgroup != "skip":
            tokens.append(Token(match.lastgroup, match.group(), at, match.end()))
        at = match.end()
    return tokens


def functions_of(text, tokens):
    """(name, first token inside, last + 1) of each function."""
    i = 0
    while i < len(tokens):
        if tokens[i].text == "{" and text[:tokens[i].start].rpartition("\n")[2] == "" and tokens[i - 1].text == ")":
            end = matching(tokens, i)
            opening = i - 1
            depth = 0
            while True:
                depth += (tokens[opening].text == ")") - (tokens[opening].text == "(")
                if depth == 0:
                    break
                opening -= 1
            yield tokens[opening - 1].text, i + 1, end
            i = end
        i += 1


def matching(tokens, i):
    open_text, close_text, depth = tokens[i].text, CLOSING[tokens[i].text], 0
    for j in range(i, len(tokens)):
        depth += (tokens[j].text == open_text) - (tokens[j].text == close_text)
        if depth == 0:
            return j
    raise ValueError("braces that do not close")


def operand(tokens, i, step, stops):
    """Index of the operand's last token, going from the operator at i by step."""
    depth, j = 0, i + step
    opens, closes = ("([{", ")]}") if step > 0 else (")]}", "([{")
    while True:
        text = tokens[j].text
        if depth == 0 and (text in stops or text in closes):
            return j - step
        depth += (text in opens) - (text in closes)
        j += step


def conditions(tokens, first, end):
    for i in range(first, end):
        token = tokens[i]
        if token.text == "if" and tokens[i + 1].text == "(":
            close = matching(tokens, i + 1)
            inside = tokens[i + 1].end, tokens[close].start
            yield "drop check", [(*inside, "0")]
            yield "negate", [(*inside, None)]
        elif token.text in ("&&", "||"):
            stops = {"&&", "||", "?", ":", ",", ";", "=", "return", "|=", "&="}
            if token.text == "||":
                stops -= {"&&"}
            left, right = operand(tokens, i, -1, stops), operand(tokens, i, 1, stops)
            yield "drop operand", [(tokens[left].start, tokens[i].end, "")]
            yield "drop operand", [(token.start, tokens[right].end, "")]
        elif token.text in SWAPS:
            kind = "equality" if token.text in ("==", "!=") else "bound"
            yield kind, [(token.start, token.end, SWAPS[token.text])]


def arithmetic(tokens, first, end):
    near = {"+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "<<", ">>", "=", "return"}
    for i in range(first, end):
        token, before, after = tokens[i], tokens[i - 1], tokens[i + 1]
        binary = before.kind in ("name", "number") and before.text != "return" or before.text in (")", "]")
        if token.text in ("+", "-") and binary:
            yield "plus minus", [(token.start, token.end, "-" if token.text == "+" else "+")]
        elif token.kind == "number" and (before.text in near or after.text in near):
            digits = re.match(r"0[xX][0-9a-fA-F]+|\d+", token.text).group()
            suffix = token.text[len(digits):]
            yield "one more", [(token.start, token.end, str(int(digits, 0) + 1) + suffix)]
        elif token.text in ("__ATOMIC_ACQUIRE", "__ATOMIC_RELEASE", "__ATOMIC_ACQ_REL", "__ATOMIC_SEQ_CST"):
            yield "order", [(token.start, token.end, "__ATOMIC_RELAXED")]


def headers(tokens, first, end):
    """Indexes of the parentheses that close the head of an if, for or while."""
    for i in range(first, end):
        if tokens[i].text in ("if", "for", "while", "switch") and tokens[i + 1].text == "(":
            yield matching(tokens, i + 1)


def statements(tokens, first, end):
    """(first token, its semicolon) of each statement that is an expression."""
    heads = set(headers(tokens, first, end))
    i = first
    for j in range(first, end):
        text = tokens[j].text
        labelled = text == ":" and tokens[i].text in ("case", "default")
        if text in "{}" or j in heads or text in ("else", "do") or labelled:
            i = j + 1
        elif text == "for":
            i = matching(tokens, j + 1) + 1
        elif text == ";" and j >= i:
            if j > i and tokens[i].text not in TYPES:
                yield i, j
            i = j + 1


def dropped(tokens, first, end):
    locks = {}
    for i, j in statements(tokens, first, end):
        words = [t.text for t in tokens[i:j]]
        edit = (tokens[i].start, tokens[j].start, "(void)0")
        if len(words) < 2:
            continue
        if words[1] == "(" and tokens[i].kind == "name" and matching(tokens, i + 1) == j - 1:
            if UNSEEN.match(words[0]):
                continue
            kind = "drop count" if words[0].startswith("hak_count") else "drop call"
            yield kind, [edit]
            if words[0] in ("hak_lock", "hak_unlock"):
                locks.setdefault("".join(words[1:]), []).append(edit)
        elif tokens[i].kind == "name" and (tokens[i + 1].kind == "name" or words[1] == "*" and words[2] != "="):
            continue  # a declaration
        elif ASSIGNMENTS & set(words):
            yield "drop assignment", [edit]
    for edits in locks.values():
        if len(edits) > 1:
            yield "drop lock", edits


def returns(text, tokens, first, end):
    for i in range(first, end):
        if tokens[i].text != "return" or tokens[i + 1].text == ";":
            continue
        j = i + 1
        while tokens[j].text != ";":
            j += 1
        value = text[tokens[i + 1].start:tokens[j].start]
        other = {"true": "false", "false": "true", "0": "1"}.get(value, None if value == "NULL" else "0")
        if other:
            yield "return value", [(tokens[i + 1].start, tokens[j].start, other)]


def unseen_parts(tokens):
    """(start, end) of each call that nothing but a profiler sees."""
    return [(tokens[i].start, tokens[matching(tokens, i + 1)].end) for i in range(len(tokens) - 1)
            if UNSEEN.match(tokens[i].text) and tokens[i + 1].text == "("]


def squeezed(text, start, end):
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return " ".join(text[first:last].split())


def apply(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        new = f"!({text[start:end]})" if new is None else new
        text = text[:start] + new + text[end:]
    return text


def mutants_of(file, text):
    tokens, seen = tokens_of(text), {}
    unseen = unseen_parts(tokens)
    for function, first, end in functions_of(text, tokens):
        for kind, edits in (*conditions(tokens, first, end), *arithmetic(tokens, first, end),
                            *dropped(tokens, first, end), *returns(text, tokens, first, end)):
            if any(a <= e[0] and e[1] <= b for e in edits for a, b in unseen):
                continue
            mutated = apply(text, edits)
            start, stop = min(e[0] for e in edits), max(e[1] for e in edits)
            growth = len(mutated) - len(text)
            mutant = Mutant(file, function, kind, text.count("\n", 0, start) + 1, squeezed(text, start, stop),
                            squeezed(mutated, start, stop + growth), mutated)
            key = f"{file} {function} {kind} {mutant.before} {mutant.after}"
            seen[key] = seen.get(key, 0) + 1
            mutant.id = hashlib.sha1(f"{key} {seen[key]}".encode()).hexdigest()[:12]
            yield mutant
