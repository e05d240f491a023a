# SPDX-License-Identifier: MIT
"""Strict readers of collapsed stacks and of speedscope's files. Both answer {outermost to innermost: value}."""

import json
import re


def require(condition, what):
    if not condition:
        raise ValueError(what)


def collapsed(path):
    with open(path, "rb") as file:
        data = file.read()
    require(not data or data.endswith(b"\n"), "the last line is whole")
    stacks = {}
    for line in data.decode("utf-8", errors="strict").split("\n")[:-1]:
        found = re.fullmatch(r"(.+) ([1-9][0-9]*)", line)
        require(found and line.isprintable(), f"a line is a stack and a count: {line!r}")
        stack = tuple(found.group(1).split(";"))
        require(all(stack), f"a function has a name: {line!r}")
        stacks[stack] = stacks.get(stack, 0) + int(found.group(2))
    return stacks


class Speedscope:
    UNITS = {"bytes", "microseconds", "milliseconds", "nanoseconds", "none", "seconds"}

    def __init__(self, path):
        with open(path, "rb") as file:
            root = json.loads(file.read().decode("utf-8", errors="strict"))
        require(root["$schema"] == "https://www.speedscope.app/file-format-schema.json", "the schema")
        require(set(root) == {"$schema", "exporter", "name", "activeProfileIndex", "shared", "profiles"}, "keys")
        frames = root["shared"]["frames"]
        require(set(root["shared"]) == {"frames"}, "shared has frames")
        for frame in frames:
            require(set(frame) <= {"name", "file", "line", "col"} and frame["name"], "a frame has a name")
            require(all(value.isprintable() for value in (frame["name"], frame.get("file", ""))), "of one line")
        require(len({(frame["name"], frame.get("file")) for frame in frames}) == len(frames), "each frame once")
        require(0 <= root["activeProfileIndex"] < len(root["profiles"]), "one is shown")
        self.active = root["profiles"][root["activeProfileIndex"]]["name"]
        self.profiles = {}
        for profile in root["profiles"]:
            require(set(profile) == {"type", "name", "unit", "startValue", "endValue", "samples", "weights"},
                    "keys of a profile")
            require(profile["type"] == "sampled" and profile["unit"] in self.UNITS, "what it is")
            require(len(profile["samples"]) == len(profile["weights"]), "a weight for each stack")
            require(profile["startValue"] == 0 and profile["endValue"] == sum(profile["weights"]), "its range")
            stacks = {}
            for sample, weight in zip(profile["samples"], profile["weights"]):
                require(sample and all(0 <= at < len(frames) for at in sample) and weight > 0, "a stack")
                stack = tuple(frames[at]["name"] for at in sample)
                stacks[stack] = stacks.get(stack, 0) + weight
            self.profiles[profile["name"]] = stacks
