"""PNG out of QEMU's screendump (a binary PPM)."""
from __future__ import annotations

import struct
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _ppm(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and the RGB bytes of a P6 picture of 8 bits a colour."""
    fields, rest = [], data
    while len(fields) < 4:
        line, rest = rest.split(b"\n", 1)
        fields += line.split(b"#")[0].split()
    kind, width, height, depth = fields
    if kind != b"P6" or depth != b"255":
        raise ValueError("not a P6 picture of 8 bits a colour")
    return int(width), int(height), rest


def from_ppm(data: bytes) -> bytes:
    """The same picture as a PNG; with a palette where it has at most 256 colours."""
    width, height, pixels = _ppm(data)
    points = [pixels[at : at + 3] for at in range(0, width * height * 3, 3)]
    colours = sorted(set(points))
    if len(colours) <= 256:
        index = {colour: number for number, colour in enumerate(colours)}
        raw, step, kind = bytes(index[point] for point in points), width, 3
    else:
        raw, step, kind = pixels, width * 3, 2
    lines = b"".join(b"\0" + raw[row * step : (row + 1) * step] for row in range(height))
    palette = _chunk(b"PLTE", b"".join(colours)) if kind == 3 else b""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(lines, 9))
    return b"\x89PNG\r\n\x1a\n" + header + palette + data + _chunk(b"IEND", b"")
