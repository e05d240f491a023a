# SPDX-License-Identifier: MIT
"""A terminal's text as an SVG that is light or dark as its reader likes it."""
import fcntl
import html
import os
import pty
import re
import struct
import subprocess
import termios

CELL, LINE = 7.8, 17
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]")
NAMES = {30: "black", 31: "red", 32: "green", 33: "yellow", 34: "blue", 35: "magenta", 36: "cyan", 37: "white"}
STYLE = """
  .paper { fill: #f6f8fa } text { fill: #1f2328; white-space: pre } .dim { opacity: 0.65 } .bold { font-weight: 700 }
  .red { fill: #cf222e } .green { fill: #1a7f37 } .yellow { fill: #9a6700 } .blue { fill: #0969da } .magenta { fill: #8250df }
  .cyan { fill: #1b7c83 } .black, .white { fill: #59636e }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #161b22 } text { fill: #e6edf3 }
    .red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #d29922 } .blue { fill: #58a6ff } .magenta { fill: #bc8cff }
    .cyan { fill: #39c5cf } .black, .white { fill: #9198a1 }
  }
"""


def run_on_terminal(command, columns, environment, limit):
    """What a command writes to a terminal so wide, without progress that was written over; RuntimeError where it fails."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(["timeout", str(limit), *command], stdin=writer, stdout=writer, stderr=writer, env=environment)
    os.close(writer)
    written = bytearray()
    try:
        while chunk := os.read(reader, 65536):
            written += chunk
    except OSError: # the last one closed it
        pass
    os.close(reader)
    if process.wait() != 0:
        raise RuntimeError(f"{' '.join(command)}: exit status {process.returncode}")
    lines = written.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    return [line.rsplit("\r", 1)[-1] for line in lines]


def styled_runs(line):
    """Pieces of a line: the column each begins in, its text, its classes."""
    classes, column, place = [], 0, 0
    for found in [*SEQUENCE.finditer(line), None]:
        text = line[place:found.start() if found else len(line)]
        if text:
            yield column, text, " ".join(classes)
            column += len(text)
        if not found:
            return
        place = found.end()
        for code in map(int, filter(None, (found[1] or "").split(";"))) if found[1] else [0]:
            if code == 0:
                classes = []
            elif code in (1, 2):
                classes.append("bold" if code == 1 else "dim")
            elif 30 <= code <= 37 or 90 <= code <= 97:
                classes = [name for name in classes if name in ("bold", "dim")] + [NAMES[code % 60]]


def svg_of(lines, title):
    """Every piece stands at its column, whatever font the reader has."""
    rows, columns = [], 0
    for number, line in enumerate(lines):
        columns = max(columns, len(SEQUENCE.sub("", line)))
        for column, text, classes in styled_runs(line):
            body = text.strip(" ")
            if body:
                at = column + len(text) - len(text.lstrip(" "))
                rows.append(f'<text x="{16 + at * CELL:.1f}" y="{26 + number * LINE}" textLength="{len(body) * CELL:.1f}" '
                            f'lengthAdjust="spacingAndGlyphs"{f" class={chr(34)}{classes}{chr(34)}" if classes else ""}>'
                            f"{html.escape(body)}</text>")
    width, height = 32 + columns * CELL, 24 + len(lines) * LINE
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" aria-labelledby="title" '
        'font-family="ui-monospace, \'DejaVu Sans Mono\', Consolas, monospace" font-size="13">',
        f'<title id="title">{html.escape(title)}</title>', f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height}" rx="8"/>', *rows, "</svg>", ""])
