# SPDX-License-Identifier: MIT
"""Chromium without a window, driven over its debugging pipe: JSON with a NUL byte behind each message."""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time

SKIPPED = 77
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
         "--disable-extensions", "--disable-background-networking", "--disable-sync", "--disable-dev-shm-usage",
         "--disable-component-update", "--hide-scrollbars", "--force-color-profile=srgb", "--password-store=basic")


def find():
    """The program, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Failed(Exception):
    pass


class Browser:
    """One browser with one page. Every wait is bounded; its processes end with it."""

    def __init__(self, limit=30):
        self.limit, self.last, self.buffer, self.events, self.session = limit, 0, b"", [], None
        self.folder = tempfile.TemporaryDirectory(prefix="html_browser-", ignore_cleanup_errors=True)
        to_read, self.to_browser = os.pipe()
        self.from_browser, to_write = os.pipe()
        # Above 4, so that neither is written over while the two are moved to 3 and 4.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (to_read, to_write)]
        null = os.open(os.devnull, os.O_RDWR)
        self.pid = os.posix_spawn(
            find(), [find(), *FLAGS, f"--user-data-dir={self.folder.name}", "about:blank"],
            dict(os.environ, HOME=self.folder.name, XDG_RUNTIME_DIR=self.folder.name), setpgroup=0,
            file_actions=[(os.POSIX_SPAWN_DUP2, ends[0], 3), (os.POSIX_SPAWN_DUP2, ends[1], 4),
                          (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)])
        for end in (to_read, to_write, null, *ends):
            os.close(end)
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.call(domain + ".enable")

    def _read(self, deadline):
        """The next message. What is waited for longer than the limit does not come."""
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_browser], [], [], left)[0]:
                raise Failed(f"chromium does not answer within {self.limit} s")
            part = os.read(self.from_browser, 1 << 20)
            if not part:
                raise Failed("chromium has ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to_browser, data):]
        deadline = time.monotonic() + self.limit
        while True:
            answer = self._read(deadline)
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        """Until an event has come since the last `open`."""
        deadline = time.monotonic() + self.limit
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._read(deadline))

    def open(self, path):
        self.events = []
        answer = self.call("Page.navigate", url="file://" + os.path.abspath(path))
        if "errorText" in answer:
            raise Failed(f"{path}: {answer['errorText']}")
        self.wait_for("Page.loadEventFired")

    def evaluate(self, expression):
        """The value of JavaScript in the page; a function is called."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failed(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def look(self, width, height=900, dark=False, media="screen"):
        """How wide the page is, and for what it is shown."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def screenshot(self, clip=None, scale=1):
        """A PNG of the whole page, or of {x, y, width, height} in it."""
        if clip is None:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                                          clip=dict(clip, scale=scale))["data"])

    def key(self, key, code, number, text=None, shift=False):
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number,
                      modifiers=8 if shift else 0, **more)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def close(self):
        for end in (self.to_browser, self.from_browser):
            os.close(end)
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
