# SPDX-License-Identifier: MIT
"""Work for an allocator: strings, dicts, JSON, regular expressions, threads, big integers."""
import hashlib
import json
import re
import sys
import threading

COUNT = int(sys.argv[1])


def texts(seed):
    x = seed
    for i in range(COUNT):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        yield "key %d " % (x % 5003) + "v" * (x % 97)


def work(seed, results):
    groups = {}
    for text in texts(seed):
        groups.setdefault(text.split()[1], []).append(text)
    dumped = json.dumps(groups, sort_keys=True)
    again = json.loads(dumped)
    found = len(re.findall(r"key (\d+) v+", dumped))
    text = json.dumps([again, found, str(7**4000 % 10**50)], sort_keys=True)
    results[seed] = hashlib.sha256(text.encode()).hexdigest()


results = {}
threads = [threading.Thread(target=work, args=(seed, results)) for seed in (1, 2, 3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for seed in sorted(results):
    print(seed, results[seed])
