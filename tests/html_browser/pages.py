# SPDX-License-Identifier: MIT
"""The pages of hakmem-trace in Chromium: read, told by figures and names, reached by keys, printed.

usage: pages.py quick|KIND... ; environment: HAKMEM_TRACE, PROGRAM (random_mixed), ABLATED_PROGRAM and
ABLATED_LIBRARY (of tests/trace/ablate.py). Without Chromium: 77.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

import chromium
from flame import check_flame
from page import check_page

TOOL, PROGRAM = os.environ["HAKMEM_TRACE"], os.environ["PROGRAM"]
METRIC = ("--metric", "([0-9.]+) M ops/s")
# Paths that branch, with PYTHONMALLOC=malloc.
PYTHON_WORK = "import json; [json.loads(json.dumps({str(n): [n, 'x' * 50] for n in range(999)})) for _ in range(60)]"
# A page that trusts what others wrote runs this.
HOSTILE = "\"'><script>document.title='taken'; throw 1</script><b onmouseover=alert(1)>&amp;\x1b[2J\u202e"
FACTORS = {"header": ["none", "inline"], "cache": ["magazine", "unified"], "metadata": ["flat", "indirect"],
           "classify": ["direct", "routed"], "freelist": ["bitmap", "tagged"]}


def make_variants(folder):
    """One library under the name of every variant."""
    library = os.environ["ABLATED_LIBRARY"]
    os.mkdir(folder)
    for levels in itertools.product(*FACTORS.values()):
        for again in "", "-again":
            shutil.copy(library, os.path.join(folder, f"libhakmem-{'-'.join(levels)}{again}.so"))
    return folder


def commands(folder):
    """By kind of page: the arguments of hakmem-trace, without --html FILE."""
    def work(count, *more):
        return ["--", PROGRAM, str(count), "400", "1", *more]
    return {
        "run": ["run", *work(2000000)],
        "callers": ["callers", "--", sys.executable, "-c", PYTHON_WORK],
        "annotate": ["annotate", *work(2000000)],
        "compare": ["compare", "--rounds", "6", *METRIC, *work(100000)],
        "compare-1": ["compare", "--rounds", "1", "--with", "hakmem,glibc", "--", "sh", "-c", "true", HOSTILE],
        "compare-failed": ["compare", "--rounds", "1", "--with", "hakmem,glibc", "--", "sh", "-c",
                           'echo "<i>oh"; test -z "$LD_PRELOAD"'],
        "suite": ["compare", "--suite=" + os.path.join(folder, "suite.txt"), "--rounds", "6"],
        "sweep": ["compare", "--rounds", "2", *METRIC, "--sweep", "working_set=4000,40,40000,400", "--", PROGRAM,
                  "50000", "{working_set}", "1"],
        "why": ["why", "--rounds", "6", *METRIC, "hakmem", "glibc", *work(1000000)],
        "ablate": ["ablate", "--rounds", "11", "--no-ledger", *METRIC, "--", os.environ.get("ABLATED_PROGRAM", "true")],
    }


class Values(HTMLParser):
    """Every figure of the tables, as it was before it was rounded to be shown."""

    def __init__(self, text):
        super().__init__()
        self.values = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "data":
            self.values.add(float(dict(attributes)["value"]))


def same_figures(kind, page, report):
    """What the JSON says of each allocator stands in the page."""
    values = Values(page).values
    wanted = []
    if kind.startswith("compare"):
        for row in report["allocators"]:
            wanted += [row["ratio"], row["compared"]["median"], row["cpu_s"], row["memory_ratio"], row["faults"]]
    return [f"{figure} of the JSON is not in the page" for figure in wanted
            if figure is not None and not any(abs(figure - value) <= 1e-6 * abs(figure) for value in values)]


def make(kind, folder):
    """Runs the command; (path of the page, what is wrong with its figures)."""
    path, json_path = os.path.join(folder, kind + ".html"), os.path.join(folder, kind + ".json")
    words = commands(folder)[kind]
    with open(os.path.join(folder, "suite.txt"), "w", encoding="ascii") as file:
        file.write(f"small {PROGRAM} 20000 400 1\nlarger {PROGRAM} 20000 4000 1\n")
    env = dict(os.environ, PYTHONMALLOC="malloc")
    if kind == "ablate":
        env["HAKMEM_VARIANTS"] = make_variants(os.path.join(folder, "variants"))
    done = subprocess.run([TOOL, words[0], "--html", path, "--json", json_path, *words[1:]], env=env, timeout=300,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        return None, [f"exit code {done.returncode}: {done.stderr.decode(errors='replace')}"]
    with open(path, encoding="utf-8") as page, open(json_path, encoding="utf-8") as report:
        return path, same_figures(kind, page.read(), json.load(report))


def self_test(browser):
    """A page with one of each mistake: the checks must name them all."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mistakes.html")
    found = "\n".join(check_page(browser, path))
    wanted = ("of 400", "overlap", "leaves its picture", "contrast", "fetches", "console", "boo", "a button without a name",
              "a image without a name", "headings begin with", "follows one of level", "no language", "no title",
              "neither seen nor opened", "no headings", "can't be reached", "does not show", "no table behind it",
              "is blank")
    return [f"the checks don't find: {what}" for what in wanted if what not in found]


def main():
    if not chromium.find():
        print("skipped: no chromium (Debian: chromium)")
        return chromium.SKIPPED
    quick = sys.argv[1:] == ["quick"]
    kinds = ["compare-1"] if quick else sys.argv[1:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, chromium.Browser() as browser:
        todo = [("the checks themselves", lambda: self_test(browser))] if quick else []
        for kind in kinds:
            def one(kind=kind):
                path, wrong = make(kind, folder)
                if path:
                    wrong += check_page(browser, path, thorough=not quick)
                    wrong += check_flame(browser, path)
                return wrong
            todo.append((kind, one))
        for name, check in todo:
            wrong = check()
            print(f"{'FAIL' if wrong else 'ok'}: {name}")
            for what in wrong:
                print("   ", what)
            failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
