# SPDX-License-Identifier: MIT
"""What every page must keep, in a browser."""

import os

import png
from chromium import Failed

WIDTHS = (400, 1000, 1600)
# Of https://www.w3.org/TR/wai-aria-1.2/#namefromcontent and below: what is nothing without a name.
NAMED = {"image", "img", "button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "slider", "table",
         "grid", "graphics-document", "graphics-object", "DisclosureTriangle"}
TABS_MAX, SAID_MAX = 400, 12
BAR_IN_CELL = 30  # pixels: a bar of a table's cell may be full, or empty


class Page:
    """A file in the browser, and what was found wrong with it."""

    def __init__(self, browser, path):
        self.browser, self.path, self.wrong = browser, path, []

    def ask(self, function):
        return self.browser.evaluate(f"checks.{function}()")

    def judge(self, where, found):
        self.wrong += [f"{where}: {what}" for what in found[:SAID_MAX]]
        if len(found) > SAID_MAX:
            self.wrong.append(f"{where}: and {len(found) - SAID_MAX} more such")

    def open(self):
        self.browser.open(self.path)
        with open(os.path.join(os.path.dirname(__file__), "checks.js"), encoding="utf-8") as file:
            self.browser.evaluate("globalThis.checks = " + file.read().split("*/", 2)[2].strip() + "; 0")

    def noise(self, where):
        """Errors, exceptions, and whatever was fetched besides the page."""
        for event in self.browser.events:
            method, params = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.judge(where, [details.get("exception", {}).get("description", details["text"])])
            elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                self.judge(where, [f"console: {params['args']}"])
            elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                self.judge(where, [f"log: {params['entry']['text']}"])
            elif method == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if url != "file://" + os.path.abspath(self.path) and not url.startswith("data:"):
                    self.judge(where, [f"fetches {url[:100]}"])
        self.browser.events = []

    def looks(self, width, dark, media="screen"):
        """One way to look at the page, with everything opened."""
        where = f"{width} px, {'dark' if dark else 'light'}, {media}"
        self.browser.look(width, dark=dark, media=media)
        self.open()
        self.judge(where, self.ask("wide"))
        self.ask("openAll")
        for function in ("wide", "crowded", "faint"):
            self.judge(where, self.ask(function))
        self.noise(where)

    def pictures(self, where):
        """None is blank: several colours, and not all one but for a few pixels."""
        found = self.ask("pictures")
        for picture in found:
            clip = {name: picture[name] for name in ("x", "y", "width", "height")}
            if not clip["width"] or not clip["height"]:
                self.judge(where, [f"{picture['name']} has no size"])
            if clip["height"] < BAR_IN_CELL:
                continue
            count = png.colours(self.browser.screenshot(clip, scale=0.5))
            most = max(count.values()) / sum(count.values())
            if len(count) < 4 or most > 0.998:
                self.judge(where, [f"{picture['name']} is blank: {len(count)} colours, {100 * most:.1f} % one"])
        return len(found)

    def names(self, where):
        for node in self.browser.call("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            if not node.get("ignored") and role in NAMED and not node.get("name", {}).get("value", "").strip():
                self.judge(where, [f"a {role} without a name: {node.get('properties', '')}"[:200]])
        self.judge(where, self.ask("headings"))
        self.judge(where, self.ask("tables"))

    def keyboard(self, where):
        for _ in range(TABS_MAX):
            self.browser.key("Tab", "Tab", 9)
            if self.ask("noteFocus"):
                break
        self.judge(where, self.ask("notReached"))

    def without_scripts(self):
        self.browser.look(1000)
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.open()
            self.judge("without JavaScript", self.ask("tables"))
            self.judge("without JavaScript", self.ask("wide"))
            if not self.browser.evaluate("document.querySelectorAll('table').length"):
                self.judge("without JavaScript", ["no table"])
            self.noise("without JavaScript")
        finally:
            self.browser.call("Emulation.setScriptExecutionDisabled", value=False)

    def prints(self):
        """On paper: a PDF of more than nothing."""
        self.browser.look(1000)
        self.open()
        pdf = self.browser.call("Page.printToPDF", printBackground=False)["data"]
        if len(pdf) < 4000:
            self.judge("on paper", [f"a PDF of {len(pdf)} characters"])


def check_page(browser, path, thorough=True):
    """Everything that is wrong, in words."""
    page = Page(browser, path)
    ways = [(width, dark) for width in WIDTHS for dark in (False, True)] if thorough else [(400, True), (1000, False)]
    try:
        for width, dark in ways:
            page.looks(width, dark)
            if thorough and width == 1000 or not thorough and not dark:
                page.pictures(f"{width} px, {'dark' if dark else 'light'}")
        where = "1000 px"
        page.names(where)
        page.keyboard(where)
        page.noise(where)
        page.without_scripts()
        if thorough:
            page.looks(720, False, "print")
            page.prints()
    except Failed as failed:
        page.judge("chromium", [str(failed)])
    return page.wrong
