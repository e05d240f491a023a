# SPDX-License-Identifier: MIT
"""The worked examples of CONTRIBUTING.md, followed: files written and changes applied as printed, to a copy of the tree.

    worked_examples.py TREE quick     what they touch is compiled by itself, and looked at
    worked_examples.py TREE whole     the copy is built, and hakmem-trace used on what was added: some minutes
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tree_copy import copy_tree

TREE, WAY = os.path.abspath(sys.argv[1]), sys.argv[2]
COMPILER = os.environ.get("CC", "cc").split() + ["-std=gnu11", "-O1", "-g", "-D_GNU_SOURCE"]
FACTORS = {"cache": "magazine", "metadata": "flat", "classify": "computed", "freelist": "bitmap", "check": "key"}
SAME_CLASSES = """
#include <stdio.h>
#include "factors/classify/computed.h"
int main(void)
{
    for (size_t bytes = 0; bytes <= HAK_SLAB_MAX - HAK_BLOCK_ROOM; bytes++) {
        size_t found = 99;
        if (!classify_size(bytes, &found) || found != hak_class_lut[(bytes + HAK_BLOCK_ROOM + 15) / 16])
            return printf("%zu bytes are of class %zu\\n", bytes, found), 1;
    }
    return 0;
}
"""


def fail(text):
    print("FAIL:", text)
    sys.exit(1)


def check(condition, text):
    if not condition:
        fail(text)
    print("ok:  ", text, flush=True)


def run(*command, folder, limit=120, status=0, **more):
    """What a command prints, standard error too."""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=limit, check=False, **more)
    if done.returncode != status:
        fail(f"{' '.join(command)[:200]}: exit status {done.returncode} instead of {status}\n{done.stdout[-3000:]}")
    return done.stdout


def follow(folder):
    """Writes every file and applies every change, in the page's order. Returns how many of each."""
    with open(os.path.join(folder, "CONTRIBUTING.md"), encoding="utf-8") as file:
        text = file.read()
    steps = re.findall(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```|^```diff\n(.*?)^```", text, re.M | re.S)
    for path, content, change in steps:
        if path:
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(content)
        else:
            done = subprocess.run(["git", "apply", "-"], cwd=folder, input=change, capture_output=True, text=True, check=False,
                                  env=dict(os.environ, GIT_DIR="/nonexistent", GIT_CEILING_DIRECTORIES=os.path.dirname(folder)))
            if done.returncode:
                fail(f"a change of CONTRIBUTING.md does not apply: {done.stderr}\n{change}")
    return sum(bool(step[0]) for step in steps), sum(bool(step[2]) for step in steps)


def levels_of(header):
    """What src/meson.build would say to the compiler."""
    levels = dict(FACTORS, header=header).items()
    return ["-Isrc", "-Iprobes", "-DHAK_CACHE_WORDS=1", *(f'-DHAK_{factor.upper()}="factors/{factor}/{level}.h"'
                                                          for factor, level in levels)]


def compiled_level(folder):
    with open(os.path.join(folder, "same_classes.c"), "w", encoding="ascii") as file:
        file.write(SAME_CLASSES)
    for header in "none", "inline":
        run(*COMPILER, *levels_of(header), "-o", "same_classes", "same_classes.c", "src/size_class.c", folder=folder)
        run("./same_classes", folder=folder)
    check(True, "the level computes the classes that the table has, with and without a header")


def compiled_workload(folder):
    run(*COMPILER, "-Ibench", "-o", "queue", *(f"bench/{name}.c" for name in ("queue", "workload", "crew", "statistics")), "-lm",
        "-lpthread", folder=folder)
    sums = [json.loads(run("./queue", "--operations", "5000", "--threads", "2", "--json", folder=folder))["checksum"] for _ in "12"]
    check(sums[0] == sums[1], f"the workload computes the same twice: {sums[0]}")


def compiled_probe(folder):
    if os.path.exists("/usr/include/x86_64-linux-gnu/sys/sdt.h") or os.path.exists("/usr/include/sys/sdt.h"):
        run(*COMPILER, *levels_of("none"), "-DHAK_USDT", "-fPIC", "-c", "-o", "heap.o", "src/heap.c", folder=folder)
        check("heap_trim" in run("readelf", "-n", "heap.o", folder=folder), "the probe is in the code")
    run("python3", "docs/references.py", folder=folder)
    with open(os.path.join(folder, "docs/probes.md"), encoding="utf-8") as file:
        check("heap_trim" in file.read(), "the probe is in the reference")


def compiled_lens(folder):
    run(*COMPILER, "-fno-builtin", "-shared", "-fPIC", "-o", "libpool.so", "pool.c", folder=folder)
    run(*COMPILER, "-Ianalysis", "-Ianalysis/attribute", "-Isrc", "-o", "write_lens_texts",
        *(f"analysis/attribute/{name}.c" for name in ("write_lens_texts", "lens_parse", "lens_steps")), folder=folder)
    check('{"pool"' in run("./write_lens_texts", "analysis/lens/pool.lens", folder=folder), "the lens is understood")


def build(folder):
    run("meson", "setup", "build", folder=folder, limit=300)
    variant = "src/variants/libhakmem-none-magazine-flat-computed-bitmap.so"
    run("nice", "ninja", "-C", "build", "analysis/hakmem-trace", "analysis/libhakmem_stepper.so", "src/libhakmem.so", variant,
        "bench/random_mixed", "bench/queue", "bench/suite.txt", "tests/api_probe", "tests/double_free", "tests/threads",
        folder=folder, limit=1800)


def built_level(folder, tool):
    refused = run(tool, "ablate", "--factors", "header,classify=none", "--", "true", folder=folder, status=2)
    check("direct, routed, computed" in refused, "ablate lists the level")
    refused = run(tool, "ablate", "--factors", "header,classify=computed", "--", "true", folder=folder, status=2)
    check("is not built" in refused, "ablate knows it, and says how the combinations are built")
    report = run(tool, "run", "--no-bpf", "--with", "classify=computed", "--", "build/bench/random_mixed", "5000000", "400", "1",
                 folder=folder)
    check("computed" in report and "malloc took" in report, "a program runs on it")
    library = os.path.join(folder, "build/src/variants/libhakmem-none-magazine-flat-computed-bitmap.so")
    for name, arguments in (("double_free", []), ("threads", ["2000"])):
        run(os.path.join(folder, "build/tests", name), *arguments, folder=folder,
            env=dict(os.environ, LD_PRELOAD=library, HAKMEM_TEST_EXPECT="hakmem"))
    run(os.path.join(folder, "build/tests/api_probe"), library, folder=folder, env=dict(os.environ, MALLOC_PERTURB_="0"))
    check(True, "it keeps the promises of api_probe, double_free and threads")


def built_workload(folder, tool):
    report = run(tool, "compare", "--suite", "--only", "^queue$", "--with", "hakmem,glibc", "--rounds", "1", folder=folder)
    check(re.search(r"^queue +[0-9.]+", report, re.M), "the suite has the workload")


def built_probe(folder, _):
    if "hakmem" in run("readelf", "-n", "build/src/libhakmem.so", folder=folder):
        check("heap_trim" in run("readelf", "-n", "build/src/libhakmem.so", folder=folder), "the library has the probe")


def built_lens(folder, tool):
    run(tool, "count", "--with", "./libpool.so", "--calls", "1000", "--json", "count.json", "--", "build/bench/random_mixed",
        "200000", "400", "1", folder=folder)
    with open(os.path.join(folder, "count.json"), encoding="utf-8") as file:
        sources = json.load(file)["sources"]
    steps = {source["name"]: source["malloc"]["instructions"] + source["free"]["instructions"] for source in sources}
    check({"classify", "header", "freelist"} <= {name for name, count in steps.items() if count}, f"the lens is chosen: {steps}")


def main():
    lacking = [name for name in ("git", "meson", "ninja", "readelf") if not shutil.which(name)]
    if lacking:
        print(f"skipped: needs {', '.join(lacking)}")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="hakmem-examples-") as top:
        folder = os.path.join(top, "hakmem")
        copy_tree(TREE, folder)
        files, changes = follow(folder)
        check(files >= 4 and changes >= 4, f"{files} files and {changes} changes of CONTRIBUTING.md")
        for step in (compiled_level, compiled_workload, compiled_probe, compiled_lens):
            step(folder)
        if WAY == "whole":
            build(folder)
            for step in (built_level, built_workload, built_probe, built_lens):
                step(folder, os.path.join(folder, "build/analysis/hakmem-trace"))


main()
