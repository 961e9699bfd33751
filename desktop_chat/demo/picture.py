"""The demo's pictures, drawn by itself: bands of colour as PNG files."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from typing import Final

_COLOURS: Final = ((31, 78, 74), (47, 111, 106), (111, 194, 184), (225, 238, 236), (245, 166, 35))


def png(width: int, height: int) -> bytes:
    """Return a picture of slanting bands."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        rows += bytes((x + y) * len(_COLOURS) // (width + height) for x in range(width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = bytes(part for colour in _COLOURS for part in colour)
    chunks = [(b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(bytes(rows), 9))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in [*chunks, (b"IEND", b"")])


def data_address() -> str:
    """Return a small picture as an address that holds it."""
    return f"data:image/png;base64,{b64encode(png(64, 32)).decode()}"


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
