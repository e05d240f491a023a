#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the pictures of README.md from real runs: pages of `--html`, photographed by Chromium.

    docs/pictures/make.py [NAME]...    all of them, or those named, from build/; takes some minutes

Needs chromium and pngquant; what is missing is said, and its pictures stay as they are. Exit status 1 where a picture could
not be made. (house.svg is drawn by hand.)
"""
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
TOOL = os.path.join(TREE, "build/analysis/hakmem-trace")
LARGEST = 200 * 1024
BENCHMARK = ["build/bench/random_mixed", "50000000", "400", "1"]
SHORTER = ["build/bench/random_mixed", "20000000", "400", "1"]
PYTHON = ["python3", "bench/python_work.py"]

# Name: the command without --html FILE and COMMAND, COMMAND, width and height of the window, seconds.
PAGES = {
    "run": (["run"], PYTHON, (1000, 720), 120),
    "callers": (["callers", "--top", "3"], PYTHON, (1000, 740), 120),
    "why": (["why", "glibc", "hakmem", "--rounds", "7"], BENCHMARK, (1000, 1290), 900),
    "compare": (["compare", "--metric", "([0-9.]+) M ops/s"], SHORTER, (1000, 720), 600),
    "ablate": (["ablate"], SHORTER, (1000, 1130), 900),
}
THEMES = {"": "1", "-dark": "0"} # what Chromium calls them


def environment():
    kept = dict(os.environ, PYTHONMALLOC="malloc", LC_ALL="C.UTF-8")
    for name in ("NO_COLOR", "LD_PRELOAD", "COLUMNS"):
        kept.pop(name, None)
    return kept


def photograph(page, size, theme, picture):
    """The window's part of a page, in at most 256 colours, and fewer where that is too large a file."""
    with tempfile.TemporaryDirectory() as folder:
        raw = os.path.join(folder, "raw.png")
        subprocess.run(["timeout", "120", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile", "--force-device-scale-factor=1",
                        f"--window-size={size[0]},{size[1]}", f"--blink-settings=preferredColorScheme={theme}",
                        "--virtual-time-budget=4000", f"--screenshot={raw}",
                        "file://" + urllib.parse.quote(page)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for colours in ("256", "64", "32", "16"):
            subprocess.run(["pngquant", "--force", "--strip", "--speed", "1", "--output", picture, colours, raw], check=True)
            if os.path.getsize(picture) < LARGEST:
                return
    raise RuntimeError(f"{picture} is larger than {LARGEST} bytes even with 16 colours")


def make_page(name):
    words, command, size, limit = PAGES[name]
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, f"{name}.html")
        done = subprocess.run(["timeout", str(limit), TOOL, words[0], "--html", page, *words[1:], "--", *command], cwd=TREE,
                              env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not os.path.exists(page):
            raise RuntimeError(f"hakmem-trace {name} --html: exit status {done.returncode}: {done.stderr[-500:]}")
        for suffix, theme in THEMES.items():
            photograph(page, size, theme, os.path.join(HERE, f"{name}{suffix}.png"))


def has_pages():
    text = subprocess.run([TOOL, "run", "--help"], capture_output=True, text=True, check=True).stdout
    return "--html" in text


def why_not(name):
    lacking = [program for program in ("chromium", "pngquant") if not shutil.which(program)]
    if lacking:
        return f"needs {' and '.join(lacking)} (Debian packages of these names)"
    if not has_pages():
        return "this build's hakmem-trace has no --html"
    if name == "ablate" and not variants_are_built():
        return "needs the variants: meson compile -C build variants"
    return None


def variants_are_built():
    folder = os.path.join(TREE, "build/src/variants")
    return os.path.isdir(folder) and sum(name.endswith(".so") for name in os.listdir(folder)) >= 32


def main():
    known = list(PAGES)
    unknown = [name for name in sys.argv[1:] if name not in known]
    if unknown or not os.access(TOOL, os.X_OK):
        sys.exit(f"no such picture: {unknown[0]}; there are {' '.join(known)}" if unknown else f"{TOOL} is not built")
    failed = False
    for name in sys.argv[1:] or known:
        reason = why_not(name)
        try:
            if not reason:
                make_page(name)
        except (RuntimeError, subprocess.CalledProcessError) as error:
            reason = str(error)
        print(f"{name}: {reason or 'made'}", flush=True)
        failed |= reason is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
