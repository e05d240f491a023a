# SPDX-License-Identifier: MIT
"""zsh completes, on a terminal, with a tabulator pressed.

    zsh_completion.py FOLDER_OF_COMPLETIONS FOLDER
FOLDER has a file `a-file`.
"""
import os
import pty
import select
import sys
import time

COMPLETIONS, FOLDER = sys.argv[1:]
SAID = {"hakmem-trace an": "annotate ", "hakmem-trace run --agg": "--aggregate=", "hakmem-trace run --aggregate y": "yes ",
        "hakmem-trace run --with mim": "mimalloc ", "hakmem-trace run --with a-f": "a-file ",
        "hakmem-trace run --json a-f": "a-file ", "hakmem-trace run -- cat a-f": "a-file ",
        "hakmem-trace why glibc jem": "jemalloc ", "hakmem --metr": "--metrics=", "hakmem --stats cat a-f": "a-file "}

child, terminal = pty.fork()
if child == 0:
    os.chdir(FOLDER)
    os.environ.update(TERM="dumb", ZDOTDIR=FOLDER)
    os.execvp("zsh", ["zsh", "-f", "-i"])


def type_in(text, wanted):
    """What zsh shows until it shows `wanted`, or for ten seconds."""
    os.write(terminal, text.encode())
    shown, end = "", time.monotonic() + 10
    while wanted not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")
    return shown


type_in(f"fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; compinit -u -D; PS1='> '; echo rea''dy\n", "ready")
failed = 0
for words, wanted in SAID.items():
    shown = type_in(words + "\t", wanted)
    if wanted not in shown:
        print(f"{words}: {shown!r} instead of {wanted!r}")
        failed = 1
    type_in("\x15echo nex''t\n", "next")
os.close(terminal)
os.waitpid(child, 0)
sys.exit(failed)
