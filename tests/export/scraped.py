# SPDX-License-Identifier: MIT
"""A real Prometheus scrapes hakmem-trace export --listen with the configuration of docs/fleet, and
node_exporter reads --output FILE.prom: both then know the program's own figures.
usage: scraped.py SOURCE_FOLDER PROGRAM"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from hakmem_trace import TOOL, check, fail, skip
from topped import Topped

SOURCE, PROGRAM = sys.argv[1:]
LIMIT = 60


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def until(question, text):
    """The first answer that is true."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        try:
            answer = question()
        except OSError:
            answer = None
        if answer:
            print("ok:  ", text)
            return answer
        time.sleep(0.2)
    fail(text)


def ended(process):
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def operations_of(text):
    for line in text.splitlines():
        if line.startswith("hakmem_operations_total{"):
            return float(line.rpartition(" ")[2])
    return None


def scraped(folder, topped):
    if not shutil.which("prometheus"):
        print("left out: Prometheus (Debian: prometheus)")
        return False
    port, at = free_port(), free_port()
    config = open(os.path.join(SOURCE, "docs", "fleet", "prometheus.yml"), encoding="utf-8").read()
    shutil.copy(os.path.join(SOURCE, "docs", "fleet", "alerts.yml"), folder)
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as file:
        file.write(config.replace("127.0.0.1:9499", f"127.0.0.1:{port}").replace("scrape_interval: 15s", "scrape_interval: 1s"))
    export = subprocess.Popen([TOOL, "export", "--listen", str(port), str(topped.pid)], stderr=subprocess.DEVNULL)
    server = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                               f"--web.listen-address=127.0.0.1:{at}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(query):
        answer = json.loads(get(f"http://127.0.0.1:{at}/api/v1/query?" + urllib.parse.urlencode({"query": query})))
        return answer["data"]["result"]
    try:
        until(lambda: [row for row in ask("up{job='hakmem'}") if row["value"][1] == "1"], "Prometheus finds it up")
        wanted = operations_of(subprocess.run([TOOL, "export", str(topped.pid)], capture_output=True, text=True,
                                              timeout=20, check=True).stdout)
        rows = until(lambda: ask("hakmem_operations_total"), "and has its operations")
        check(len(rows) == 1 and float(rows[0]["value"][1]) == wanted and rows[0]["metric"]["pid"] == str(topped.pid),
              f"as many as export says: {wanted}")
        check(not ask("{__name__=~'hakmem_.*_created'}"), "no series of times of creation")
        known = json.loads(get(f"http://127.0.0.1:{at}/api/v1/metadata"))["data"]
        check(known["hakmem_refills"][0]["type"] == "counter" and known["hakmem_live_bytes"][0]["unit"] == "bytes" and
              known["hakmem_build"][0]["type"] == "info" and "thread cache" in known["hakmem_refills"][0]["help"],
              "kinds, units and help came along")
        targets = json.loads(get(f"http://127.0.0.1:{at}/api/v1/targets"))["data"]["activeTargets"]
        check(len(targets) == 1 and not targets[0]["lastError"], "it has nothing to complain of")
        before = float(rows[0]["value"][1])
        topped.tell("work 100000")
        until(lambda: float(ask("hakmem_operations_total")[0]["value"][1]) > before + 190000, "it follows")
    finally:
        ended(server)
        ended(export)
    return True


def as_a_file(folder, topped):
    if not shutil.which("prometheus-node-exporter"):
        print("left out: node_exporter (Debian: prometheus-node-exporter)")
        return False
    port = free_port()
    done = subprocess.run([TOOL, "export", "--output", f"{folder}/hakmem.prom", str(topped.pid)], timeout=20, check=True)
    wanted = operations_of(open(f"{folder}/hakmem.prom", encoding="utf-8").read())
    node = subprocess.Popen(["prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
                             f"--collector.textfile.directory={folder}", f"--web.listen-address=127.0.0.1:{port}"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        text = until(lambda: get(f"http://127.0.0.1:{port}/metrics"), "node_exporter answers")
        check("node_textfile_scrape_error 0" in text, "it could read the file")
        check(operations_of(text) == wanted and "# TYPE hakmem_operations_total counter" in text,
              f"and says the same: {wanted}")
    finally:
        ended(node)
    return done.returncode == 0


with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, Topped(PROGRAM) as target:
    target.tell("hold 1000")
    tried = [scraped(one, target), as_a_file(other, target)]
if not any(tried):
    skip("Debian: prometheus, prometheus-node-exporter")
