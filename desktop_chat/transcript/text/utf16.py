"""Offsets: Python counts characters, Qt counts UTF-16 units, and a formula is one of those."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Units:
    """Converts offsets in one text; free of cost where each character is one unit."""

    __slots__ = ("_drawn", "_ends", "_units", "_wide", "_wide_units")

    def __init__(self, text: str, drawn: Sequence[tuple[int, int]] = ()) -> None:
        """`drawn`: stretches of the text that one unit stands for, each where it begins."""
        self._wide: list[int] = []
        if not text.isascii() and max(text) > "\uffff":
            self._wide = [at for at, one in enumerate(text) if one > "\uffff"]
        self._wide_units = [at + number for number, at in enumerate(self._wide)]
        self._drawn = drawn
        self._units: list[int] = []
        """The units that stand for stretches."""
        hidden = 0
        for start, end in drawn:
            self._units.append(self._plain_units(start) - hidden)
            hidden += self._plain_units(end) - self._plain_units(start) - 1

    @property
    def drawn(self) -> list[int]:
        """The units that each stand for a stretch of text."""
        return self._units

    def to_units(self, offset: int, *, after: bool = False) -> int:
        """Return the unit at which the character at `offset` begins.

        Inside of a stretch that one unit stands for, it is that unit, or the one `after` it.
        """
        if not self._drawn:
            return self._plain_units(offset)
        number = bisect_right(self._drawn, offset, key=lambda one: one[0]) - 1
        if number < 0:
            return self._plain_units(offset)
        start, end = self._drawn[number]
        unit = self._units[number]
        if offset < end:
            return unit + 1 if after and offset > start else unit
        return unit + 1 + self._plain_units(offset) - self._plain_units(end)

    def to_offset(self, unit: int) -> int:
        """Return the character that begins at `unit`, or that `unit` stands inside of."""
        if not self._drawn:
            return self._plain_offset(unit)
        number = bisect_right(self._units, unit) - 1
        if number < 0:
            return self._plain_offset(unit)
        if unit == self._units[number]:
            return self._drawn[number][0]
        plain = self._plain_units(self._drawn[number][1]) + unit - self._units[number] - 1
        return self._plain_offset(plain)

    def _plain_units(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset) if self._wide else offset

    def _plain_offset(self, unit: int) -> int:
        return unit - bisect_left(self._wide_units, unit) if self._wide else unit
