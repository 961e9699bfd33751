"""One line of code, laid out: on one row of its own length, or broken into rows of a width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextLayout, QTextLine, QTextOption

from desktop_chat.transcript.text.flow import CONTROLS
from desktop_chat.transcript.text.utf16 import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter, QTextCharFormat

    from desktop_chat.markdown.highlight import Run
    from desktop_chat.transcript.text.typography import Typography

LONGEST: Final = 10_000
"""Characters of one line that are laid out; a copy holds all of them."""
TAB: Final = 4
ENDLESS: Final = 1e7
LINE_END: Final = 6
"""How wide the end of a selected line is shown."""


class CodeLine:
    """The layout of one line. Code runs to the right whatever letters are in it."""

    __slots__ = ("_face", "_layout", "_units")

    def __init__(self, text: str, runs: Sequence[Run], type_: Typography, room: int) -> None:
        self._units = Units(text[:LONGEST])
        self._face = type_.code
        shown = text[:LONGEST] + ("…" if len(text) > LONGEST else "")
        self._layout = QTextLayout(shown.translate(CONTROLS), type_.code.font)
        option = QTextOption()
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
            if room
            else QTextOption.WrapMode.NoWrap
        )
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setTabStopDistance(TAB * type_.code.advance)
        self._layout.setTextOption(option)
        if runs:
            inks = [(run, type_.ink_format(run.role)) for run in runs]
            self._layout.setFormats([self._format(run.start, run.end, ink) for run, ink in inks])
        self._break(room)

    @property
    def height(self) -> int:
        """The height of all rows."""
        return max(self._layout.lineCount(), 1) * self._face.line

    @property
    def width(self) -> float:
        """How far the line reaches where it is not broken."""
        line = self._layout.lineAt(0) if self._layout.lineCount() else None
        return line.naturalTextWidth() if line is not None else 0.0

    def caret(self, offset: int) -> tuple[float, int]:
        """Return where a character begins, and the top of its row."""
        unit = self._units.to_units(min(offset, LONGEST))
        line = self._layout.lineForTextPosition(unit)
        if not line.isValid():
            return 0.0, 0
        return _x(line, unit), line.lineNumber() * self._face.line

    def offset(self, x: float, y: float) -> int:
        """Return the gap between characters that is nearest."""
        line = self._row_at(y)
        if not line.isValid():
            return 0
        unit = line.xToCursor(x)
        end = line.textStart() + line.textLength()
        last = line.lineNumber() == self._layout.lineCount() - 1
        # The gap after a broken row is also the one before the next row's first character.
        if unit >= end and not last and end > line.textStart():
            unit = self._layout.previousCursorPosition(end)
        return self._units.to_offset(unit)

    def row_start(self, y: float) -> int:
        """Return the character that the row at a height begins with."""
        line = self._row_at(y)
        return self._units.to_offset(line.textStart()) if line.isValid() else 0

    def grounds(self, start: int, end: int, *, beyond: bool) -> list[QRectF]:
        """Return the grounds of a stretch, a rectangle a row; `beyond`: its end is in it too."""
        first = self._units.to_units(max(0, min(start, LONGEST)))
        last = self._units.to_units(max(0, min(end, LONGEST)))
        found: list[QRectF] = []
        height, rows = self._face.line, self._layout.lineCount()
        for number in range(rows):
            line = self._layout.lineAt(number)
            begin, stop = line.textStart(), line.textStart() + line.textLength()
            if begin > last or stop < first:
                continue
            left, right = _x(line, max(begin, first)), _x(line, min(stop, last))
            left, right = min(left, right), max(left, right)
            right += LINE_END if beyond and number == rows - 1 else 0
            if right > left:
                found.append(QRectF(left, number * height, right - left, height))
        if not rows and beyond:
            found.append(QRectF(0, 0, LINE_END, height))
        return found

    def draw(
        self, painter: QPainter, at: QPointF, lit: Sequence[tuple[int, int, QTextCharFormat]]
    ) -> None:
        """Draw the line; `lit` are stretches in other inks."""
        self._layout.draw(painter, at, [self._format(*one) for one in lit])

    def _break(self, room: int) -> None:
        self._layout.beginLayout()
        y = 0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(room or ENDLESS)
            line.setPosition(QPointF(0, y + self._face.base - line.ascent()))
            y += self._face.line
        self._layout.endLayout()

    def _row_at(self, y: float) -> QTextLine:
        rows = self._layout.lineCount()
        number = max(0, min(int(y // self._face.line), rows - 1))
        return self._layout.lineAt(number) if rows else QTextLine()

    def _format(self, start: int, end: int, format_: QTextCharFormat) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start = self._units.to_units(max(0, min(start, LONGEST)))
        made.length = self._units.to_units(max(0, min(end, LONGEST))) - made.start
        made.format = format_
        return made


def _x(line: QTextLine, unit: int) -> float:
    placed = line.cursorToX(unit)
    return float(placed[0]) if isinstance(placed, tuple) else 0.0
