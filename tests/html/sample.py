# SPDX-License-Identifier: MIT
"""The frame and every picture, with names that would break out if they could; the colours can be read.

usage: sample.py SAMPLE_PAGE CSS DARK_CSS
"""

import re
import subprocess
import sys

from page import check_page


def check(condition, text):
    print("ok:  " if condition else "FAIL:", text)
    if not condition:
        sys.exit(1)


HOSTILE = "</script><b x='\"&\\x1b[31m\\x01\\xff\\xc3 \\u{202e} <!--]]>"  # as a reader sees it


def check_hostile(page):
    check(not page.all("b") or all(bold.within("ul") for bold in page.all("b")), "no name made an element")
    for tag, least in (("title", 2), ("h1", 0), ("text", 2), ("th", 1), ("p", 2)):
        found = sum(HOSTILE in element.words() for element in page.all(tag))
        check(found >= least, f"{found} <{tag}> show the name as it is spelled")
    marks = [mark for mark in page.all("g") if HOSTILE in mark.attributes.get("aria-label", "")]
    check(len(marks) >= 3, f"{len(marks)} marks have it in their names")
    command = page.all("footer")[0].words()
    check("hakmem-trace run -- 'it'\\''s' '</script>" in command and "''" in command, "words are quoted for a shell")


def check_pictures(page):
    flame = next(box for box in page.all("div") if box.attributes.get("class") == "flame")
    frames = {mark.attributes["aria-label"]: next(mark.all("rect")).attributes for mark in flame.all("g")}
    check(len(frames) == 11, f"frames that paths share are drawn once: {len(frames)}")
    check(not any("seldom" in name or "never" in name for name in frames), "what is too small is left out")
    main = frames["main: 80, 84.20 % of all"]
    check(main["x"] == "0%" and abs(float(main["width"][:-1]) - 84.20) < 0.01, "as wide as its part")
    read = next(rect for name, rect in frames.items() if name.startswith("read: 55,"))
    check(float(read["x"][:-1]) == 0 and float(read["y"]) == 40, "the costliest first, below its caller")
    stacks = [float(rect.attributes["width"][:-1]) for rect in page.all("rect")
              if rect.attributes.get("class", "").startswith("part ")]
    check(abs(sum(stacks[:16]) - 100) < 0.1, "the longest stack is as wide as its picture")
    curves = [path.attributes["d"] for path in page.all("path") if "curve" in path.attributes["class"]]
    check([path.count("M") for path in curves] == [1, 2], "a gap parts a line")


def variables(path):
    with open(path, encoding="utf-8") as file:
        return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", file.read()))


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.1, 1.4.3."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def check_colours(light, dark):
    check(set(light) == set(dark), f"dark has every colour: {set(light) ^ set(dark)}")
    for name, colours in (("light", light), ("dark", dark)):
        for ink, ground, least in (("ink", "paper", 7), ("soft", "paper", 4.5), ("link", "paper", 4.5), ("ink", "raised", 7),
                                   *(("on-flame", f"flame-{i}", 4.5) for i in range(4))):
            found = contrast(colours[ink], colours[ground])
            check(found >= least, f"{name}: {ink} on {ground}: {found:.1f}")
        for data in set(colours) - {"paper", "raised", "ink", "soft", "rule", "link", "warn", "on-flame"}:
            found = contrast(colours[data], colours["paper"])
            check(found >= 1.2, f"{name}: {data} is seen on paper: {found:.2f}")


def main():
    text = subprocess.run([sys.argv[1]], capture_output=True, check=True, timeout=30).stdout.decode()
    page = check_page(text, check)
    check_hostile(page)
    check_pictures(page)
    check(len(text) < 250000, f"{len(text)} bytes")
    check_colours(variables(sys.argv[2]), variables(sys.argv[3]))


main()
