# SPDX-License-Identifier: MIT
"""Reads a page and checks what must hold of every page: markup, names, tables, nothing from outside."""

import base64
import hashlib
import html.parser
import re
import xml.dom.minidom

VOID = {"meta", "br", "link", "img", "input", "hr"}
SELF_CLOSED = {"rect", "line", "circle", "path"}  # of SVG
NAMED_ROLES = {"group", "img", "region"}
SIZE_MAX = 4 << 20


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children, self.text = [], ""

    def all(self, *tags):
        for child in self.children:
            if not tags or child.tag in tags:
                yield child
            yield from child.all(*tags)

    def within(self, *tags):
        above = self.parent
        while above and above.tag not in tags:
            above = above.parent
        return above

    def words(self):
        return self.text + "".join(child.words() for child in self.children)


class Page(html.parser.HTMLParser):
    """The tree as HTML has it. Whatever is not nested as it should be is a failure."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.source, self.faults = text, []
        self.root = self.at = Element("#root", {}, None)
        self.feed(text)
        self.close()
        if self.at is not self.root:
            self.faults.append(f"<{self.at.tag}> is not ended")

    def handle_starttag(self, tag, attrs):
        if len(dict(attrs)) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        element = Element(tag, dict(attrs), self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        if tag not in VOID | SELF_CLOSED:
            self.faults.append(f"<{tag} /> ends in XML alone")
        self.at.children.append(Element(tag, dict(attrs), self.at))

    def handle_endtag(self, tag):
        if self.at.tag != tag:
            self.faults.append(f"</{tag}> in <{self.at.tag}>")
        self.at = self.at.parent or self.root

    def handle_data(self, data):
        self.at.text += data

    def all(self, *tags):
        return list(self.root.all(*tags))

    def values(self):
        """The exact figures of the tables."""
        return {element.attributes["value"] for element in self.all("data")}

    def rows(self, caption):
        """Of the table whose caption begins so: the exact figures of each row by its heading."""
        for table in self.all("table"):
            if next(table.all("caption")).words().startswith(caption):
                return [(next(row.all("th")).words(), [data.attributes["value"] for data in row.all("data")])
                        for row in next(table.all("tbody")).children]
        return []


def is_hidden(element):
    while element:
        if element.attributes.get("aria-hidden") == "true":
            return True
        element = element.parent
    return False


def name_of(element, by_id):
    labels = element.attributes.get("aria-labelledby", "").split()
    if labels:
        return "".join(by_id[label].words() for label in labels if label in by_id)
    return element.attributes.get("aria-label", "")


def faults_of_names(page):
    by_id = {element.attributes["id"]: element for element in page.all() if "id" in element.attributes}
    for element in page.all():
        role = element.attributes.get("role")
        if element.tag == "svg" and not is_hidden(element):
            if role != "group" or not next((child for child in element.children if child.tag == "desc"), None):
                yield "a picture is no group, or has no description"
        if (element.tag == "svg" and not is_hidden(element)) or role in NAMED_ROLES:
            if not name_of(element, by_id).strip():
                yield f"<{element.tag}> has no name"
        for kind in ("aria-labelledby", "aria-describedby"):
            for label in element.attributes.get(kind, "").split():
                if label not in by_id:
                    yield f"{kind} names no element: {label}"
        if element.tag == "a" and element.attributes.get("href", "#")[1:] not in by_id:
            yield f"a link leads nowhere: {element.attributes.get('href')}"


def faults_of_pictures(page):
    for picture in page.all("svg"):
        if is_hidden(picture):
            continue
        figure = picture.within("figure")
        if not figure or not list(figure.all("table")):
            yield "a picture has no table behind it"
        marks = [mark for mark in picture.all("g") if mark.attributes.get("class", "").startswith("mark")]
        if [mark.attributes["tabindex"] for mark in marks] != (["0"] + ["-1"] * (len(marks) - 1))[:len(marks)]:
            yield "not just the first mark of a picture is a Tab stop"
        for mark in marks:
            title = mark.children[0]
            if title.tag != "title" or title.words() != mark.attributes["aria-label"]:
                yield "a mark's title is not its name"


def faults_of_outside(page):
    text = page.source
    policy = [meta.attributes["content"] for meta in page.all("meta")
              if meta.attributes.get("http-equiv") == "Content-Security-Policy"]
    if not policy or "default-src 'none'" not in policy[0]:
        yield "no policy forbids the network"
    allowed = policy[0].split("script-src")[1].split(";")[0].split() if policy else []
    for script in re.findall("<script>(.*?)</script>", text, re.S):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        if f"'sha256-{digest}'" not in allowed:
            yield "a script that the policy does not allow"
    if any("unsafe" in source for source in allowed):
        yield "any script may run"
    for element in page.all():
        for name, value in element.attributes.items():
            if name in ("src", "srcset", "xlink:href", "action", "style") or name.startswith("on"):
                yield f"<{element.tag} {name}>"
            if name == "href" and not value.startswith("#"):
                yield f"a link leads out: {value}"
    own = "".join(element.words() for element in page.all("style", "script"))
    for word in ("http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "import(", "eval("):
        if word in own:
            yield f"style or script has {word}"
    if len(page.all("script")) > 2 or re.search(r"<script[^>]+>", text):
        yield "scripts that are not the page's own"


def faults_of_frame(page):
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    yield from (f"id twice: {name}" for name in set(ids) if ids.count(name) > 1)
    for tag in ("title", "h1", "main", "nav", "header", "footer"):
        if len([element for element in page.all(tag) if not element.within("svg", "g")]) != 1:
            yield f"not one <{tag}>"
    if not any(meta.attributes.get("name") == "viewport" for meta in page.all("meta")):
        yield "no viewport"
    media = [style.attributes["media"] for style in page.all("style")]
    if media != ["all", "screen and (prefers-color-scheme: dark)"]:
        yield f"styles: {media}"
    if "@media print" not in page.all("style")[0].words():
        yield "no rules for print"
    linked = [link.attributes["href"][1:] for link in page.all("nav")[0].all("a")]
    if linked != [section.attributes["id"] for section in page.all("section")]:
        yield "the contents are not the sections"
    if len(page.source) > SIZE_MAX:
        yield f"{len(page.source)} bytes"


def faults_of_tables(page):
    for table in page.all("table"):
        columns = len(list(next(table.all("thead")).all("th")))
        for row in next(table.all("tbody")).children:
            cells = sum(int(cell.attributes.get("colspan", 1)) for cell in row.children)
            if row.tag != "tr" or cells != columns:
                yield f"a row of {cells} cells below {columns} headings: {row.words()[:60]}"
    for data in page.all("data"):
        float(data.attributes["value"])


def check_page(text, check):
    """`check(condition, what)`. Returns the page."""
    xml.dom.minidom.parseString(text)
    page = Page(text)
    check(not page.faults, f"well-formed: {page.faults[:3]}")
    check(all(ord(character) >= 32 or character == "\n" for character in text), "no control characters")
    for faults in (faults_of_frame, faults_of_names, faults_of_pictures, faults_of_outside, faults_of_tables):
        found = list(faults(page))
        check(not found, f"{faults.__name__.replace('_', ' ')}: {found[:3] or 'none'}")
    return page
