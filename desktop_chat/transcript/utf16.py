"""Offsets: Python counts characters, Qt counts UTF-16 units."""

from __future__ import annotations

from bisect import bisect_left


class Units:
    """Converts offsets in one text; free of cost where no character needs two units."""

    __slots__ = ("_wide", "_wide_units")

    def __init__(self, text: str) -> None:
        self._wide: list[int] = []
        if not text.isascii() and max(text) > "\uffff":
            self._wide = [at for at, one in enumerate(text) if one > "\uffff"]
        self._wide_units = [at + number for number, at in enumerate(self._wide)]

    def to_units(self, offset: int) -> int:
        """Return the unit at which the character at `offset` begins."""
        return offset + bisect_left(self._wide, offset) if self._wide else offset

    def to_offset(self, unit: int) -> int:
        """Return the character that begins at `unit`, or that `unit` stands inside of."""
        return unit - bisect_left(self._wide_units, unit) if self._wide else unit
