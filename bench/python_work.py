# SPDX-License-Identifier: MIT
"""Two or three seconds of what Python programs do all day: records, strings, JSON, dicts and sorting.

Run it as `PYTHONMALLOC=malloc python3 bench/python_work.py`; without PYTHONMALLOC, Python keeps small
objects in an allocator of its own and malloc sees few of them. The line it prints is always the same.
An argument is the number of records, 20000 unless told.
"""
import json
import re
import sys
import zlib

state = 1


def draw(bound):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % bound


def record(number):
    name = "".join(chr(97 + draw(26)) for _ in range(4 + draw(12)))
    return {"id": number, "name": name, "tags": [f"t{draw(50)}" for _ in range(draw(6))],
            "position": {"x": draw(1000) / 7, "y": draw(1000) / 7}}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    records = [record(number) for number in range(count)]
    digest = 0
    for turn in range(5):
        text = json.dumps(records)
        digest = zlib.crc32(text.encode(), digest)
        records = json.loads(text)
        by_tag = {}
        for entry in records:
            for tag in entry["tags"]:
                by_tag.setdefault(tag, []).append(entry["name"].upper() + str(turn))
        lines = [tag + ":" + ",".join(sorted(set(names))) for tag, names in by_tag.items()]
        words = re.findall(r"[A-Z]+", "\n".join(sorted(lines)))
        digest = zlib.crc32("".join(sorted(words, key=lambda word: word[::-1])).encode(), digest)
        records.sort(key=lambda entry: (entry["position"]["x"], entry["name"]))
        for entry in records[:count // 4]:
            entry.update(record(entry["id"]))
    print(f"python_work: {len(records)} records, digest {digest:08x}")


main()
