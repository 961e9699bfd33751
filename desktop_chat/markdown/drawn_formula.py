"""What a formula looks like, as flat data: cheap to keep, and free of what made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from array import array


class Outline:
    """The outline of one glyph, shared by all formulas that have it.

    `commands` holds the number of points of each step of the pen (0 closes a contour, 1 is a move
    where a contour begins and else a line, 2 and 3 are curves), `points` their coordinates, the
    y axis pointing down.
    """

    __slots__ = ("commands", "points")

    def __init__(self, commands: bytes, points: array[float]) -> None:
        self.commands = commands
        self.points = points


class Words(NamedTuple):
    """Characters that the formula's font lacks: to be written in the text's own."""

    text: str
    x: float
    y: float
    width: float
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula drawn at a text size of 1, its baseline at y = 0, y pointing down."""

    width: float
    ascent: float
    descent: float
    outlines: tuple[Outline, ...]
    places: array[float]
    """x, y and size of each outline."""
    bars: array[float]
    """x, y, width and height of each bar: of fractions, roots, boxes."""
    strokes: array[float]
    """x, y, x, y and thickness of each slanted line."""
    words: tuple[Words, ...]
