# SPDX-License-Identifier: MIT
"""hakmem-trace export --listen: what it answers, to whom, and that no client holds it up.
usage: export_http.py PROGRAM"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from hakmem_trace import TOOL, check, fail
from openmetrics import parse, values
from topped import Topped

PROGRAM = sys.argv[1]
LIMIT = 20
TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Listening:
    def __init__(self, *arguments, at="0"):
        self.tool = subprocess.Popen([TOOL, "export", "--listen", at, *map(str, arguments)], stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE)
        line = self.tool.stderr.readline().decode()
        self.url = line.split(" at ")[-1].strip()
        if not self.url.startswith("http://"):
            fail(f"it listens: {line}")
        host, _, port = self.url[len("http://"):].split("/")[0].rpartition(":")
        self.address = host.strip("[]"), int(port)

    def connect(self):
        return socket.create_connection(self.address, timeout=LIMIT)

    def end(self):
        said = self.tool.communicate(timeout=LIMIT)[1]
        return self.tool.returncode, said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tool.kill()
        self.tool.communicate()


def ask(server, data):
    """Head and body of the answer to these bytes; b"" where the connection is just closed."""
    with server.connect() as client:
        client.sendall(data)
        answer = b""
        while True:
            try:
                more = client.recv(65536)
            except ConnectionResetError:
                break
            if not more:
                break
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode(), body


def answers(server, pid):
    with urllib.request.urlopen(server.url, timeout=LIMIT) as reply:
        check(reply.status == 200 and reply.headers["Content-Type"] == TYPE, f"its type: {reply.headers['Content-Type']}")
        body = reply.read()
    check(values(parse(body), pid=str(pid))[0]["hakmem_operations"] > 0, "the metrics")
    head, body = ask(server, b"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    check(head.startswith("HTTP/1.1 200 ") and not body and "Content-Length: " in head, "HEAD")
    for request, status in (
            (b"GET / HTTP/1.0\r\n\r\n", 200), (b"GET /metrics?a=b HTTP/1.1\n\n", 200),
            (b"GET /metrics2 HTTP/1.1\r\n\r\n", 404), (b"GET /../etc/passwd HTTP/1.1\r\n\r\n", 404),
            (b"POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 405), (b"GET /metrics HTTP/2.0\r\n\r\n", 505),
            (b"GET /metrics\r\n\r\n", 400), (b"\r\n\r\n", 400), (b"GET metrics HTTP/1.1\r\n\r\n", 400),
            (b"GET /\0 HTTP/1.1\r\n\r\n", 400), (b"\x16\x03\x01\x02\0\x01\0\n\n", 400),
            (b"GET /metrics HTTP/1.1\r\n" + b"A: " + b"b" * 4096, 431), (b"A" * 100000, 431)):
        head, _ = ask(server, request)
        got = head.split(" ")[1] if head else "closed"
        check(got == str(status) or (len(request) > 4096 and got == "closed"), f"{request[:30]!r}: {got}")


def is_bounded(server):
    """Connections that say nothing, say it slowly, or don't take what they asked for."""
    idle = [server.connect() for _ in range(40)]
    for client in idle[20:30]:
        client.sendall(b"GET /met")
    for client in idle[30:]:
        client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
    before = time.monotonic()
    with urllib.request.urlopen(server.url, timeout=LIMIT) as reply:
        parse(reply.read())
    check(time.monotonic() - before < 8, "forty that hang around don't hold up the next")
    idle[0].settimeout(LIMIT)
    try:
        closed = idle[0].recv(1) == b""
    except ConnectionResetError:
        closed = True
    check(closed, "the oldest went")
    for client in idle:
        client.close()


def has_no_rights(server):
    status = dict(line.rstrip("\n").split(":\t", 1) for line in open(f"/proc/{server.tool.pid}/status", encoding="ascii")
                  if ":\t" in line)
    held = {name: status[name] for name in ("CapPrm", "CapEff", "CapInh", "CapAmb", "CapBnd")}
    check(all(int(value, 16) == 0 for value in held.values()) and status["NoNewPrivs"].strip() == "1" or os.getuid() != 0,
          f"who serves has no rights: {held}")


def follows_exec(server):
    """A process that was on glibc when it was looked at first, and is on libhakmem now."""
    library = os.environ["HAKMEM_LIBRARY_BUILT"]
    with subprocess.Popen(["sh", "-c", f"echo; read line; LD_PRELOAD={library} exec {PROGRAM}"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as shell:
        shell.stdout.readline()

        def seen():
            with urllib.request.urlopen(server.url, timeout=LIMIT) as reply:
                text = reply.read()
            return f'pid="{shell.pid}"'.encode() in text
        before = seen()
        shell.stdin.write(b"go\nwork 1\n")
        shell.stdin.flush()
        shell.stdout.readline()
        time.sleep(0.2)  # the same page is given for a tenth of a second
        after = seen()
        shell.stdin.close()
    check(not before and after, f"executed, and then on libhakmem: {before}, {after}")


def is_quiet(server):
    """Who waits uses no processor time."""
    def ticks():
        fields = open(f"/proc/{server.tool.pid}/stat", encoding="ascii").read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    before = ticks()
    time.sleep(0.5)
    check(ticks() - before <= 5, "and it does not spin")


with Topped(PROGRAM) as target:
    with Listening(target.pid) as serving:
        check(serving.address[0] == "127.0.0.1", "this machine alone, unless told")
        answers(serving, target.pid)
        has_no_rights(serving)
        is_bounded(serving)
        is_quiet(serving)
        serving.tool.send_signal(signal.SIGTERM)
        check(serving.end()[0] == 128 + signal.SIGTERM, "a signal ends it")
    with Listening("--format", "prometheus", "--all") as serving:
        with urllib.request.urlopen(serving.url, timeout=LIMIT) as answer:
            check(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4") and b"# EOF" not in answer.read(),
                  "--format prometheus, and its type")
        has_no_rights(serving)
        follows_exec(serving)
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        with Listening(target.pid, at="[::1]:0") as serving:
            check(ask(serving, b"GET / HTTP/1.1\r\n\r\n")[0].startswith("HTTP/1.1 200"), "IPv6")
    except OSError:
        print("left out: IPv6 is not there")
    last = Listening(target.pid)
with last:
    status, words = last.end()
    check(status == 0 and words.count(b"\n") == 1, f"it ends with the process: {words}")
