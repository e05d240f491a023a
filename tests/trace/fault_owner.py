# SPDX-License-Identifier: MIT
"""Page faults in malloc's memory are the kernel's work for malloc; others are the application's.

usage: fault_owner.py PROGRAM
"""

import sys

from hakmem_trace import Run, check

shares = {}
for kind in ("malloc", "mmap"):
    run = Run(sys.argv[1], kind, "0.7", options=["--frequency", "1999", "--no-bpf"])
    run.require_kernel_samples()
    check(run.json["counters"] is not None, "libhakmem was loaded")
    shares[kind] = {row["name"]: row["share"] for row in run.json["sources"]}
    print(kind, {name: round(share, 3) for name, share in shares[kind].items() if share})

check(shares["malloc"]["kernel: page faults"] > 0.3, "faults in blocks are malloc's")
check(shares["mmap"]["kernel: page faults"] < 0.03, "faults in the program's mappings are not")
check(shares["mmap"]["kernel: application"] > 0.3, "they are the application's")
check(shares["malloc"]["kernel: system calls"] > shares["mmap"]["kernel: system calls"],
      "giving memory back is malloc's system call")
