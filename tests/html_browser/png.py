# SPDX-License-Identifier: MIT
"""The pixels of a PNG, by the standard library alone: https://www.w3.org/TR/png-3/, 8 bits, not interlaced."""

import struct
import zlib


def _paeth(left, above, corner):
    guess = left + above - corner
    distances = abs(guess - left), abs(guess - above), abs(guess - corner)
    if distances[0] <= distances[1] and distances[0] <= distances[2]:
        return left
    return above if distances[1] <= distances[2] else corner


def _unfilter(kind, line, above, step):
    if kind == 2:
        for i, byte in enumerate(above):
            line[i] = line[i] + byte & 255
        return
    for i in range(len(line)):
        left = line[i - step] if i >= step else 0
        if kind == 1:
            more = left
        elif kind == 3:
            more = left + above[i] >> 1
        else:
            more = _paeth(left, above[i], above[i - step] if i >= step else 0)
        line[i] = line[i] + more & 255


def decode(data):
    """(width, height, rows of bytes, bytes of a pixel)"""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "not a PNG"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    assert depth == 8 and colour in (2, 6) and not interlaced, (depth, colour, interlaced)
    step, raw = (3 if colour == 2 else 4), zlib.decompress(packed)
    above, rows = bytearray(width * step), []
    for row in range(height):
        start = row * (width * step + 1)
        line = bytearray(raw[start + 1:start + 1 + width * step])
        if raw[start]:
            _unfilter(raw[start], line, above, step)
        rows.append(line)
        above = line
    return width, height, rows, step


def colours(data):
    """How many pixels have each colour."""
    _, _, rows, step = decode(data)
    count = {}
    for row in rows:
        for i in range(0, len(row), step):
            pixel = bytes(row[i:i + 3])
            count[pixel] = count.get(pixel, 0) + 1
    return count
