"""The text of a code block: lines of which only the visible ones are laid out."""

from __future__ import annotations

import re
from bisect import bisect_right
from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt

from desktop_chat.transcript.blocks.code_line import LONGEST, TAB, CodeLine
from desktop_chat.transcript.blocks.code_long_line import LONG, LongCodeLine, goes_in_pieces
from desktop_chat.transcript.text.flow import Caret, estimated_width, paint_mark
from desktop_chat.transcript.text.heights import Heights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QTextCharFormat

    from desktop_chat.markdown.blocks import Code
    from desktop_chat.markdown.highlight import Run
    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.text.typography import Typography

EVEN: Final = re.compile(r"[ -~\u2e80-\u30ff\u3400-\u9fff\uff01-\uff60]*")
"""Characters that are as wide as one letter of code, or as high as the type, in any typeface: to
ask for the width of such a line takes fifty times as long, and a block may have thousands.
"""
KEPT: Final = 300
"""Lines whose layouts are kept."""
NUMBERS_GAP: Final = 16


class CodeText:
    """The lines, on rows of one height. Its origin is the left top of the first line."""

    __slots__ = (
        "_code",
        "_lines",
        "_room",
        "_tops",
        "_type",
        "length",
        "runs",
        "shown",
        "starts",
        "widest",
    )

    def __init__(self, code: Code, type_: Typography) -> None:
        self._code = code
        self._type = type_
        self._lines: dict[int, CodeLine | LongCodeLine] = {}
        self._tops: Heights | None = None
        """Heights of the lines where they are broken; else all are of one."""
        self._room = 0
        self.starts: list[int] = []
        """The offset of each line's first character."""
        self.runs: list[Sequence[Run]] = []
        """Colours a line; shorter than the lines where they are not known yet."""
        self.shown = 0
        """How many lines are shown; the others are folded away."""
        self.widest = 0.0
        self.length = 0

    @property
    def height(self) -> int:
        """The height of the lines that are shown; of none that of one."""
        if self._tops is not None:
            return max(self._tops.before(self.shown), self._type.code.line)
        return max(self.shown, 1) * self._type.code.line

    @property
    def numbers_width(self) -> int:
        """The room that line numbers take, where they are shown."""
        if not self._type.look.line_numbers:
            return 0
        digits = max(2, len(str(len(self._code.lines))))
        return ceil(digits * self._type.code.advance) + NUMBERS_GAP

    def measure(self, first: int) -> None:
        """Read the lines anew from number `first` on; those before stand as they were."""
        lines, code = self._code.lines, self._type.code
        del self.starts[first:]
        self._forget(first)
        at = self.starts[-1] + len(lines[first - 1]) + 1 if self.starts else 0
        for number in range(first, len(lines)):
            line = lines[number]
            self.starts.append(at)
            at += len(line) + 1
            shown = line[:LONGEST] if len(line) > LONGEST else line
            if shown.isascii():
                width = len(shown.expandtabs(TAB) if "\t" in shown else shown) * code.advance
            elif len(shown) > LONG or EVEN.fullmatch(shown):
                width = estimated_width(shown, code)
            else:
                width = code.metrics.horizontalAdvance(shown)
            self.widest = max(self.widest, width)
        self.length = max(at - 1, 0)
        if self._tops is not None:
            self._tops.truncate(first)
            self._estimate(first)

    def fit(self, room: int, shown: int) -> None:
        """Show so many lines, broken to a width, or on one row each where that is 0."""
        self.shown = shown
        if room == self._room:
            return
        self._room = room
        self._lines.clear()
        self._tops = Heights() if room else None
        if room:
            self._estimate(0)

    def settle(self, top: float, bottom: float) -> None:
        """Make the heights of broken lines between two heights exact."""
        if self._tops is None:
            return
        number, y = self.line_at(top), self.top(self.line_at(top))
        while 0 <= number < self.shown and y < bottom:
            self._tops.set(number, self._line(number).height)
            y += self._tops[number]
            number += 1

    def drop(self) -> None:
        """Forget the layouts."""
        self._lines.clear()

    def recolour(self, first: int, runs: Sequence[Sequence[Run]]) -> None:
        """Take the colours of the lines from `first` on."""
        del self.runs[first:]
        self.runs.extend(runs)
        self._forget(first)

    def top(self, number: int) -> int:
        """Return where a line begins."""
        number = min(number, self.shown)
        if self._tops is not None:
            return self._tops.before(max(number, 0))
        return number * self._type.code.line

    def line_at(self, y: float) -> int:
        """Return the number of the shown line at a height; -1 where there is none at all."""
        last = min(self.shown, len(self.starts)) - 1
        if self._tops is not None and last >= 0:
            return min(self._tops.find(int(max(y, 0))), last)
        return min(max(int(y // self._type.code.line), 0), last)

    def number_of(self, offset: int) -> int:
        """Return the number of the line that an offset is in."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def offset_at(self, x: float, y: float) -> int:
        """Return the offset that is nearest to a point."""
        number = self.line_at(y)
        if number < 0:
            return 0
        return self.starts[number] + self._line(number).offset(x, y - self.top(number))

    def row_start(self, y: float) -> int:
        """Return the offset at which the row at a height begins."""
        number = self.line_at(y)
        if number < 0:
            return 0
        if self._tops is None:
            return self.starts[number]
        return self.starts[number] + self._line(number).row_start(y - self.top(number))

    def caret(self, offset: int) -> Caret:
        """Return where an offset stands; what is folded away stands after the last line shown."""
        height = self._type.code.line
        if not self.starts:
            return Caret(0, 0, height)
        number = self.number_of(offset)
        if number >= self.shown:
            return Caret(0, self.height - height, height)
        x, below = self._line(number).caret(offset - self.starts[number])
        return Caret(x, self.top(number) + below, height)

    def paint(self, canvas: Canvas, left: float, selected: Range | None) -> None:
        """Paint the visible lines, moved to the right by `left`."""
        first = max(self.line_at(canvas.top), 0)
        for number in range(first, self.line_at(canvas.bottom) + 1):
            self._paint_line(canvas, number, QPointF(left, self.top(number)), selected)

    def paint_numbers(self, canvas: Canvas, right: float) -> None:
        """Paint the numbers of the visible lines, ending at `right`."""
        painter, face = canvas.painter, self._type.code
        painter.setFont(face.font)
        painter.setPen(canvas.type.colour("ink_faint"))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        first = max(self.line_at(canvas.top), 0)
        for number in range(first, self.line_at(canvas.bottom) + 1):
            area = QRectF(right - 200, self.top(number), 200, face.line)
            painter.drawText(area, flags, str(number + 1))

    def _estimate(self, first: int) -> None:
        assert self._tops is not None  # noqa: S101
        face = self._type.code
        for line in self._code.lines[first:]:
            shown = line[:LONGEST].expandtabs(TAB)
            rows = ceil(estimated_width(shown, face) / self._room) if shown else 1
            self._tops.append(rows * face.line)

    def _forget(self, first: int) -> None:
        for number in [number for number in self._lines if number >= first]:
            del self._lines[number]

    def _line(self, number: int) -> CodeLine | LongCodeLine:
        known = self._lines.get(number)
        if known is None:
            if len(self._lines) > KEPT:
                self._lines.clear()
            runs = self.runs[number] if number < len(self.runs) else ()
            text = self._code.lines[number]
            if not self._room and goes_in_pieces(text):
                known = LongCodeLine(text, runs, self._type)
            else:
                known = CodeLine(text, runs, self._type, self._room)
            self._lines[number] = known
        return known

    def _paint_line(self, canvas: Canvas, number: int, at: QPointF, selected: Range | None) -> None:
        line, start = self._line(number), self.starts[number]
        end = start + len(self._code.lines[number])
        lit: list[tuple[int, int, QTextCharFormat]] = []
        if selected is not None and selected.start <= end and selected.end > start:
            first, last = max(selected.start - start, 0), min(selected.end, end) - start
            ground = canvas.type.colour(canvas.selection_role)
            for rect in line.grounds(first, last, beyond=selected.end > end):
                canvas.painter.fillRect(rect.translated(at), ground)
            format_ = canvas.type.selected_format(canvas.selection_role)
            lit += [(first, last, format_)] if format_ is not None else []
        for mark in canvas.marked(start, end):
            for rect in line.grounds(mark.start, mark.end, beyond=False):
                paint_mark(canvas.painter, rect.translated(at), mark.ground)
            lit.append((mark.start, mark.end, mark.ink))
        canvas.painter.setPen(canvas.type.colour("ink"))
        line.draw(canvas.painter, at, lit)
