# SPDX-License-Identifier: MIT
"""What every command writes with --json is what the schema says: every key declared, of its type.
usage: schema_outputs.py SCHEMA quick|all RANDOM_MIXED TOPPED CALLERS MANY_THREADS COMPARED SAME
`all` adds the commands that take long, and then every declared key must have been seen."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from hakmem_trace import TOOL, check, fail, skip

try:
    import jsonschema
except ImportError:
    skip("Debian: python3-jsonschema")

SCHEMA, WHAT, *REST = sys.argv[1:]
MIXED, TOPPED, CALLERS, THREADS, COMPARED, SAME = map(os.path.abspath, REST[:6])
LIMIT = 300
WORK = [MIXED, "200000", "400", "1"]
METRIC = ["--metric", "figure ([0-9]+)"]
SCHEMA = json.load(open(SCHEMA, encoding="utf-8"))
DEFINITIONS = {"$defs": SCHEMA["$defs"]}
BY_KIND = {definition["properties"]["kind"]["const"]: (name, jsonschema.Draft202012Validator(
    dict(DEFINITIONS, **{"$ref": f"#/$defs/{name}"}))) for name, definition in SCHEMA["$defs"].items()
           if "kind" in definition["properties"] and "const" in definition["properties"]["kind"]}

# Objects that some machines don't show, and why.
MAY_BE_UNSEEN = {
    "why_sharing": "where nothing could be recorded",
    "run_latency": "without eBPF", "run_class_latency": "without eBPF", "run_slow_path": "without eBPF",
    "run_size": "without eBPF", "run_sampling": "where the kernel gives no samples",
    "annotate_sampling": "where the kernel gives no samples", "callers_time": "where the kernel gives no samples",
    "top_sampling": "where the kernel gives no samples", "top_source": "where the kernel gives no samples", "top_slow_path": "where nothing is counted",
    "run_resident": "where memory may not be looked at", "run_resident_kind": "where memory may not be looked at",
}


def resolve(schema):
    """The object's definition that a value's schema leads to, and its name; or None."""
    if "items" in schema:
        return resolve(schema["items"])
    if "anyOf" in schema:
        return resolve(schema["anyOf"][0])
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


def look(name, value, seen):
    """Notes which keys were there, through lists and objects."""
    if isinstance(value, list):
        for each in value:
            look(name, each, seen)
    elif isinstance(value, dict):
        properties = SCHEMA["$defs"][name]["properties"]
        for key, inner in value.items():
            seen.add((name, key))
            below = resolve(properties[key])
            if below:
                look(below, inner, seen)


def hold(kind, text, seen):
    report = json.loads(text)
    if report.get("schema") != "hakmem-trace/1" or report.get("kind") != kind:
        fail(f"{kind}: it is {report.get('schema')}, {report.get('kind')}")
    name, validator = BY_KIND[kind]
    wrong = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
             for error in sorted(validator.iter_errors(report), key=str)[:5]]
    check(not wrong, f"{kind}: as declared {wrong}")
    look(name, report, seen)


def run(kind, command, *arguments, seen, user=(), status=0, **more):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "json")
        done = subprocess.run([*user, TOOL, command, "--json", path, *arguments], capture_output=True, timeout=LIMIT,
                              check=False, stdin=subprocess.DEVNULL, cwd=folder, **more)
        if done.returncode != status:
            fail(f"{kind}: exit status {done.returncode}: {done.stderr.decode()[-500:]}")
        with open(path, encoding="utf-8") as file:
            hold(kind, file.read(), seen)


def of_running(seen):
    library = os.environ["HAKMEM_LIBRARY_BUILT"]
    for preload, options in ((library, []), ("", ["--no-bpf"])):
        program = subprocess.Popen([TOPPED], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env=dict(os.environ, LD_PRELOAD=preload))
        program.stdin.write(b"hold 3000\nspin 20000\n")
        program.stdin.flush()
        run("attach", "attach", "--seconds", "0.3", *options, str(program.pid), seen=seen)
        done = subprocess.run([TOOL, "top", "--json", "--interval", "0.2", "--count", "2", *options, str(program.pid)],
                              capture_output=True, text=True, timeout=LIMIT, check=True, stdin=subprocess.DEVNULL)
        for line in done.stdout.splitlines():
            hold("top", line, seen)
        program.kill()
        program.wait()
    done = subprocess.run([TOOL, "top", "--json"], capture_output=True, text=True, timeout=LIMIT, check=True,
                          stdin=subprocess.DEVNULL)
    hold("top processes", done.stdout, seen)


def quick(seen):
    run("run", "run", "--", *WORK, seen=seen)
    run("run", "run", "--with", "glibc", "--no-bpf", "--", "/bin/true", seen=seen)
    of_running(seen)
    run("callers", "callers", "--bytes", "4096", "--", *WORK, seen=seen)
    run("compare", "compare", "--rounds", "2", *METRIC, "--with", f"glibc,{SAME}", "--", COMPARED, "1", seen=seen)
    run("compare sweep", "compare", "--rounds", "2", *METRIC, "--sweep", "n=1,2", "--with", f"glibc,{SAME}",
        "--", COMPARED, "{n}", seen=seen)
    run("count", "count", "--calls", "200", "--", *WORK, seen=seen)
    run("annotate", "annotate", "--calls", "200", "--", *WORK, seen=seen)
    run("annotate", "annotate", "--calls", "200", "--list", "--", *WORK, seen=seen)
    run("doctor", "doctor", "--quick", seen=seen)
    run("record", "record", "--output", "trace", "--", *WORK, seen=seen)


def slow(seen):
    run("run", "run", "--every-call", "--", *WORK, seen=seen)
    run("run", "run", "--", MIXED, "100000000", "400", "1", seen=seen)
    if b"--heap" in subprocess.run([TOOL, "run", "--help"], capture_output=True, check=True).stdout:
        run("run", "run", "--heap=4096", "--", MIXED, "3000000", "400", "1", seen=seen)
    run("doctor", "doctor", seen=seen)
    run("callers", "callers", "--", CALLERS, "loop", "20000", seen=seen)
    run("record", "record", "--output", "trace", "--", THREADS, "--threads", "2", "--operations", "20000", seen=seen)
    for command in ([MIXED, "30000000", "400", "1"], ["sh", "-c", f"sleep 0.1; exec {MIXED} 9000000 400 1"]):
        run("advise", "advise", "--seconds", "1", "--with", "hakmem", "--", *command, seen=seen)
    run("advise", "advise", "--seconds", "1", "--with", "hakmem", "--", "/bin/true", seen=seen)
    run("why", "why", "--rounds", "6", "--calls", "400", "glibc", "hakmem", "--", MIXED, "2000000", "400", "1", seen=seen)
    run("why", "why", "--rounds", "6", *METRIC, "glibc", SAME, "--", COMPARED, seen=seen)
    with tempfile.TemporaryDirectory() as variants:
        for levels in ("none-magazine-flat-direct", "inline-magazine-flat-direct", "none-magazine-flat-routed",
                       "inline-magazine-flat-routed"):  # the same library: figures are of no matter here
            for again in ("", "-again"):
                shutil.copy(os.environ["HAKMEM_LIBRARY_BUILT"],
                            os.path.join(variants, f"libhakmem-{levels}-bitmap{again}.so"))
        run("ablate", "ablate", "--factors", "header,classify", "--rounds", "6", "--metric", "([0-9.]+) M ops/s", "--", MIXED,
            "2000000", "400", "1", seen=seen, env=dict(os.environ, HAKMEM_VARIANTS=variants))
    run("health", "health", "--bound", "0", "--rounds", "6", "--operations", "20000", seen=seen)
    run("compare suite", "compare", "--suite", "--only", "random_mixed", "--rounds", "2", "--floor", "--with",
        "glibc,hakmem", seen=seen)


def every_key(seen):
    """Declared, and written by no command: a key that is gone, or misspelt."""
    missing = [(name, key) for name, definition in SCHEMA["$defs"].items() for key in definition["properties"]
               if (name, key) not in seen and name not in MAY_BE_UNSEEN]
    check(not missing, f"every declared key is written: {missing}")


found = set()
quick(found)
if WHAT == "all":
    slow(found)
    every_key(found)
