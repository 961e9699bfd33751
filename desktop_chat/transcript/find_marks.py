"""The grounds of hits: which stretches of a box are marked, and in which colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.transcript.message import REASONING, TEXT

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QTextCharFormat

    from desktop_chat.transcript.box import Box
    from desktop_chat.transcript.find_scan import Hit, Hits
    from desktop_chat.transcript.typography import Typography


class Mark(NamedTuple):
    """A marked stretch of a text."""

    start: int
    end: int
    ground: QColor
    ink: QTextCharFormat


class MessageMarks:
    """The hits in one message, for its painting."""

    __slots__ = ("_hits", "_now")

    def __init__(self, hits: Hits, now: Hit | None) -> None:
        self._hits = hits
        self._now = now

    def on(self, box: Box, *, reasoning: bool) -> BoxMarks:
        """Return those on a box."""
        return BoxMarks(self._hits, self._now, REASONING if reasoning else TEXT, box)


class BoxMarks:
    """The hits on one box, asked for stretch by stretch: a long one has many out of view."""

    __slots__ = ("_box", "_hits", "_now", "_part")

    def __init__(self, hits: Hits, now: Hit | None, part: int, box: Box) -> None:
        self._hits = hits
        self._now = now
        self._part = part
        self._box = box

    def within(self, start: int, end: int, type_: Typography) -> list[Mark]:
        """Return the marks on a stretch of the box's text, counted from that stretch on."""
        begin = self._box.start + start
        last = self._box.start + end
        found: list[Mark] = []
        for at in self._hits.between(self._part, self._box.block, begin, last):
            hit = self._hits[at]
            now = hit == self._now
            ground = type_.colour("find_now" if now else "find")
            ink = type_.ink_format("find_now_ink" if now else "ink")
            found.append(Mark(max(hit.start - begin, 0), min(hit.end, last) - begin, ground, ink))
        return found
