"""A run of text broken into lines of an even rhythm: what prose, cells and notices are made of."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextLayout, QTextLine, QTextOption

from desktop_chat.markdown.blocks import Align, Inline, Style, is_right_to_left
from desktop_chat.transcript.text.inline_formulas import formulas_in
from desktop_chat.transcript.text.utf16 import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor, QPainter, QTextCharFormat

    from desktop_chat.transcript.text.grounds import Mark
    from desktop_chat.transcript.text.typography import Face, Typography

CONTROLS: Final = {
    **{code: " " for code in range(32) if code != 9},
    0x0A: "\u2028",
    0x7F: " ",
    0x85: " ",
    0x2029: " ",
}
"""One character for one, so that offsets hold."""
CODE_PAD: Final = 2
ALIGNMENTS: Final = {
    Align.NONE: Qt.AlignmentFlag.AlignLeft,
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}


RIGHT: Final = Qt.AlignmentFlag.AlignRight
RIGHT_TO_LEFT: Final = Qt.LayoutDirection.RightToLeft
LEFT_TO_RIGHT: Final = Qt.LayoutDirection.LeftToRight


class Caret(NamedTuple):
    """Where a character stands: its left edge, and the top and height of its line."""

    x: float
    top: int
    height: int


def estimated_width(text: str, face: Face) -> float:
    """Return about how wide a text is on one line, without laying it out."""
    wide = 0 if text.isascii() else (len(text.encode(errors="replace")) - len(text)) / 2
    return (len(text) - wide) * face.advance + wide * face.font.pixelSize()


def estimated_height(text: str, face: Face, width: int) -> int:
    """Return about how high a text is when broken to `width`."""
    lines = text.count("\n") + math.ceil(max(estimated_width(text, face), 1) / max(width, 1))
    return lines * face.line


def paint_mark(painter: QPainter, rect: QRectF, ground: QColor) -> None:
    """Paint the ground of what was found, a little less high than the line."""
    inset = rect.height() * 0.08
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect.adjusted(-1, inset, 1, -inset), 3, 3)


class Flow:
    """One text laid out to one width. Made when it comes near the view, dropped when far."""

    __slots__ = (
        "_chips",
        "_face",
        "_formulas",
        "_inline",
        "_layout",
        "_tops",
        "_units",
        "height",
        "width",
    )

    def __init__(
        self, inline: Inline, face: Face, type_: Typography, width: int, align: Align = Align.NONE
    ) -> None:
        self._inline = inline
        self._face = face
        self._formulas = formulas_in(inline, face, type_, width) if inline.spans else None
        text, drawn = inline.text, []
        if self._formulas is not None:
            text, drawn = self._formulas.shown(inline.text), self._formulas.stretches
        self._units = Units(inline.text, drawn)
        self._layout = QTextLayout(text.translate(CONTROLS), face.font)
        rightward = is_right_to_left(text)
        option = QTextOption(RIGHT if rightward and align is Align.NONE else ALIGNMENTS[align])
        option.setTextDirection(RIGHT_TO_LEFT if rightward else LEFT_TO_RIGHT)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        if inline.spans:
            self._layout.setFormats(self._formats(type_))
        self._tops: list[int] = []
        self.height = 0
        self.width = 0
        """How wide the longest line really is."""
        self._break(width)
        self._chips = self._code_chips()

    @property
    def waits(self) -> bool:
        """Whether it shows the source of a formula that is still being drawn."""
        return self._formulas is not None and self._formulas.waits

    def draw(
        self,
        painter: QPainter,
        at: QPointF,
        ink: QColor,
        chip: QColor | None,
        selected: tuple[int, int, QTextCharFormat] | None = None,
        marks: Sequence[Mark] = (),
    ) -> None:
        """Draw the text at a point, inline code and what was found on small rounded grounds."""
        if chip is not None and self._chips:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(chip)
            for rect in self._chips:
                painter.drawRoundedRect(rect.translated(at), 4, 4)
        for mark in marks:
            for rect in self.rects(mark.start, mark.end):
                paint_mark(painter, rect.translated(at), mark.ground)
        inked = [(mark.start, mark.end, mark.ink) for mark in marks]
        if selected is not None:
            inked.insert(0, selected)
        painter.setPen(ink)
        self._layout.draw(painter, at, [part for one in inked for part in self._parts(*one)])
        if self._formulas is not None:
            self._draw_formulas(painter, at, ink, inked)

    def rects(self, start: int, end: int) -> list[QRectF]:
        """Return the grounds of the characters from `start` to `end`, a rectangle a line."""
        first, last = self._units.to_units(start), self._units.to_units(end, after=True)
        found: list[QRectF] = []
        for number in range(self._line_of(first), self._layout.lineCount()):
            line = self._layout.lineAt(number)
            begin, stop = line.textStart(), line.textStart() + line.textLength()
            if begin > last or (begin == last and found):
                break
            top = self._tops[number]
            height = self._tops[number + 1] - top
            found.extend(
                QRectF(left, top, right - left, height)
                for left, right in self._spans_on(line, max(begin, first), min(stop, last))
            )
        return found

    def caret(self, offset: int) -> Caret:
        """Return where a character stands; the end of the text for its length."""
        unit = self._units.to_units(offset)
        number = self._line_of(unit)
        top = self._tops[number]
        x = self._x(self._layout.lineAt(number), unit)
        return Caret(x, top, self._tops[number + 1] - top)

    def line_at(self, y: float) -> int:
        """Return the number of the line at a height."""
        return max(0, min(bisect_right(self._tops, y) - 1, self._layout.lineCount() - 1))

    def line_start(self, number: int) -> int:
        """Return the offset of a line's first character."""
        return self._units.to_offset(self._layout.lineAt(number).textStart())

    def offset_at(self, x: float, y: float) -> int:
        """Return the offset of the gap between characters that is nearest to a point."""
        line = self._layout.lineAt(self.line_at(y))
        unit = line.xToCursor(x)
        end = line.textStart() + line.textLength()
        if unit >= end > line.textStart() and end < len(self._layout.text()):
            unit = self._layout.previousCursorPosition(end)
        return self._units.to_offset(unit)

    def drawn_at(self, offset: int) -> tuple[int, int] | None:
        """Return the stretch of text around an offset that is seen as one formula, if any is."""
        stretches = self._formulas.stretches if self._formulas is not None else []
        return next((one for one in stretches if one[0] <= offset < one[1]), None)

    def _parts(
        self, start: int, end: int, format_: QTextCharFormat
    ) -> list[QTextLayout.FormatRange]:
        """Return a stretch in another ink, without the letters that stand for formulas."""
        first, last = self._units.to_units(start), self._units.to_units(end, after=True)
        found: list[QTextLayout.FormatRange] = []
        for unit in self._units.drawn:
            if first <= unit < last:
                found.append(_part(first, unit, format_))
                first = unit + 1
        return [*found, _part(first, last, format_)]

    def _break(self, width: int) -> None:
        face, y, widest = self._face, 0, 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            above = max(face.base, line.ascent())
            below = max(face.line - face.base, line.descent())
            if self._formulas is not None:
                end = line.textStart() + line.textLength()
                tall = self._formulas.tallest(self._units.drawn, line.textStart(), end)
                above, below = max(above, tall[0]), max(below, tall[1])
            line.setPosition(QPointF(0, y + above - line.ascent()))
            self._tops.append(y)
            y += math.ceil(above + below)
            widest = max(widest, line.naturalTextWidth())
        self._layout.endLayout()
        if not self._tops:
            self._tops.append(0)
            y = face.line
        self._tops.append(y)
        self.height = y
        self.width = math.ceil(widest)

    def _formats(self, type_: Typography) -> list[QTextLayout.FormatRange]:
        formats: list[QTextLayout.FormatRange] = []
        for span in self._inline.spans:
            start, end = self._units.to_units(span.start), self._units.to_units(span.end)
            format_ = self._formulas.format(span.start) if self._formulas is not None else None
            formats.append(_part(start, end, format_ or type_.style_format(span.style, self._face)))
        return formats

    def _draw_formulas(
        self,
        painter: QPainter,
        at: QPointF,
        ink: QColor,
        inked: list[tuple[int, int, QTextCharFormat]],
    ) -> None:
        assert self._formulas is not None  # noqa: S101
        for number, unit in enumerate(self._units.drawn):
            line = self._layout.lineAt(self._line_of(unit))
            left = min(self._x(line, unit), self._trailing(line, unit))
            start, end = self._formulas.stretches[number]
            lit = [one[2] for one in inked if one[0] < end and one[1] > start]
            own = lit[-1].foreground().color() if lit else ink
            base = QPointF(left, line.y() + line.ascent())
            self._formulas.paint(painter, number, at + base, own)

    def _code_chips(self) -> list[QRectF]:
        chips: list[QRectF] = []
        for span in self._inline.spans:
            if span.style & Style.CODE and not self._is_drawn(span.start):
                inset = max(self._face.line * 0.1, 2)
                chips.extend(
                    rect.adjusted(-CODE_PAD, inset, CODE_PAD, -inset)
                    for rect in self.rects(span.start, span.end)
                    if rect.width() > 0
                )
        return chips

    def _is_drawn(self, start: int) -> bool:
        return self._formulas is not None and self._formulas.format(start) is not None

    def _line_of(self, unit: int) -> int:
        line = self._layout.lineForTextPosition(unit)
        return line.lineNumber() if line.isValid() else max(self._layout.lineCount() - 1, 0)

    def _x(self, line: QTextLine, unit: int) -> float:
        if not line.isValid():
            return 0.0
        placed = line.cursorToX(unit)
        return float(placed[0]) if isinstance(placed, tuple) else 0.0

    def _spans_on(self, line: QTextLine, start: int, end: int) -> list[tuple[float, float]]:
        """Return the stretches that a range covers on one line, left to right or mixed."""
        if not self._layout.text().isascii() and self._mixed():
            edges = [(self._x(line, at), self._trailing(line, at)) for at in range(start, end)]
            return [(min(pair), max(pair)) for pair in edges]
        left, right = self._x(line, start), self._x(line, end)
        return [(min(left, right), max(left, right))]

    def _mixed(self) -> bool:
        return any(
            "\u0590" <= one <= "\u08ff" or (one >= "\u200e" and one <= "\u202e")
            for one in self._layout.text()
        )

    def _trailing(self, line: QTextLine, unit: int) -> float:
        placed = line.cursorToX(unit, QTextLine.Edge.Trailing)
        return float(placed[0]) if isinstance(placed, tuple) else 0.0


def _part(start: int, end: int, format_: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = end - start
    made.format = format_
    return made
