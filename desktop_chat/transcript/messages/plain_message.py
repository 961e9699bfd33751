"""A message that could not be drawn as it should: its bare text, a note, and another try."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRectF, Qt
from typing_extensions import override

from desktop_chat.transcript.blocks.buttons import paint_message_focus
from desktop_chat.transcript.blocks.column import Column
from desktop_chat.transcript.items import Action, Notice
from desktop_chat.transcript.messages.action_row import ActionRow
from desktop_chat.transcript.messages.message import TEXT, Message
from desktop_chat.transcript.messages.notice import NoticeBox
from desktop_chat.transcript.messages.speech import author
from desktop_chat.transcript.targets import Kind
from desktop_chat.transcript.text.plain import PlainStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.message import Geometry
    from desktop_chat.transcript.targets import Button

WITHHELD: Final = 2
"""So often it did not end well; then not even the bare text is shown."""
SHOWN: Final = 200_000
"""Characters that are shown; a copy holds all of them."""
GAP: Final = 8
PLAIN_NOTE: Final = "Showing this message did not end well, so it stands here as plain text."
WITHHELD_NOTE: Final = (
    "Showing this message did not end well even as plain text, so its text is left out. "
    "Copy gives all of it."
)


class PlainMessage(Message):
    """Anybody's message at full width, without markdown, colours, formulas and pictures."""

    __slots__ = (
        "_column",
        "_details_open",
        "_end",
        "_note",
        "_notice",
        "_row",
        "_stream",
        "_strikes",
    )

    def __init__(self, item: Item, geometry: Geometry, lead: int, strikes: int) -> None:
        self._strikes = strikes
        self._stream = PlainStream()
        self._column: Column | None = None
        self._note: NoticeBox | None = None
        self._notice: NoticeBox | None = None
        self._row: ActionRow | None = None
        self._details_open = False
        self._end = 0
        super().__init__(item, geometry, lead)

    @property
    @override
    def strikes(self) -> int:
        return self._strikes

    @property
    @override
    def note(self) -> str:
        return WITHHELD_NOTE if self._strikes >= WITHHELD else PLAIN_NOTE

    @property
    @override
    def details_open(self) -> bool:
        return self._details_open

    @property
    @override
    def blocks(self) -> list[Block]:
        return PlainStream(self.text).blocks

    @property
    @override
    def ready_blocks(self) -> list[Block]:
        return PlainStream(self._shown_text).blocks

    @property
    @override
    def content_bottom(self) -> int:
        return self._end if self.built else self.height

    @property
    def _shown_text(self) -> str:
        return "" if self._strikes >= WITHHELD else self.text[:SHOWN]

    @override
    def build(self) -> None:
        if self.built:
            return
        self.built = True
        type_, width = self._geometry.type, self._geometry.width
        self._note = self._box(Notice(self.note, (Action.TRY_AGAIN,), danger=False))
        self._notice = self._box(self.item.notice) if self.item.notice is not None else None
        self._row = ActionRow(self.item, type_, room=width)
        self._column = Column(type_, type_.body, width, gaps=False)
        self._stream = PlainStream(self._shown_text)
        if self._strikes < WITHHELD:
            self._column.build(self._stream.blocks)
        self._measure()

    @override
    def empty(self) -> None:
        self.built = False
        self._column = self._note = self._notice = self._row = None
        self._stream = PlainStream()

    @override
    def settle(self, top: int, bottom: int) -> None:
        if self._column is not None:
            y = self._text_top()
            self._column.settle(top - y, bottom - y)
            self._measure()

    @override
    def paint(self, canvas: Canvas, selected: Callable[[int, int], Range | None]) -> None:
        if self._column is None or self._note is None:
            return
        self._paint_header(canvas)
        self._note.paint(canvas, self._note_origin())
        y = self._text_top()
        canvas.painter.translate(0, y)
        self._column.paint(canvas.moved(y), lambda block: selected(TEXT, block))
        canvas.painter.translate(0, -y)
        if self._notice is not None:
            self._notice.paint(canvas, self._notice_origin())
        if self._row is not None and canvas.actions and not self.item.streaming:
            self._row.paint(canvas, self._row_origin())

    @override
    def buttons(self, top: int, bottom: int) -> list[Button]:
        if self._note is None or self._row is None:
            return []
        found = self._note.buttons(self._note_origin())
        if self._notice is not None:
            found += self._notice.buttons(self._notice_origin())
        return found if self.item.streaming else found + self._row.buttons(self._row_origin())

    @override
    def columns(self) -> list[tuple[int, Column, int, int]]:
        return [(TEXT, self._column, 0, self._text_top())] if self._column is not None else []

    @override
    def append(self, text: str) -> int:
        room = SHOWN - len(self.text)
        super().append(text)
        if self._column is not None and room > 0 and self._strikes < WITHHELD:
            self._column.apply(self._stream.blocks, self._stream.feed(text[:room]))
            self._measure()
        return 0

    @override
    def update(self, item: Item) -> None:
        grown = item.streaming and self.text.startswith(item.text)
        self.item = replace(item, text=self.text) if grown else item
        self._pieces = [self.item.text]
        self._again()

    @override
    def set_geometry(self, geometry: Geometry, lead: int) -> None:
        super().set_geometry(geometry, lead)
        self._again()

    @override
    def show_details(self, *, shown: bool) -> None:
        self._details_open = shown
        self._again()

    def _again(self) -> None:
        if self.built:
            self.empty()
            self.build()
        else:
            self.height = self.estimate()

    def _box(self, notice: Notice) -> NoticeBox:
        ours = notice is not self.item.notice
        kind = Kind.SHOW_AGAIN if ours else Kind.ACTION
        box = NoticeBox(notice, self.item.id, self._geometry.type, self._geometry.width, kind)
        box.arrange(details_open=self._details_open and not ours)
        return box

    def _text_top(self) -> int:
        note = self._note.height if self._note is not None else 0
        return self._note_origin().y() + note + GAP

    def _measure(self) -> None:
        end = self._text_top() + (self._column.height if self._column is not None else 0)
        if self._notice is not None:
            end += GAP + self._notice.height
        self._end = end
        self.height = end + 4 + self._geometry.type.side

    def _note_origin(self) -> QPoint:
        return QPoint(0, self.lead + self._geometry.type.ui.line + 2 + GAP)

    def _notice_origin(self) -> QPoint:
        height = self._notice.height if self._notice is not None else 0
        return QPoint(0, self._end - height)

    def _row_origin(self) -> QPoint:
        return QPoint(-6, self._end + 4)

    def _paint_header(self, canvas: Canvas) -> None:
        face, type_ = canvas.type.ui_strong, self._geometry.type
        name = author(self.item)
        canvas.painter.setFont(face.font)
        canvas.painter.setPen(canvas.type.colour("ink"))
        area = QRectF(0, self.lead, self._geometry.width, type_.ui.line + 2)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        words = face.metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._geometry.width)
        canvas.painter.drawText(area, flags, words)
        room = area.toRect()
        room.setWidth(round(face.metrics.horizontalAdvance(words)))
        paint_message_focus(canvas, self.item.id, room)
