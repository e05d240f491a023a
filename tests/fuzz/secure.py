# SPDX-License-Identifier: MIT
"""A program that is setuid, setgid or has capabilities and is linked to our libraries: it honours no variable of
the environment and makes no file. The same program without these rights, as the same user, does both.

usage: secure.py PROGRAM_ON_HAKMEM PROGRAM_ON_RECORDER PROGRAM_ON_FOLLOWER [PROGRAM_ON_STEPPER]
"""

import os
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import check, skip

NOBODY = 65534
USER = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
LIBRARIES = ["libhakmem.so.1", "libhakmem_recorder.so", "libhakmem_follower.so", "libhakmem_stepper.so"]


def run(program, folder):
    """What it says, what it complains, and the files that it leaves in a folder that anybody may write."""
    files = os.path.join(folder, "files")
    os.mkdir(files)
    os.chmod(files, 0o777)
    variables = {"HAKMEM_COUNTERS_DIR": files, "HAKMEM_STATS": "1", "HAKMEM_TRACE_RECORD": f"1000:{files}",
                 "HAKMEM_TRACE_FOLLOW": f"64:{files}", "HAKMEM_TRACE_STEP": f"0:10:{files}"}
    done = subprocess.run([*USER, program], env=dict(variables, PATH=os.environ["PATH"]), timeout=30, cwd=files,
                          capture_output=True, text=True, check=False)
    left = os.listdir(files)
    shutil.rmtree(files)
    return done, left


def check_secure(program, folder, library, what):
    done, left = run(program, folder)
    words = done.stdout.split()
    check(done.returncode == 0 and words[:1] == ["secure"] and "/" + library in words,
          f"{library}, {what}: it runs, secure, on the library: {done.stdout!r} {done.stderr!r}")
    check(not left and not done.stderr, f"{library}, {what}: no file, no line: {left} {done.stderr!r}")


def check_library(built, library, folder):
    program = shutil.copy(built, os.path.join(folder, "program"))
    os.chmod(program, 0o755)
    done, left = run(program, folder)
    if "cannot open shared object" in done.stderr or "denied" in done.stderr:
        skip(f"the build is closed to other users: {done.stderr.strip()}")
    words = done.stdout.split()
    check(done.returncode == 0 and words[:1] == ["usual"] and "/" + library in words,
          f"{library}: the control runs on it: {done.stdout!r} {done.stderr!r}")
    check(bool(left), f"{library}: and leaves files: {left}")
    if library == "libhakmem.so.1":
        check("statistics of process" in done.stderr, "and its statistics")
    for mode, what in ((0o4755, "setuid root"), (0o2755, "setgid root")):
        os.chmod(program, mode)
        check_secure(program, folder, library, what)
    os.chmod(program, 0o755)
    if shutil.which("setcap") and subprocess.run(["setcap", "cap_net_raw=ep", program], check=False).returncode == 0:
        check_secure(program, folder, library, "file capabilities")
    os.unlink(program)


def main():
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        skip("needs root and setpriv")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        if os.statvfs(folder).f_flag & os.ST_NOSUID:
            skip(f"{folder} is mounted nosuid")
        for built, library in zip(sys.argv[1:], LIBRARIES):
            check_library(built, library, folder)


main()
