"""The grounds of hits: which stretches of a box are marked, and in which colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QColor, QTextCharFormat

    from desktop_chat.transcript.text.hits import Hit, Hits
    from desktop_chat.transcript.text.typography import Typography


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

    def on(self, part: int, block: int, start: int) -> BoxMarks:
        """Return those on a box, whose text begins at an offset of a block."""
        return BoxMarks(self, part, block, start)

    def between(self, part: int, block: int, start: int, end: int) -> Iterator[tuple[Hit, bool]]:
        """Yield the hits that touch a stretch of a block, and whether one is the shown."""
        for at in self._hits.between(part, block, start, end):
            hit = self._hits[at]
            yield hit, hit == self._now


class BoxMarks:
    """The hits on one box, asked for stretch by stretch: a long one has many out of view."""

    __slots__ = ("_block", "_message", "_part", "_start")

    def __init__(self, message: MessageMarks, part: int, block: int, start: int) -> None:
        self._message = message
        self._part = part
        self._block = block
        self._start = start

    def within(self, start: int, end: int, type_: Typography) -> list[Mark]:
        """Return the marks on a stretch of the box's text, counted from that stretch on."""
        begin, last = self._start + start, self._start + end
        found: list[Mark] = []
        for hit, now in self._message.between(self._part, self._block, begin, last):
            ground = type_.colour("find_now" if now else "find")
            ink = type_.ink_format("find_now_ink" if now else "ink")
            found.append(Mark(max(hit.start - begin, 0), min(hit.end, last) - begin, ground, ink))
        return found
