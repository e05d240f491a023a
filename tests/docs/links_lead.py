# SPDX-License-Identifier: MIT
"""Each relative link of a Markdown file leads to a file of the tree, and each anchor to a heading there; and links lead
from README.md to every page of docs/.

    links_lead.py TREE
"""
import os
import re
import sys

from pages import pages_of, read

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)|<img[^>]* src=\"([^\"]+)\"|"
                  r"<source[^>]* srcset=\"([^\"]+)\"|<a[^>]* href=\"([^\"]+)\"")


def prose_of(text):
    """A page without its blocks of code, and without code in lines: no links stand there."""
    lines, kept, fenced = text.split("\n"), [], False
    for line in lines:
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            kept.append(re.sub(r"`[^`]*`", "", line))
    return "\n".join(kept)


def anchors_of(text):
    """What GitHub names the headings of a page."""
    anchors, seen = set(re.findall(r"<a (?:name|id)=\"([^\"]+)\"", text)), {}
    for title in re.findall(r"^#{1,6} +(.*?)#* *$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title.replace("`", "").replace("\\", ""))
        name = re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        anchors.add(name if name not in seen else f"{name}-{seen[name]}")
        seen[name] = seen.get(name, 0) + 1
    return anchors


def unreached(leads_to):
    """Pages of docs/ that nobody finds who begins at README.md."""
    reached, todo = set(), ["README.md"]
    while todo:
        page = todo.pop()
        if page not in reached:
            reached.add(page)
            todo += leads_to.get(page, [])
    return sorted(page for page in leads_to if page.startswith("docs/") and page not in reached)


def main():
    tree, broken, links, leads_to = sys.argv[1], [], 0, {}
    texts = {path: read(tree, path) for path in pages_of(tree)}
    for path, text in texts.items():
        leads_to[path] = []
        for groups in LINK.findall(prose_of(text)):
            link = next(filter(None, groups))
            if re.match(r"[a-z]+:", link):
                continue
            links += 1
            name, _, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
            leads_to[path].append(target)
            if not os.path.exists(os.path.join(tree, target)):
                broken.append(f"{path}: {link}: there is no {target}")
            elif anchor and target.endswith(".md") and anchor not in anchors_of(texts.get(target) or read(tree, target)):
                broken.append(f"{path}: {link}: {target} has no such heading")
    broken += [f"{page}: no way leads there from README.md" for page in unreached(leads_to)]
    for text in broken:
        print("FAIL:", text)
    print(f"{links} links in {len(texts)} files")
    return 1 if broken or links < 30 else 0


sys.exit(main())
