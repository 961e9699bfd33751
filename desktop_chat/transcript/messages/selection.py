"""What is selected: two places in the text, never pixels, so that streaming cannot move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from desktop_chat.transcript.blocks.box import Range
from desktop_chat.transcript.messages.message import REASONING, Place

EVERYTHING = 1 << 60
"""An offset after every text."""


class Point(NamedTuple):
    """A place in the conversation: the message's number, and the place in it."""

    message: int
    place: Place


@dataclass(frozen=True, slots=True)
class Selection:
    """From where the person began to where they are."""

    anchor: Point
    head: Point
    goal: float | None = field(default=None, compare=False)
    """Where on its line the head is meant to be, though lines on the way were shorter."""

    @property
    def first(self) -> Point:
        """The upper end."""
        return min(self.anchor, self.head)

    @property
    def last(self) -> Point:
        """The lower end."""
        return max(self.anchor, self.head)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is between the ends."""
        return self.anchor == self.head

    def part_of(self, message: int, part: int, block: int) -> Range | None:
        """Return what is selected of one block: it may end after the block's own end."""
        first, last = self.first, self.last
        if not first.message <= message <= last.message or self.is_empty:
            return None
        if part == REASONING and not self.in_reasoning:
            return None
        here = (message, part, block)
        begin = (first.message, first.place.part, first.place.block)
        end = (last.message, last.place.part, last.place.block)
        if not begin <= here <= end:
            return None
        start = first.place.offset if here == begin else 0
        return Range(start, last.place.offset if here == end else EVERYTHING)

    def is_beside(self, point: Point) -> bool:
        """Whether a place is in reasoning, which is no part of a selection that goes beyond it."""
        return point.place.part == REASONING and not self.in_reasoning

    @property
    def in_reasoning(self) -> bool:
        """Whether it is all in one message's reasoning; else reasoning is never part of it."""
        ends = (self.first, self.last)
        same = ends[0].message == ends[1].message
        return same and all(end.place.part == REASONING for end in ends)
