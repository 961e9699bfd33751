"""Paragraphs and headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from typing_extensions import override

from desktop_chat.markdown.blocks import Style
from desktop_chat.transcript.blocks.box import Box, Canvas, Range
from desktop_chat.transcript.text.flow import Caret, Flow, estimated_height
from desktop_chat.transcript.text.linked import Link, links_in

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Inline
    from desktop_chat.transcript.text.typography import Face, Typography


class ProseBox(Box):
    """One paragraph, one segment of a long one, or one heading."""

    __slots__ = ("_flow", "_inline", "_type", "face")

    def __init__(self, inline: Inline, face: Face, type_: Typography) -> None:
        super().__init__()
        self._inline = inline
        self._type = type_
        self._flow: Flow | None = None
        self.face = face
        self.length = len(inline.text)
        self.partial = any(one.style & Style.MATH for one in inline.spans)

    @property
    def text_width(self) -> int:
        """How wide the longest line is, once settled."""
        return self._laid().width

    @override
    def place(self, width: int) -> None:
        self.width = width
        self._flow = None
        self.height = estimated_height(self._inline.text, self.face, width)

    @override
    def settle(self, top: int, bottom: int) -> None:
        self.height = self._laid().height

    @override
    def drop(self) -> None:
        self._flow = None

    @override
    def drawn_at(self, offset: int) -> Range | None:
        drawn = self._laid().drawn_at(offset) if self.partial else None
        return Range(*drawn) if drawn is not None else None

    @override
    def renew(self) -> bool:
        waits = self._flow is not None and self._flow.waits
        if waits:
            self._flow = None
        return waits

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        flow = self._laid()
        if selected is not None:
            ground = canvas.type.colour(canvas.selection_role)
            for rect in flow.rects(*selected):
                canvas.painter.fillRect(rect, ground)
        ink = canvas.type.colour(self.face.colour)
        chip = canvas.type.colour("code") if selected is None else None
        lit = canvas.type.selected_format(canvas.selection_role)
        part = (*selected, lit) if selected is not None and lit is not None else None
        marks = canvas.marked(0, self.length)
        flow.draw(canvas.painter, QPointF(0, 0), ink, chip, part, marks)

    @override
    def offset_at(self, x: float, y: float) -> int:
        return self._laid().offset_at(x, y)

    @override
    def caret(self, offset: int) -> Caret:
        return self._laid().caret(offset)

    @override
    def line_start(self, offset: int, y: float) -> int:
        flow = self._laid()
        return flow.line_start(flow.line_at(y))

    @override
    def links(self) -> list[Link]:
        return links_in(self._inline)

    @override
    def link_rects(self, link: Link) -> list[QRectF]:
        return self._laid().rects(link.start, link.end)

    def _laid(self) -> Flow:
        if self._flow is None:
            self._flow = Flow(self._inline, self.face, self._type, self.width)
        return self._flow
