# SPDX-License-Identifier: MIT
"""The flame graphs of a page, where it has some: complete as drawn; search and zoom, by mouse and by keys."""

# Of the first flame graph: [frame's name, its x, its width] of the frames that are shown, in per cent.
FRAMES = """
[...document.querySelector(".flame").querySelectorAll(".mark")].filter(mark => mark.style.display !== "none")
    .map(mark => [mark.querySelector("svg.name").textContent, ...["x", "width"].map(name =>
        +parseFloat(mark.querySelector("rect").getAttribute(name)).toFixed(6)), mark.classList.contains("found")])
"""
# The deepest of those that are narrower than the whole, so that to zoom in changes something.
CHOOSE = """
(() => {
    const marks = [...document.querySelector(".flame").querySelectorAll(".mark")];
    const narrow = marks.filter(mark => parseFloat(mark.querySelector("rect").getAttribute("width")) < 99);
    const mark = narrow[0];
    if (!mark) return null;
    mark.scrollIntoView({block: "center"});
    const box = mark.querySelector("rect").getBoundingClientRect();
    return {name: mark.querySelector("svg.name").textContent, x: box.left + box.width / 2, y: box.top + box.height / 2};
})()
"""
OUTPUT = 'document.querySelector(".flame output").textContent'


def search(browser, words):
    browser.evaluate('document.querySelector(".flame input").focus(); document.querySelector(".flame input").select()')
    browser.call("Input.insertText", text=words)
    return browser.evaluate(OUTPUT), [frame for frame in browser.evaluate(FRAMES) if frame[3]]


def check_zoom(browser, before, must, wrong):
    chosen = browser.evaluate(CHOOSE)
    if not chosen:
        wrong += ["no frame to look at more closely"] if must else []
        return
    browser.click(chosen["x"], chosen["y"])
    after = browser.evaluate(FRAMES)
    if not any(name == chosen["name"] and width == 100 for name, _, width, _ in after):
        wrong.append(f"a click on {chosen['name']} does not widen it")
    if len(after) >= len(before):
        wrong.append("what is beside it stays")
    browser.key("Escape", "Escape", 27)
    browser.evaluate('document.querySelector(".flame button").click()')
    if browser.evaluate(FRAMES) != before:
        wrong.append("the button does not show all again")


def check_search(browser, before, wrong):
    name = before[-1][0]
    said, found = search(browser, name[1:])
    if not found or not any(frame[0] == name for frame in found) or not said.endswith("% of all"):
        wrong.append(f"search for {name[1:]}: {said}, {found}")
    said, found = search(browser, "no function is called so")
    if found or said != "not found":
        wrong.append(f"search for what is not there: {said}, {found}")


def check_flame(browser, path):
    """What is wrong, in words."""
    wrong = []
    browser.look(1000)
    browser.open(path)
    must = path.endswith("callers.html")  # where malloc and free make it branch
    if not browser.evaluate('document.querySelectorAll(".flame").length'):
        return [f"{path} has no flame graph"] if must else wrong
    before = browser.evaluate(FRAMES)
    if len(before) < 2 or before[0][2] != 100:
        return [f"a flame graph of {before[:3]}"]
    check_zoom(browser, before, must, wrong)
    check_search(browser, before, wrong)
    return wrong
