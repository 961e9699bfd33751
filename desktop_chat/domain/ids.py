"""Identifiers and times, as they stand in the store and in everything that leaves it."""

from __future__ import annotations

import os
import time


def now_ms() -> int:
    """Return the wall-clock time in integer milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562 §5.7) as text: sortable by the millisecond it was made in."""
    value = (now_ms() & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
