"""Hits in one message: places in its text, packed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Final, NamedTuple

STRIDE: Final = 4
"""Numbers a hit: its text and block, where it begins and ends, and how far down it stands."""
PART: Final = 31
"""The bit of the first number that tells the text from the reasoning."""
DEEPEST: Final = 65_535


class Hit(NamedTuple):
    """One place where the pattern stands."""

    part: int
    block: int
    start: int
    end: int

    @property
    def begin(self) -> tuple[int, int, int]:
        """Where it begins, as a `Place` counts."""
        return self[:3]


class Hits:
    """The hits in one message, packed; in the order in which they are read."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers = array("I")

    def __len__(self) -> int:
        return len(self._numbers) // STRIDE

    def __getitem__(self, at: int) -> Hit:
        key, start, end, _ = self._numbers[at * STRIDE : at * STRIDE + STRIDE]
        return Hit(key >> PART, key & ~(1 << PART), start, end)

    def depth(self, at: int) -> float:
        """Return about which share of the message stands above a hit."""
        return self._numbers[at * STRIDE + STRIDE - 1] / DEEPEST

    def add(self, hit: Hit, depth: float) -> None:
        """Add one behind the others."""
        key = hit.part << PART | hit.block
        self._numbers.extend((key, hit.start, hit.end, int(depth * DEEPEST)))

    def first_from(self, place: tuple[int, int, int]) -> int:
        """Return the number of the first hit that begins at a place or after it."""
        return bisect_left(range(len(self)), place, key=lambda at: self[at].begin)

    def between(self, part: int, block: int, start: int, end: int) -> range:
        """Return the numbers of the hits that touch a stretch of a block."""
        first = self.first_from((part, block, start))
        while first and self[first - 1][:2] == (part, block) and self[first - 1].end > start:
            first -= 1
        return range(first, max(first, self.first_from((part, block, end))))
