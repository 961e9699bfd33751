"""Displayed formulas: in the middle of the column; where one cannot be drawn, its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from typing_extensions import override

from desktop_chat.markdown.blocks import Inline, Span, Style
from desktop_chat.transcript.blocks.bars import bar_button, paint_bar
from desktop_chat.transcript.blocks.box import Box, Canvas, Range
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.blocks.sideways import Sideways
from desktop_chat.transcript.formula.formulas import Absent
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.flow import Caret
from desktop_chat.transcript.text.typography import formula_size

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Code
    from desktop_chat.markdown.drawn_formula import Formula
    from desktop_chat.transcript.text.typography import Typography

PAD: Final = 4
BAR: Final = 10
"""Below a formula that scrolls sideways."""
CLIP: Final = Qt.ClipOperation.IntersectClip


class FormulaBox(Box):
    """One displayed formula. Its text is the source, of which any part stands for the whole."""

    __slots__ = ("_formula", "_scroll", "_source", "_stand_in", "_type", "code")

    def __init__(self, code: Code, type_: Typography) -> None:
        super().__init__()
        self.partial = True
        self.code = code
        self._scroll = Sideways()
        self._type = type_
        self._source = "\n".join(code.lines)
        self._formula: Formula | Absent | None = None
        """None: not asked for."""
        self._stand_in: Box | None = None
        self.length = len(self._source)

    @property
    def drawn(self) -> bool:
        """Whether the formula is seen, and not its source."""
        return self._formula is not None and not isinstance(self._formula, Absent)

    @property
    @override
    def cover(self) -> int:
        return self._stand_in.cover if self._stand_in is not None else 0

    @property
    @override
    def sideways(self) -> Sideways | None:
        return self._stand_in.sideways if self._stand_in is not None else self._scroll

    @override
    def place(self, width: int) -> None:
        self.width = width
        if self._stand_in is not None:
            self._stand_in.place(width)
        rows = 1 + self._source.count("\\\\")
        self.height = round(rows * 1.5 * self._type.body.line) + 2 * PAD
        self._fit()

    @override
    def settle(self, top: int, bottom: int) -> None:
        self._look()
        if self._stand_in is not None:
            self._stand_in.settle(top, bottom)
            self.height = self._stand_in.height

    @override
    def drop(self) -> None:
        if self._stand_in is not None:
            self._stand_in.drop()
        self._formula = None

    @override
    def renew(self) -> bool:
        waits = self._formula is Absent.WAITING
        if waits:
            self._formula = None
        return waits

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        formula = self._look()
        if formula is None:
            if self._stand_in is not None:
                self._stand_in.paint(canvas, selected)
            return
        painter, type_ = canvas.painter, canvas.type
        size = formula_size(type_.body)
        area = QRectF(self._left, 0, formula.width * size, self.height)
        ink = type_.colour("ink")
        painter.save()
        painter.setClipRect(QRectF(-PAD, 0, self.width + 2 * PAD, self.height), CLIP)
        if selected is not None:
            painter.fillRect(area.adjusted(-PAD, 0, PAD, 0), type_.colour(canvas.selection_role))
            lit = type_.selected_format(canvas.selection_role)
            ink = lit.foreground().color() if lit is not None else ink
        painter.setFont(type_.body.font)
        base = QPointF(area.left(), PAD + formula.ascent * size)
        assert type_.look.formulas is not None  # noqa: S101
        type_.look.formulas.ink.paint(painter, formula, base, size, ink)
        painter.restore()

    @override
    def offset_at(self, x: float, y: float) -> int:
        if self._look() is None and self._stand_in is not None:
            return self._stand_in.offset_at(x, y)
        return 0 if x < self._left + self._wide / 2 else self.length

    @override
    def caret(self, offset: int) -> Caret:
        if self._look() is None and self._stand_in is not None:
            return self._stand_in.caret(offset)
        left = self._left + (self._wide if offset > self.length / 2 else 0)
        return Caret(left, 0, self.height)

    @override
    def line_start(self, offset: int, y: float) -> int:
        if self._look() is None and self._stand_in is not None:
            return self._stand_in.line_start(offset, y)
        return 0

    @override
    def drawn_at(self, offset: int) -> Range | None:
        return Range(0, self.length) if self._stand_in is None else None

    @override
    def pin(self, window: tuple[int, int] | None) -> None:
        if self._stand_in is not None:
            self._stand_in.pin(window)

    @override
    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        if self._stand_in is not None:
            self._stand_in.block, self._stand_in.number = self.block, self.number
            buttons = self._stand_in.buttons(item_id, origin)
            return [one for one in buttons if one.target.kind in (Kind.COPY_CODE, Kind.SIDEWAYS)]
        told = f"formula {self._source}"
        target = Target(Kind.COPY_CODE, item_id, block=self.block, leaf=self.number)
        width = round(self._type.small.metrics.horizontalAdvance("Copied")) + 32
        height = min(self._type.side, self.height)
        rect = QRect(self.width - width, (self.height - height) // 2, width, height)
        copy = Button(target, rect.translated(origin), "Copy", told)
        return [copy, *bar_button(self, item_id, told, origin)]

    @override
    def paint_button(self, canvas: Canvas, button: Button) -> None:
        if self._stand_in is not None:
            self._stand_in.paint_button(canvas, button)
        elif button.target.kind is Kind.SIDEWAYS:
            paint_bar(canvas, self._scroll, button)
        else:
            _paint_copy(canvas, button)

    @property
    def _wide(self) -> float:
        formula = self._formula
        if formula is None or isinstance(formula, Absent):
            return float(self.width)
        return formula.width * formula_size(self._type.body)

    @property
    def _left(self) -> float:
        return max((self.width - self._wide) / 2, 0) - self._scroll.x

    def _look(self) -> Formula | None:
        """Return the formula, where it is drawn; else see to it that its source is shown."""
        if self._formula is None:
            formulas = self._type.look.formulas
            found: Formula | Absent = Absent.REFUSED
            if formulas is not None:
                found = formulas.find(self._source, display=True)
            self._formula = found
            self._furnish(found)
        return None if isinstance(self._formula, Absent) else self._formula

    def _furnish(self, found: Formula | Absent) -> None:
        if found is Absent.WAITING:
            span = Span(0, self.length, Style.CODE)
            self._stand_in = ProseBox(Inline(self._source, (span,)), self._type.body, self._type)
        elif found is Absent.REFUSED:
            self._stand_in = CodeBox(self.code, self._type)
        else:
            self._stand_in = None
        if self._stand_in is not None:
            self._stand_in.place(self.width)
            self.height = self._stand_in.height
        self._fit()

    def _fit(self) -> None:
        formula = self._formula
        if formula is None or isinstance(formula, Absent):
            return
        size = formula_size(self._type.body)
        self._scroll.fit(round(formula.width * size), self.width)
        tall = round((formula.ascent + formula.descent) * size) + 2 * PAD
        self.height = tall + (BAR if self._scroll.needed else 0)
        self._scroll.place(0, self.width, self.height)


def _paint_copy(canvas: Canvas, button: Button) -> None:
    """Paint the Copy beside a formula, while it is pointed at, reached or just pressed."""
    done = button.target == canvas.confirmed
    if not done and button.target not in (canvas.hovered, canvas.focused):
        return
    painter, type_ = canvas.painter, canvas.type
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(type_.colour("hover"))
    painter.drawRoundedRect(QRectF(button.rect), 6, 6)
    painter.setFont(type_.small.font)
    painter.setPen(type_.colour("ink"))
    words = "Copied" if done else "Copy"
    painter.drawText(button.rect, Qt.AlignmentFlag.AlignCenter, words)
