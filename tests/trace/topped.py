# SPDX-License-Identifier: MIT
"""The program that the tests of top watch (topped_program.c), under libhakmem or without it."""

import os
import subprocess

from hakmem_trace import fail


class Topped:
    def __init__(self, program, hakmem=True, user=()):
        library = os.environ["HAKMEM_LIBRARY_BUILT"]
        env = dict(os.environ)
        if hakmem:
            env.update(LD_PRELOAD=os.path.basename(library),
                       LD_LIBRARY_PATH=os.path.dirname(library))
        self.process = subprocess.Popen([*user, program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=env)
        self.pid = self.process.pid
        self.tell("work 1")  # it has begun

    def tell(self, line):
        """The operations it did."""
        self.begin(line)
        answer = self.process.stdout.readline()
        if not answer:
            fail(f"the program ended at '{line}'")
        return int(answer)

    def begin(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
