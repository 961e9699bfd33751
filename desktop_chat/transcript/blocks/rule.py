"""Thematic breaks."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from typing_extensions import override

from desktop_chat.transcript.blocks.box import Box, Canvas, Range
from desktop_chat.transcript.text.flow import Caret


class RuleBox(Box):
    """A hairline across the column."""

    __slots__ = ()

    @override
    def place(self, width: int) -> None:
        self.width = width
        self.height = 9

    @override
    def settle(self, top: int, bottom: int) -> None:
        pass

    @override
    def drop(self) -> None:
        pass

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        canvas.painter.fillRect(QRectF(0, 4, self.width, 1), canvas.type.colour("line"))

    @override
    def offset_at(self, x: float, y: float) -> int:
        return 0

    @override
    def caret(self, offset: int) -> Caret:
        return Caret(0, 0, self.height)

    @override
    def line_start(self, offset: int, y: float) -> int:
        return 0
