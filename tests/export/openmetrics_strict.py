# SPDX-License-Identifier: MIT
"""The tests' own reader of OpenMetrics: what it must take, and what it must not. Where Debian's
python3-prometheus-client is installed its reader is asked, too."""

import sys

from openmetrics import Wrong, parse

try:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as other
except ImportError:
    other = None

GOOD = """# TYPE a_bytes counter
# UNIT a_bytes bytes
# HELP a_bytes what it \\\\ is
a_bytes_total{x="1",y="\\"\\\\\\n{}=,"} 5
a_bytes_created{x="1",y="\\"\\\\\\n{}=,"} 1700000000.125
# TYPE b gauge
# HELP b help
b 7
# TYPE c info
# HELP c help
c_info{v="1"} 1
# EOF
"""
BAD = {
    "no end": GOOD.replace("# EOF\n", ""),
    "something after the end": GOOD + "b 7\n",
    "no line feed at the end": GOOD[:-1],
    "an empty line": GOOD.replace("b 7\n", "b 7\n\n"),
    "a counter without _total": GOOD.replace("a_bytes_total", "a_bytes"),
    "a gauge with _total": GOOD.replace("b 7", "b_total 7"),
    "a unit that the name lacks": GOOD.replace("UNIT a_bytes bytes", "UNIT a_bytes seconds"),
    "a quote that is not escaped": GOOD.replace('\\"', '"'),
    "a label twice": GOOD.replace('y="', 'x="'),
    "a sample twice": GOOD.replace("b 7\n", "b 7\nb 8\n"),
    "families mixed": GOOD.replace("# EOF", "a_bytes_total 3\n# EOF"),
    "a family in two parts": GOOD.replace("# EOF", "# HELP a_bytes again\n# EOF"),
    "a kind twice": GOOD.replace("# TYPE b gauge\n", "# TYPE b gauge\n# TYPE b gauge\n"),
    "an info of 2": GOOD.replace('c_info{v="1"} 1', 'c_info{v="1"} 2'),
    "no number": GOOD.replace("b 7", "b seven"),
    "a bad name": GOOD.replace("b 7", "b- 7"),
    "no kind": GOOD.replace("# TYPE b gauge\n", ""),
}
OURS_ALONE = {"no kind", "an info of 2", "a label twice", "a unit that the name lacks", "a quote that is not escaped",
              "a family in two parts", "an empty line", "no line feed at the end", "a gauge with _total",
              "a sample twice"}


def takes(reader, text):
    try:
        reader(text)
        return True
    except (Wrong, ValueError, KeyError, IndexError):
        return False


failed = False
for name, text in {"what is right": GOOD, **BAD}.items():
    want = name == "what is right"
    got = takes(lambda text: parse(text.encode()), text)
    print("ok:  " if got == want else "FAIL:", name, "is", "taken" if got else "refused")
    failed |= got != want
    if other and name not in OURS_ALONE and takes(lambda text: list(other(text)), text) != want:
        print("FAIL:", name, ": prometheus_client sees it the other way round")
        failed = True
print("with" if other else "without", "python3-prometheus-client")
sys.exit(failed)
