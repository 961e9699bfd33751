"""A very long line of code on one row: laid out piece by piece, where somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF

from desktop_chat.transcript.blocks.code_line import LINE_END, LONGEST, CodeLine
from desktop_chat.transcript.text.flow import estimated_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QTextCharFormat

    from desktop_chat.markdown.highlight import Run
    from desktop_chat.transcript.text.typography import Typography

LONG: Final = 1000
"""Longer lines are laid out in pieces."""
PIECE: Final = 250


def goes_in_pieces(text: str) -> bool:
    """Whether a line is long, and of letters that stand side by side whatever is around them."""
    if len(text) <= LONG or "\t" in text:
        return False
    return text.isascii() or not any("\u0590" <= one <= "\u08ff" for one in text[:LONGEST])


class LongCodeLine:
    """What `CodeLine` is for lines of ordinary length."""

    __slots__ = ("_pieces", "_runs", "_text", "_type", "_widths")

    def __init__(self, text: str, runs: Sequence[Run], type_: Typography) -> None:
        self._text = text[:LONGEST] + ("…" if len(text) > LONGEST else "")
        self._runs = runs
        self._type = type_
        self._pieces: dict[int, CodeLine] = {}
        starts = range(0, len(self._text), PIECE)
        self._widths = [estimated_width(self._text[at : at + PIECE], type_.code) for at in starts]

    @property
    def height(self) -> int:
        """The height of the one row."""
        return self._type.code.line

    def caret(self, offset: int) -> tuple[float, int]:
        """Return where a character begins, and the top of its row."""
        offset = max(0, min(offset, len(self._text), LONGEST))
        number = min(offset // PIECE, len(self._widths) - 1)
        inside = self._piece(number).caret(offset - number * PIECE)[0]
        return sum(self._widths[:number]) + inside, 0

    def offset(self, x: float, y: float) -> int:
        """Return the gap between characters that is nearest."""
        left, number = 0.0, 0
        while number < len(self._widths) - 1 and x >= left + self._widths[number]:
            left += self._widths[number]
            number += 1
        return min(number * PIECE + self._piece(number).offset(x - left, y), LONGEST)

    def row_start(self, y: float) -> int:
        """Return the character that the row begins with."""
        del y
        return 0

    def grounds(self, start: int, end: int, *, beyond: bool) -> list[QRectF]:
        """Return the ground of a stretch; `beyond`: its end is in it too."""
        left, right = self.caret(start)[0], self.caret(end)[0] + (LINE_END if beyond else 0)
        return [QRectF(left, 0, right - left, self.height)] if right > left else []

    def draw(
        self, painter: QPainter, at: QPointF, lit: Sequence[tuple[int, int, QTextCharFormat]]
    ) -> None:
        """Draw what of the line is within the painter's clip; `lit`: stretches in other inks."""
        clip = painter.clipBoundingRect()
        left = at.x()
        for number, width in enumerate(self._widths):
            if left < clip.right() and left + width > clip.left():
                begin = number * PIECE
                part = [
                    (start - begin, end - begin, ink)
                    for start, end, ink in lit
                    if start < begin + PIECE and end > begin
                ]
                self._piece(number).draw(painter, QPointF(left, at.y()), part)
            left += self._widths[number]

    def _piece(self, number: int) -> CodeLine:
        known = self._pieces.get(number)
        if known is None:
            start = number * PIECE
            text = self._text[start : start + PIECE]
            runs = [
                run._replace(start=max(run.start - start, 0), end=min(run.end - start, PIECE))
                for run in self._runs
                if run.start < start + PIECE and run.end > start
            ]
            known = self._pieces[number] = CodeLine(text, runs, self._type, 0)
            self._widths[number] = known.width
        return known
