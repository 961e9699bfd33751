"""Ways to cut a body into pieces."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def pieces(data: bytes, size: int) -> list[bytes]:
    """Return `data` in pieces of one size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def at_random(data: bytes, seed: int) -> list[bytes]:
    """Return `data` cut at places that the seed decides, few or many."""
    source = random.Random(seed)
    count = min(len(data), source.choice((1, 3, 10, 50, 300)))
    cuts = sorted(source.sample(range(len(data) + 1), count))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def in_two(data: bytes) -> Iterator[list[bytes]]:
    """Yield every cutting into two pieces."""
    for at in range(len(data) + 1):
        yield [data[:at], data[at:]]
