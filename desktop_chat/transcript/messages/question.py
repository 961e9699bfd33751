"""A person's message: plain text in a tinted bubble at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from typing_extensions import override

from desktop_chat.transcript.blocks.buttons import paint_message_focus
from desktop_chat.transcript.blocks.column import Column
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.messages.action_row import ActionRow
from desktop_chat.transcript.messages.message import TEXT, Message
from desktop_chat.transcript.text.plain import PlainStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.message import Geometry
    from desktop_chat.transcript.targets import Button

PAD_X: Final = 16
PAD_Y: Final = 10
RADIUS: Final = 12
FULL_WIDTH_LINES: Final = 60
"""From so many lines on the bubble takes its full width: the longest line is not looked for."""


class Question(Message):
    """The bubble, with its actions beside it, or under it where there are versions."""

    __slots__ = ("_column", "_reserved", "_row", "_stream", "_width")

    def __init__(self, item: Item, geometry: Geometry, lead: int) -> None:
        self._stream: PlainStream | None = None
        self._column: Column | None = None
        self._row: ActionRow | None = None
        self._width = 0
        self._reserved = 0
        super().__init__(item, geometry, lead)

    @property
    @override
    def blocks(self) -> list[Block]:
        return (self._stream or PlainStream(self.text)).blocks

    @property
    @override
    def ready_blocks(self) -> list[Block]:
        return self.blocks

    @override
    def build(self) -> None:
        if self.built:
            return
        self.built = True
        type_ = self._geometry.type
        self._stream = PlainStream(self.text)
        widest = int(self._geometry.width * self._geometry.bubble) - 2 * PAD_X
        self._column = Column(type_, type_.body, widest, gaps=False)
        self._column.build(self._stream.blocks)
        self._row = ActionRow(self.item, type_)
        self._width = widest
        if len(self._column.boxes) <= FULL_WIDTH_LINES:
            boxes = [box for box in self._column.boxes if isinstance(box, ProseBox)]
            self._width = min(max((box.text_width for box in boxes), default=0) + 1, widest)
            self._column.set_width(self._width)
        self._measure()

    @override
    def empty(self) -> None:
        self.built = False
        self._stream = self._column = self._row = None

    @override
    def settle(self, top: int, bottom: int) -> None:
        if self._column is not None:
            y = self.lead + PAD_Y
            self._column.settle(top - y, bottom - y)
            self._measure()

    @override
    def paint(self, canvas: Canvas, selected: Callable[[int, int], Range | None]) -> None:
        if self._column is None or self._row is None:
            return
        painter, left = canvas.painter, self._left()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(canvas.type.colour("user_bubble"))
        painter.drawRoundedRect(QRectF(self.bubble()), RADIUS, RADIUS)
        x, y = left + PAD_X, self.lead + PAD_Y
        painter.translate(x, y)
        self._column.paint(canvas.moved(y), lambda block: selected(TEXT, block))
        painter.translate(-x, -y)
        paint_message_focus(canvas, self.item.id, self.bubble())
        if canvas.actions or self.item.versions > 1:
            self._row.paint(canvas, self._row_origin())

    @override
    def buttons(self, top: int, bottom: int) -> list[Button]:
        return self._row.buttons(self._row_origin()) if self._row is not None else []

    @override
    def columns(self) -> list[tuple[int, Column, int, int]]:
        if self._column is None:
            return []
        return [(TEXT, self._column, self._left() + PAD_X, self.lead + PAD_Y)]

    @override
    def update(self, item: Item) -> None:
        if item == self.item:
            return
        self.item = item
        self._pieces = [item.text]
        if self.built:
            self.empty()
            self.build()
        else:
            self.height = self.estimate()

    @override
    def set_geometry(self, geometry: Geometry, lead: int) -> None:
        super().set_geometry(geometry, lead)
        if self.built:
            self.empty()
            self.build()
        else:
            self.height = self.estimate()

    def reserve(self, height: int) -> None:
        """Take at least the height of an editor that lies over the bubble; 0 ends that."""
        self._reserved = height
        self._measure()

    def bubble(self) -> QRect:
        """Return where the bubble is."""
        width = self._width + 2 * PAD_X
        return QRect(self._left(), self.lead, width, self._bubble_height())

    def _left(self) -> int:
        return self._geometry.width - self._width - 2 * PAD_X

    def _bubble_height(self) -> int:
        return (self._column.height if self._column is not None else 0) + 2 * PAD_Y

    def _measure(self) -> None:
        row = self._geometry.type.side + 4 if self.item.versions > 1 else 0
        self.height = self.lead + max(self._bubble_height() + row, self._reserved)

    def _row_origin(self) -> QPoint:
        width = self._row.width if self._row is not None else 0
        bottom = self.lead + self._bubble_height()
        if self.item.versions > 1:
            return QPoint(self._geometry.width - width, bottom + 4)
        return QPoint(self._left() - width - 4, bottom - self._geometry.type.side - 8)
