# SPDX-License-Identifier: MIT
"""What a run of the tests came to, in figures, as Markdown for RESULTS.md: from the log that Meson leaves.

    meson test -C build --setup nightly
    python3 tests/results.py build/meson-logs/testlog-nightly.json... > tests/RESULTS.md

Figures are summed over what the tests print; runs on glibc, the control, are left out of them. Exit code: 0 all passed,
1 some failed, 2 wrong arguments.
"""
import fnmatch
import json
import re
import sys

# What it is about (quality row), its tests, and figures: what is summed, and where it stands in a test's output.
ROWS = [
    ("1 the shadow map", ["shadow_map_*", "hardened_promises*"],
     [("operations, 0 violations", r"seed \d+: (\d+) operations")]),
    ("2 answers", ["api_probe", "cxx_operators", "libc_names"], []),
    ("3, 4 misuse", ["double_free", "second_free", "wild_pointers", "misuse_line", "remote_second_free", "unit_corrupted"],
     [("stopped by name", r"(\d+) of \d+ (?:calls )?stopped by name"), ("tried", r"\d+ of (\d+) (?:calls )?stopped by name")]),
    ("5 writes into free memory", ["use_after_free_write", "free_memory_write"],
     [("ways that left the state intact", r"state intact in (\d+) of")]),
    ("6 the hardened library", ["hardened_*"], []),
    ("7 fork", ["fork*"], [("children that ended well", r"(\d+) of \d+ children")]),
    ("8 threads", ["threads", "thread_*"],
     [("threads", r"(\d+) (?:short )?threads?\b"), ("blocks damaged", r"(\d+) damaged")]),
    ("9 producer and consumer", ["producer_consumer", "producer_consumer_slow", "producer_consumer_nightly"],
     [("blocks passed on", r"(\d+) blocks passed"), ("KiB resident in the middle", r"in the middle (\d+) KiB"),
      ("at the end", r"at the end (\d+) KiB")]),
    ("10 limits", ["address_space*", "limits", "locked_memory", "keys_used_up", "memory_returned"], []),
    ("11 system calls that fail", ["faults*"],
     [("faults survived", r"(\d+) faults in"), ("runs", r"faults in +(\d+) runs")]),
    ("12 models", ["model_*", "threads_tsan"],
     [("states", r"in all (\d+) states"), ("mutations found", r"^ok +MUTATE_\w+ is (f)ound")]),
    ("13, 14 programs", ["real_programs_*", "stress_ng_*"],
     [("mallocs", r"(\d+) mallocs"), ("processes", r"in (\d+) processes")]),
    ("15, 16 exports, setuid", ["exports", "secure_start", "hostile_secure"], []),
    ("17, 18 hakmem-trace", ["trace_*", "attribute_*", "bpf_*", "hostile_*"], []),
    ("18 its parsers", ["fuzz_*", "libfuzzer_*"], [("inputs", r"(\d+) (?:mutated )?inputs"), ("runs", r"Done (\d+) runs")]),
    ("19 other places", ["aarch64*", "page_sizes*", "musl", "static_*", "two_allocators", "watched*", "sanitized*"], []),
    ("coverage, mutants", ["coverage_src", "mutation_*"], [("mutants caught", r"(\d+) of \d+ mutants caught"), ("tried", r"\d+ of (\d+) mutants caught")]),
]


def fail(text):
    print(f"results.py: {text}", file=sys.stderr)
    sys.exit(2)


def read(paths):
    tests = {}
    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                for line in file:
                    test = json.loads(line)
                    tests[test["name"].rsplit(" / ", 1)[-1]] = test
        except (OSError, ValueError, KeyError) as error:
            fail(f"{path}: {error}")
    return tests


def total(tests, pattern):
    found = [match for test in tests for match in re.findall(pattern, test.get("stdout") or "", re.M)]
    return sum(int(text) if text.isdigit() else 1 for text in found)


def row_of(tests, about, patterns, figures):
    chosen = {name: test for name, test in tests.items() if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)}
    ours = [test for name, test in chosen.items() if not name.endswith("_on_glibc")]
    if not ours:
        return None
    words = [f"{total(ours, pattern):,} {what}" for what, pattern in figures]
    passed = sum(test["result"] == "OK" for test in chosen.values())
    skipped = sum(test["result"] == "SKIP" for test in chosen.values())
    hours = sum(test["duration"] for test in chosen.values()) / 3600
    return f"| {about} | {passed} | {len(chosen) - passed - skipped} | {skipped} | {hours:.2f} | {', '.join(words)} |"


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stdout if "--help" in sys.argv else sys.stderr)
        return 0 if "--help" in sys.argv else 2
    tests = read(sys.argv[1:])
    print("| row | passed | failed | skipped | hours | figures |\n|---|---|---|---|---|---|")
    for row in ROWS:
        line = row_of(tests, *row)
        if line:
            print(line)
    failed = sorted(name for name, test in tests.items() if test["result"] not in ("OK", "SKIP"))
    print(f"\n{len(tests)} tests, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed else 0


sys.exit(main())
