# SPDX-License-Identifier: MIT
"""The configuration files in docs/fleet: promtool on those that are Prometheus's, the structure of the
others; every metric that a file or page names is one that export writes.
usage: fleet_files.py SOURCE_FOLDER LIBRARY"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import check, skip
from openmetrics import parse

try:
    import yaml
except ImportError:
    skip("Debian: python3-yaml")

FOLDER, LIBRARY = os.path.join(sys.argv[1], "docs", "fleet"), sys.argv[2]


def load(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return yaml.safe_load(file)


def promtool():
    if not shutil.which("promtool"):
        print("left out: promtool (Debian: prometheus)")
        return
    for what, *arguments in (("check", "config", "prometheus.yml"), ("check", "rules", "alerts.yml"),
                             ("test", "rules", "alerts_test.yml")):
        done = subprocess.run(["promtool", what, *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=30,
                              check=False)
        check(done.returncode == 0, f"promtool {what} {' '.join(arguments)}: {done.stdout} {done.stderr}")


def collectors():
    """A pipeline names what is there, and nothing stands there that no pipeline names."""
    for name, signal in (("otel-collector.yml", "metrics"), ("otel-profiler.yml", "profiles")):
        config = load(name)
        check(list(config["service"]["pipelines"]) == [signal], f"{name}: a pipeline of {signal}")
        for kind in ("receivers", "processors", "exporters"):
            used = config["service"]["pipelines"][signal].get(kind, [])
            check(set(used) == set(config.get(kind, {})), f"{name}: {kind}: {used}")
    scrapes = load("otel-collector.yml")["receivers"]["prometheus"]["config"]["scrape_configs"]
    ours = load("prometheus.yml")["scrape_configs"]
    check(scrapes[0]["static_configs"] == ours[0]["static_configs"], "both scrape the same")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "prometheus.yml")
        with open(path, "w", encoding="utf-8") as file:
            yaml.safe_dump({"scrape_configs": scrapes}, file)
        if shutil.which("promtool"):
            check(subprocess.run(["promtool", "check", "config", path], capture_output=True, timeout=30,
                                 check=False).returncode == 0, "what the collector's receiver has is Prometheus's")
    parca = load("parca.yml")
    check("scrape_timeout" not in parca["scrape_configs"][0], "parca.yml: Parca refuses a timeout below the interval")
    config = parca["scrape_configs"][0]["profiling_config"]["pprof_config"]
    check(parca["object_storage"]["bucket"]["type"] == "FILESYSTEM" and config["memory"]["path"].startswith("/") and
          not config["memory"]["delta"] and [name for name in config if config[name]["enabled"]] == ["memory"],
          "parca.yml: memory alone, and each file a moment")


def alloy():
    """Blocks close, and what is forwarded goes to a component that is there."""
    with open(os.path.join(FOLDER, "pyroscope.alloy"), encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith("//"))
    check(text.count("{") == text.count("}") and text.count("[") == text.count("]"), "pyroscope.alloy: blocks close")
    there = {f"{kind}.{label}" for kind, label in re.findall(r'^([a-z.]+) "(\w+)"', text, re.M)}
    named = set(re.findall(r"\b((?:pyroscope|discovery)\.\w+\.\w+)\.(?:receiver|targets)", text))
    check(named and named <= there, f"{sorted(named)} are there")


def names():
    """Of a program that ends at once."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "metrics")
        subprocess.run(["/bin/true"], env=dict(os.environ, LD_PRELOAD=LIBRARY, HAKMEM_METRICS=path), check=True)
        families = parse(open(path, "rb").read())
    known = {family.name + end for family in families.values() for end, _ in family.samples}
    known |= set(families) | {f"{name}{end}" for name in ("hakmem_mallocs", "hakmem_frees") for end in ("_total", "_created")}
    pages = [os.path.join(FOLDER, "..", name) for name in ("export.md", "fleet.md")]
    for path in glob.glob(os.path.join(FOLDER, "*")) + [page for page in pages if os.path.exists(page)]:
        with open(path, encoding="utf-8") as file:
            named = set(re.findall(r"\bhakmem_[a-z_]+[a-z]\b(?!\.)", file.read()))
        named -= {"hakmem_trace", "hakmem_malloc", "hakmem_free"}
        check(named <= known, f"{os.path.basename(path)} names metrics that there are: {sorted(named - known)}")


promtool()
collectors()
alloy()
names()
