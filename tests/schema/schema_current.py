# SPDX-License-Identifier: MIT
"""What is committed in docs/ is what the declarations say, and the schema is one.
usage: schema_current.py WRITE_SCHEMA SOURCE_FOLDER"""

import json
import os
import subprocess
import sys
import tempfile

FILES = ("schema/hakmem-trace-1.schema.json", "schema.md")

writer, source = sys.argv[1:3]
failed = False
with tempfile.TemporaryDirectory() as folder:
    made = [os.path.join(folder, os.path.basename(name)) for name in FILES]
    subprocess.run([writer, *made], check=True, timeout=20)
    for name, path in zip(FILES, made):
        committed = os.path.join(source, "docs", name)
        same = os.path.exists(committed) and open(committed, "rb").read() == open(path, "rb").read()
        print("ok:  " if same else "FAIL:", f"docs/{name}", "" if same else "is not what is declared: ninja -C build schema")
        failed |= not same
    schema = json.load(open(made[0], encoding="utf-8"))
try:
    import jsonschema
    jsonschema.Draft202012Validator.check_schema(schema)
    print("ok:   it is a JSON Schema of 2020-12")
except ImportError:
    print("left out: whether it is a JSON Schema (Debian: python3-jsonschema)")
sys.exit(failed)
