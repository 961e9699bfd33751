"""What an answer is made of while it is alive, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPen

from desktop_chat.transcript.blocks.buttons import paint_focus, paint_message_focus
from desktop_chat.transcript.blocks.column import Column
from desktop_chat.transcript.messages.action_row import ActionRow
from desktop_chat.transcript.messages.message import REASONING, TEXT
from desktop_chat.transcript.messages.notice import NoticeBox
from desktop_chat.transcript.messages.reasoning import INDENT, ReasoningFold
from desktop_chat.transcript.targets import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.annexe import Annexe
    from desktop_chat.transcript.messages.message import Geometry
    from desktop_chat.transcript.messages.thinking import ThinkingClock
    from desktop_chat.transcript.targets import Button

GAP: Final = 8
ROW_GAP: Final = 4
NOTICE_GAP: Final = 16


@dataclass(slots=True)
class Tops:
    """Where the parts begin, as seen from the message's top."""

    fold: int = 0
    text: int = 0
    annexe: int = 0
    notice: int = 0
    end: int = 0
    """Where the last line of text or notice ends."""


class AnswerBody:
    """Header, folded reasoning, text, annexe, notice and actions, each in its place."""

    def __init__(self, item: Item, geometry: Geometry, lead: int) -> None:
        self._item = item
        self._geometry = geometry
        self._lead = lead
        self._annexe: Annexe | None = None
        self._notice: NoticeBox | None = None
        self._row: ActionRow | None = None
        self.column = Column(geometry.type, geometry.type.body, geometry.width)
        self.column.find_picture = self._picture
        self.column.set_wide(geometry.wide)
        self.fold: ReasoningFold | None = None
        self.tops = Tops()
        self.height = 0

    @property
    def header(self) -> int:
        """The height of the author's line."""
        return self._geometry.type.ui.line + 2 if self._item.author else 0

    @property
    def waiting(self) -> bool:
        """Whether the line for a status is kept free: nothing else tells what goes on."""
        if not self._item.streaming or self.column.height:
            return False
        thinking = self.fold is not None and self.fold.thinking
        return bool(self._item.status) or not (thinking or self._item.notice)

    def furnish(self, item: Item, *, details_open: bool, unfolded: Collection[int] = ()) -> None:
        """Take another state of the item: what stands under the text follows from it."""
        self._item = item
        type_ = self._geometry.type
        self._annexe = self._notice = self._row = None
        if item.calls or item.sources:
            # Few answers have any: the module comes with the first that does.
            from desktop_chat.transcript.messages.annexe import Annexe  # noqa: PLC0415

            self._annexe = Annexe(item, type_, self._geometry.width, unfolded)
        if item.notice is not None:
            self._notice = NoticeBox(item.notice, item.id, type_, self._geometry.width)
            self._notice.arrange(details_open=details_open)
        if not item.streaming and (item.actions or item.versions > 1):
            self._row = ActionRow(item, type_, room=self._geometry.width)
        self.arrange()

    def add_fold(self, clock: ThinkingClock | None, *, thinking: bool) -> ReasoningFold:
        """Begin a fold, for the reasoning to be fed to."""
        width = self._geometry.width
        self.fold = ReasoningFold(self._item.id, self._geometry.type, width, clock)
        self.fold.thinking = thinking
        self.fold.milliseconds = self._item.reasoning_ms
        return self.fold

    def set_width(self, geometry: Geometry) -> None:
        """Lay the texts out to another width."""
        self._geometry = geometry
        self.column.set_width(geometry.width, geometry.wide)
        if self.fold is not None:
            self.fold.set_width(geometry.width)

    def arrange(self) -> None:
        """Put everything in its place."""
        tops, y = self.tops, self._lead
        if self._item.author:
            y += self.header + GAP
        tops.fold = y
        if self.fold is not None:
            y += self.fold.height + GAP
        tops.text = y
        y += self.column.height
        if self.waiting:
            y += self._geometry.type.body.line
        if self._annexe is not None:
            y += NOTICE_GAP if self.column.height else 0
            tops.annexe = y
            y += self._annexe.height
        if self._notice is not None:
            y += NOTICE_GAP if self.column.height or self._annexe is not None else 0
            tops.notice = y
            y += self._notice.height
        tops.end = y
        self.height = y + ROW_GAP + self._geometry.type.side

    def settle(self, top: int, bottom: int) -> None:
        """Make what stands between two heights exact."""
        if self.fold is not None:
            self.fold.settle(top - self.tops.fold, bottom - self.tops.fold)
        self.column.settle(top - self.tops.text, bottom - self.tops.text)
        self.arrange()

    def columns(self) -> list[tuple[int, Column, int, int]]:
        """Return the texts that are shown: part, column, and its left and top."""
        found = [(TEXT, self.column, 0, self.tops.text)]
        if self.fold is not None and self.fold.unfolded:
            top = self.tops.fold + self.fold.content_top()
            found.insert(0, (REASONING, self.fold.column, INDENT, top))
        return found

    def buttons(self, top: int, bottom: int) -> list[Button]:
        """Return what can be pressed between two heights."""
        found: list[Button] = []
        tops = self.tops
        if self.fold is not None:
            found += self.fold.buttons(QPoint(0, tops.fold))
        origin = QPoint(0, tops.text)
        found += self.column.buttons(self._item.id, origin, top - tops.text, bottom - tops.text)
        if self._annexe is not None:
            found += self._annexe.buttons(QPoint(0, tops.annexe))
        if self._notice is not None:
            found += self._notice.buttons(QPoint(0, tops.notice))
        if self._row is not None:
            found += self._row.buttons(self._row_origin())
        return found

    def paint(self, canvas: Canvas, selected: Callable[[int, int], Range | None]) -> None:
        """Paint at the painter's origin what is visible."""
        tops = self.tops
        if self._item.author and canvas.top < tops.fold:
            self._paint_header(canvas)
        if self.fold is not None:
            origin = QPoint(0, tops.fold)
            self.fold.paint(canvas, origin, lambda block: selected(REASONING, block))
        canvas.painter.translate(0, tops.text)
        self.column.paint(canvas.moved(tops.text), lambda block: selected(TEXT, block))
        self._paint_focused_link(canvas)
        canvas.painter.translate(0, -tops.text)
        self._paint_box_buttons(canvas)
        if canvas.bottom < tops.text + self.column.height:
            return
        if self._annexe is not None:
            self._annexe.paint(canvas, QPoint(0, tops.annexe))
        if self._notice is not None:
            self._notice.paint(canvas, QPoint(0, tops.notice))
        if self._row is not None and canvas.actions:
            self._row.paint(canvas, self._row_origin())

    def _picture(self, address: str) -> Picture | None:
        """Return an image of the text, while there is somebody to look at it."""
        pictures = self._geometry.pictures
        return pictures().of(self._item.id, address) if pictures is not None else None

    def _row_origin(self) -> QPoint:
        return QPoint(-6, self.tops.end + ROW_GAP)

    def _paint_header(self, canvas: Canvas) -> None:
        face, width = canvas.type.ui_strong, self._geometry.width
        canvas.painter.setFont(face.font)
        canvas.painter.setPen(canvas.type.colour("ink"))
        name = face.metrics.elidedText(self._item.author, Qt.TextElideMode.ElideRight, width)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        canvas.painter.drawText(QRectF(0, self._lead, width, self.header), flags, name)
        room = QRect(0, self._lead, round(face.metrics.horizontalAdvance(name)), self.header)
        paint_message_focus(canvas, self._item.id, room)

    def _paint_focused_link(self, canvas: Canvas) -> None:
        """Paint the keyboard's ring around a link; the origin is the text's."""
        target = canvas.focused
        if target is None or target.kind is not Kind.LINK or target.item_id != self._item.id:
            return
        if target.block < 0:  # a source, which wears its own ring
            return
        at = self.column.number_of(target.block, target.leaf)
        box = self.column.boxes[at] if at is not None else None
        if at is None or box is None:
            return
        origin = QPointF(box.left, self.column.top_of(at))
        canvas.painter.setPen(QPen(canvas.type.colour("focus"), 2))
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        for link in box.links():
            if link.start == target.start:
                for rect in box.link_rects(link):
                    ring = rect.translated(origin).adjusted(-3, 0, 3, 0)
                    canvas.painter.drawRoundedRect(ring, 4, 4)

    def _paint_box_buttons(self, canvas: Canvas) -> None:
        y = self.tops.text
        for at, top in self.column.visible(canvas.top - y, canvas.bottom - y):
            box = self.column.boxes[at]
            for button in box.buttons(self._item.id, QPoint(box.left, y + top + box.gap)):
                box.paint_button(canvas, button)
                paint_focus(canvas, button)
