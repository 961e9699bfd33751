"""Keeps the header and the bar of a long block in view while the view's edges cut the block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript.blocks.box import Box

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.document import Document


class Pinned:
    """Which boxes the edges of one view cut: two at most."""

    def __init__(self) -> None:
        self._boxes: list[Box] = []

    @property
    def holds(self) -> bool:
        """Whether a box is drawn otherwise because an edge cuts it."""
        return any(type(box).pin is not Box.pin for box in self._boxes)

    def look(self, document: Document, top: int, bottom: int) -> None:
        """Tell the boxes at both edges of the view which part of them is in view."""
        cut: list[Box] = []
        for edge in (top, bottom - 1):
            found = _box_across(document, edge)
            if found is not None:
                box, y = found
                box.pin((top - y, bottom - y))
                cut.append(box)
        for box in self._boxes:
            if box not in cut:
                box.pin(None)
        self._boxes = cut


def _box_across(document: Document, y: int) -> tuple[Box, int] | None:
    """Return the box that stands across a height, and its top."""
    if not document.messages:
        return None
    number = document.at(y)
    message, above = document.messages[number], document.top(number)
    if not message.built:
        return None
    for _, column, _, top in message.columns():
        inside = y - above - top
        if 0 <= inside < column.height and column.boxes:
            at = column.box_at(inside)
            return column.boxes[at], above + top + column.top_of(at)
    return None
