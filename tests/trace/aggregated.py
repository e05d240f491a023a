# SPDX-License-Identifier: MIT
"""Samples that were added up in the kernel say what samples one by one say.

usage: aggregated.py KNOWN_SHARE FIXTURE FAULTS THREAD_STORM
"""

import sys

from hakmem_trace import Run, check, fail, skip, wilson

KNOWN_SHARE, FIXTURE, FAULTS, THREAD_STORM = sys.argv[1:]
QUANTILE_999 = 3.290526731491926
HERTZ = "4999"


def run(*command, aggregate="yes", options=()):
    done = Run(*command, options=["--aggregate", aggregate, "--frequency", HERTZ, *options])
    done.require_kernel_samples()
    sampling = done.json["sampling"]
    if aggregate == "yes" and not sampling["aggregated"]:
        reason = next((n for n in done.json["notes"] if "not aggregated" in n), None)
        if reason is None:
            fail("no word of why samples were not aggregated")
        if any(word in reason for word in ("not permitted", "not built in", "needs", "page_fault_user")):
            skip(reason)
        fail(reason)
    check(sampling["aggregated"] == (aggregate == "yes"), f"--aggregate {aggregate} is obeyed")
    check(("aggregated in the kernel" in done.text) == (aggregate == "yes"), "the text says which")
    check(sampling["lost"] < sampling["samples"] / 10, f"{sampling['lost']} samples are lost")
    check(sampling["samples"] == sum(s["samples"] for s in done.json["sources"]),
          "every sample has a source")
    return done


def shares(done):
    return {row["name"]: row["share"] for row in done.json["sources"]}


# A known share, and every figure of its interval.
done = run(KNOWN_SHARE, "0.7", "0.35", options=["--with", FIXTURE])
true, samples, row = float(done.stdout), done.json["sampling"]["samples"], shares(done)
user = row["fixture_allocator"] + row["application"]
low, high = wilson(row["fixture_allocator"] / user, samples, QUANTILE_999)
print(f"true {true:.4f}: [{low:.4f}, {high:.4f}] of {samples} samples")
check(low <= true <= high, "the true share lies in the 99.9 % interval")
check(not low <= true + 0.09 <= high, "a wrong share would not")
if done.json["event"] == "cpu-clock": # of equal weights, so that counts say what shares say
    source = done.source("fixture_allocator")
    low, high = wilson(source["samples"] / samples, samples, 1.959963984540054)
    check(abs(low - source["ci_low"]) < 1e-6 and abs(high - source["ci_high"]) < 1e-6,
          "the 95 % interval is Wilson's, of as many samples as were added up")

# By itself, unless that is measured to be dearer.
done = Run(KNOWN_SHARE, "0.1", "0.35", options=["--with", FIXTURE, "--frequency", HERTZ])
check(done.json["sampling"]["aggregated"] or
      any("aggregated in the kernel: that costs" in text for text in done.json["notes"]),
      f"aggregated by itself above 2000 Hz: {done.json['sampling']['aggregated']}")

# Programs that begin and end between two readings: each image's samples meet its own mappings.
loop = f"for i in 1 2 3 4 5 6 7 8; do {KNOWN_SHARE} 0.03 0.5; done >&2"
done = run("sh", "-c", loop, options=["--with", FIXTURE])
row = shares(done)
part = row["fixture_allocator"] / (row["fixture_allocator"] + row["application"])
print(f"short programs: {part:.3f} of {done.json['sampling']['samples']} samples")
check(0.4 < part < 0.6, "half of the time of short programs is the fixture's")

# The kernel's work, by what led there, both ways.
for kind in ("malloc", "mmap"):
    both = [shares(run(FAULTS, kind, "0.4", aggregate=way, options=["--no-bpf"]))
            for way in ("yes", "no")]
    for name in ("kernel: page faults", "kernel: system calls", "kernel: application"):
        print(f"{kind}, {name}: {both[0][name]:.3f}, one by one {both[1][name]:.3f}")
        check(abs(both[0][name] - both[1][name]) < 0.1, "both ways agree")
    check((both[0]["kernel: page faults"] > 0.3) == (kind == "malloc"), "faults have their owner")

# Threads that live for less than a reading.
done = run(THREAD_STORM, "--threads", "4000", options=["--no-bpf"])
expected = done.json["cpu_s"] * int(HERTZ)
samples = done.json["sampling"]["samples"]
print(f"{samples} samples of {expected:.0f}")
check(0.7 * expected < samples < 1.2 * expected, "there are as many as there was processor time")
