# SPDX-License-Identifier: MIT
"""A strict reader of Chrome's trace events, as far as hakmem-trace writes them: times are whole nanoseconds,
slices of a thread nest, counters go forward, every process and thread has a name once at most.
"""

import json


def require(condition, what):
    if not condition:
        raise ValueError(what)


def nanoseconds(value):
    whole = round(value * 1000)
    require(abs(value * 1000 - whole) < 0.05 and whole >= 0, f"{value} us is no whole number of ns")
    return whole


class Trace:
    def __init__(self, path):
        with open(path, "rb") as file:
            root = json.loads(file.read().decode("utf-8", errors="strict"))
        require(set(root) == {"displayTimeUnit", "otherData", "traceEvents"} and root["displayTimeUnit"] == "ms", "keys")
        self.command, self.bin_ns = root["otherData"]["command"], root["otherData"]["bin_ns"]
        self.slices, self.counters, self.processes, self.threads = {}, {}, {}, {}
        for event in root["traceEvents"]:
            require({"ph", "name", "pid", "ts", "args"} <= set(event) and event["name"].isprintable(), f"{event}")
            {"M": self.name, "X": self.slice, "C": self.counter}[event["ph"]](event)
        for track in self.slices.values():
            self.check_nesting(track)

    def name(self, event):
        require(event["name"] in ("process_name", "thread_name") and set(event["args"]) == {"name"}, f"{event}")
        names = self.processes if event["name"] == "process_name" else self.threads
        key = event["pid"] if names is self.processes else (event["pid"], event["tid"])
        require(key not in names and event["args"]["name"].isprintable(), f"named once: {event}")
        names[key] = event["args"]["name"]

    def slice(self, event):
        require(set(event) == {"ph", "name", "pid", "tid", "ts", "dur", "cat", "args"}, f"{event}")
        require(event["cat"] in ("malloc", "application", "kernel") and event["args"].keys() <= {"exact_ns", "allocator"},
                f"{event}")
        start, lasted = nanoseconds(event["ts"]), nanoseconds(event["dur"])
        exact = event["args"].get("exact_ns", lasted)
        require(exact >= lasted > 0, f"a slice is only ever cut: {event}")
        track = self.slices.setdefault((event["pid"], event["tid"]), [])
        track.append((start, start + lasted, event["name"], event["cat"], exact))

    def counter(self, event):
        require(set(event) == {"ph", "name", "pid", "ts", "args"} and event["args"], f"{event}")
        points = self.counters.setdefault((event["pid"], event["name"]), [])
        at = nanoseconds(event["ts"])
        require(not points or at > points[-1][0], f"a counter goes forward: {event}")
        require(all(isinstance(value, (int, float)) and value >= 0 for value in event["args"].values()), f"{event}")
        points.append((at, event["args"]))

    @staticmethod
    def check_nesting(track):
        open_ends = []
        require([one[0] for one in track] == sorted(one[0] for one in track), "slices are in order")
        for start, end, *_ in track:
            while open_ends and open_ends[-1] <= start and open_ends[-1] < end:
                open_ends.pop()
            require(not open_ends or end <= open_ends[-1], "slices nest")
            open_ends.append(end)

    def by_source(self):
        """ns by category and name, without malloc as a whole."""
        sums = {}
        for track in self.slices.values():
            for _, _, name, category, exact in track:
                sums[category, name] = sums.get((category, name), 0) + exact
        return sums

    def counter_of(self, name):
        return next((points for (_, known), points in self.counters.items() if known == name), [])
