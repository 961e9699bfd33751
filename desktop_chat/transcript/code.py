"""Code blocks: a card with a header, lines that never wrap, only the visible ones laid out."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPen, QTextLayout, QTextOption
from typing_extensions import override

from desktop_chat.transcript.box import Box, Canvas, Range
from desktop_chat.transcript.flow import CONTROLS, Caret
from desktop_chat.transcript.marks import Mark, draw_mark
from desktop_chat.transcript.sideways import Sideways
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.utf16 import Units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QTextCharFormat

    from desktop_chat.markdown.blocks import Code
    from desktop_chat.markdown.highlight import Run
    from desktop_chat.transcript.typography import Typography

PAD_X: Final = 16
PAD_Y: Final = 12
LONGEST: Final = 10_000
"""Characters of one line that are laid out; a copy holds all of them."""
TAB: Final = 4
KEPT: Final = 300
"""Lines whose layouts are kept."""


class CodeLine:
    """One line of code, laid out."""

    __slots__ = ("layout", "line", "units")

    def __init__(self, text: str, runs: Sequence[Run], type_: Typography) -> None:
        self.units = Units(text[:LONGEST])
        shown = text[:LONGEST] + ("…" if len(text) > LONGEST else "")
        self.layout = QTextLayout(shown.translate(CONTROLS), type_.code.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setTabStopDistance(TAB * type_.code.advance)
        self.layout.setTextOption(option)
        if runs:
            inks = [(run, type_.ink_format(run.role)) for run in runs]
            self.layout.setFormats([self.part(run.start, run.end, ink)[0] for run, ink in inks])
        self.layout.beginLayout()
        self.line = self.layout.createLine()
        if self.line.isValid():
            self.line.setLineWidth(1e7)
            self.line.setPosition(QPointF(0, type_.code.base - self.line.ascent()))
        self.layout.endLayout()

    def x(self, offset: int) -> float:
        """Return where a character begins."""
        if not self.line.isValid():
            return 0.0
        placed = self.line.cursorToX(self.units.to_units(min(offset, LONGEST)))
        return float(placed[0]) if isinstance(placed, tuple) else 0.0

    def offset(self, x: float) -> int:
        """Return the gap between characters that is nearest."""
        return self.units.to_offset(self.line.xToCursor(x)) if self.line.isValid() else 0

    def part(self, start: int, end: int, format_: QTextCharFormat) -> list[QTextLayout.FormatRange]:
        """Return a stretch of the line in another format."""
        made = QTextLayout.FormatRange()
        made.start = self.units.to_units(max(0, min(start, LONGEST)))
        made.length = self.units.to_units(max(0, min(end, LONGEST))) - made.start
        made.format = format_
        return [made]


class CodeBox(Box):
    """A code block of any length; its height is exact without any layout."""

    __slots__ = (
        "__weakref__",
        "_code",
        "_lines",
        "_starts",
        "_type",
        "_widest",
        "coloured",
        "label",
        "plain",
        "runs",
        "scroll",
        "stale",
    )

    def __init__(self, code: Code, type_: Typography, label: str) -> None:
        super().__init__()
        self._code = code
        self._type = type_
        self._lines: dict[int, CodeLine] = {}
        self._starts: list[int] = []
        self._widest = 0.0
        self.label = label
        self.runs: list[Sequence[Run]] = []
        """Colours a line; shorter than the lines where they are not known yet."""
        self.stale = 0
        """From which line on the colours are not up to date, while the block is open."""
        self.plain = False
        """Whether it is too long to be coloured, which the header tells."""
        self.coloured = False
        """Whether nothing needs to be done for its colours."""
        self.scroll = Sideways()
        self._measure(0)

    @property
    def code(self) -> Code:
        """The leaf that is shown."""
        return self._code

    def grow(self, lines: int) -> None:
        """Read the lines anew from number `lines` on; those before stand as they were."""
        del self._starts[lines:]
        self.stale = min(self.stale, lines)
        self.coloured = False
        for number in [number for number in self._lines if number >= lines]:
            del self._lines[number]
        self._measure(lines)
        self._fit()

    def recolour(self, first: int, runs: Sequence[Sequence[Run]]) -> None:
        """Take the colours of the lines from `first` on."""
        del self.runs[first:]
        self.runs.extend(runs)
        self.stale = len(self._code.lines)
        self.coloured = True
        for number in [number for number in self._lines if number >= first]:
            del self._lines[number]

    @override
    def place(self, width: int) -> None:
        self.width = width
        self._fit()

    @override
    def settle(self, top: int, bottom: int) -> None:
        pass

    @override
    def drop(self) -> None:
        self._lines.clear()

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        painter, type_ = canvas.painter, canvas.type
        card = QRectF(0.5, 0.5, self.width - 1, self.height - 1)
        painter.setPen(QPen(type_.colour("line"), 1))
        painter.setBrush(type_.colour("code"))
        painter.drawRoundedRect(card, 8, 8)
        painter.fillRect(QRectF(1, self._type.card_header, self.width - 2, 1), type_.colour("line"))
        self._paint_label(canvas)
        painter.save()
        clip = QRectF(
            1, self._type.card_header + 1, self.width - 2, self.height - self._type.card_header - 2
        )
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        for number in self._visible(canvas):
            self._paint_line(canvas, number, selected)
        painter.restore()
        self.scroll.paint(canvas, card.adjusted(PAD_X, 0, -PAD_X, -3))

    @override
    def offset_at(self, x: float, y: float) -> int:
        number = self._line_at(y)
        if number < 0:
            return 0
        return self._starts[number] + self._line(number).offset(x - PAD_X + self.scroll.x)

    @override
    def caret(self, offset: int) -> Caret:
        number = max(bisect_right(self._starts, offset) - 1, 0)
        top, height = self._top(number), self._type.code.line
        if not self._starts:
            return Caret(PAD_X, top, height)
        x = self._line(number).x(offset - self._starts[number])
        return Caret(PAD_X + x - self.scroll.x, top, height)

    @override
    def line_start(self, offset: int, y: float) -> int:
        number = self._line_at(y)
        return self._starts[number] if number >= 0 else 0

    @override
    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        target = Target(Kind.COPY_CODE, item_id, block=self.block, leaf=self.number)
        lines = len(self._code.lines)
        unit = "line" if lines == 1 else "lines"
        spoken = f"{self._code.language or 'plain'} code, {lines} {unit}"
        return [Button(target, self._copy_rect().translated(origin), "Copy", spoken)]

    @override
    def scroll_by(self, dx: int) -> bool:
        return self.scroll.move(dx)

    def paint_button(self, canvas: Canvas, button: Button) -> None:
        """Paint the Copy of the header at the button's own place."""
        painter, type_ = canvas.painter, canvas.type
        done = button.target == canvas.confirmed
        hot = button.target == canvas.hovered
        rect = QRectF(button.rect)
        if hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(type_.colour("hover"))
            painter.drawRoundedRect(rect, 6, 6)
        painter.setFont(type_.small.font)
        ink = type_.colour("ink" if hot or done else "ink_soft")
        painter.setPen(ink)
        right = rect.adjusted(0, 0, -8, 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(right, flags, "Copied" if done else "Copy")
        if done:
            mark = QRectF(rect.left() + 5, rect.center().y() - 6, 12, 12)
            draw_mark(painter, Mark.CHECK, mark, type_.colour("success"))

    def _measure(self, first: int) -> None:
        lines, code = self._code.lines, self._type.code
        at = self._starts[-1] + len(lines[first - 1]) + 1 if self._starts else 0
        for number in range(first, len(lines)):
            line = lines[number]
            self._starts.append(at)
            at += len(line) + 1
            shown = line[:LONGEST] if len(line) > LONGEST else line
            if shown.isascii():
                width = len(shown.expandtabs(TAB) if "\t" in shown else shown) * code.advance
            else:
                width = code.metrics.horizontalAdvance(shown)
            self._widest = max(self._widest, width)
        self.length = max(at - 1, 0)

    def _fit(self) -> None:
        bodies = max(len(self._code.lines), 1) * self._type.code.line
        self.height = self._type.card_header + 2 * PAD_Y + bodies
        self.scroll.fit(round(self._widest) + 2 * PAD_X, self.width)

    def _top(self, number: int) -> int:
        return self._type.card_header + PAD_Y + number * self._type.code.line

    def _line_at(self, y: float) -> int:
        number = int((y - self._type.card_header - PAD_Y) // self._type.code.line)
        return min(max(number, 0), len(self._starts) - 1)

    def _visible(self, canvas: Canvas) -> range:
        first = max(self._line_at(canvas.top), 0)
        return range(first, self._line_at(canvas.bottom) + 1)

    def _line(self, number: int) -> CodeLine:
        known = self._lines.get(number)
        if known is None:
            if len(self._lines) > KEPT:
                self._lines.clear()
            runs = self.runs[number] if number < len(self.runs) else ()
            known = CodeLine(self._code.lines[number], runs, self._type)
            self._lines[number] = known
        return known

    def _paint_label(self, canvas: Canvas) -> None:
        type_ = canvas.type
        canvas.painter.setFont(type_.small.font)
        canvas.painter.setPen(type_.colour("ink_soft"))
        area = QRectF(PAD_X, 0, self.width - 2 * PAD_X - 90, self._type.card_header)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        words = f"{self.label} · too long to colour" if self.plain else self.label
        canvas.painter.drawText(area, flags, words)

    def _paint_line(self, canvas: Canvas, number: int, selected: Range | None) -> None:
        line, top = self._line(number), self._top(number)
        left = PAD_X - self.scroll.x
        start = self._starts[number]
        length = len(self._code.lines[number])
        part: list[QTextLayout.FormatRange] = []
        if selected is not None and selected.start <= start + length and selected.end > start:
            first = line.x(max(selected.start - start, 0))
            last = line.x(min(selected.end - start, length))
            last += 6 if selected.end > start + length else 0
            ground = QRectF(left + first, top, last - first, self._type.code.line)
            canvas.painter.fillRect(ground, canvas.type.colour(canvas.selection_role))
            lit = canvas.type.selected_format(canvas.selection_role)
            if lit is not None:
                part = line.part(selected.start - start, selected.end - start, lit)
        canvas.painter.setPen(canvas.type.colour("ink"))
        line.layout.draw(canvas.painter, QPointF(left, top), part)

    def _copy_rect(self) -> QRect:
        width = round(self._type.small.metrics.horizontalAdvance("Copied")) + 32
        return QRect(self.width - 8 - width, 2, width, self._type.card_header - 4)
