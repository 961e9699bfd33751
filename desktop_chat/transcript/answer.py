"""A model's message: header, folded reasoning, markdown at full width, notice, actions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from typing_extensions import override

from desktop_chat.markdown.stream import MarkdownStream
from desktop_chat.transcript.action_row import ActionRow
from desktop_chat.transcript.buttons import SIDE, paint_focus
from desktop_chat.transcript.code import CodeBox
from desktop_chat.transcript.column import Column
from desktop_chat.transcript.message import REASONING, TEXT, Message
from desktop_chat.transcript.notice import NoticeBox
from desktop_chat.transcript.reasoning import INDENT, ReasoningFold

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.blocks import Block, Change
    from desktop_chat.transcript.box import Canvas, Range
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.message import Geometry
    from desktop_chat.transcript.targets import Button

HEADER: Final = 20
GAP: Final = 8
ROW_GAP: Final = 4
NOTICE_GAP: Final = 16


class Answer(Message):
    """An answer, arriving or finished."""

    __slots__ = ("_column", "_fold", "_notice", "_row", "_stream", "_y", "details_open")

    def __init__(self, item: Item, geometry: Geometry, lead: int) -> None:
        self._stream: MarkdownStream | None = None
        self._column: Column | None = None
        self._fold: ReasoningFold | None = None
        self._notice: NoticeBox | None = None
        self._row: ActionRow | None = None
        self._y: dict[str, int] = {}
        self.details_open = False
        super().__init__(item, geometry, lead)

    @property
    @override
    def blocks(self) -> list[Block]:
        return self.stream.blocks

    @property
    def stream(self) -> MarkdownStream:
        """The text as markdown; read now where it was not alive."""
        return self._stream or self._read()

    @property
    def fold(self) -> ReasoningFold | None:
        """The reasoning, where there is any."""
        return self._fold

    @property
    def column(self) -> Column | None:
        """The answer's boxes, while they are alive."""
        return self._column

    @override
    def build(self) -> None:
        if self.built:
            return
        self.built = True
        type_, width = self._geometry.type, self._geometry.width
        self._stream = self._read()
        self._column = Column(type_, type_.body, width)
        self._column.build(self._stream.blocks)
        if self.item.reasoning:
            self._unfold(self.item.reasoning)
        self._furnish()

    @override
    def empty(self) -> None:
        if self.item.streaming:
            return
        self.built = False
        self._stream = self._column = self._fold = self._notice = self._row = None

    @override
    def settle(self, top: int, bottom: int) -> None:
        if self._column is None:
            return
        if self._fold is not None:
            y = self._y["fold"]
            self._fold.settle(top - y, bottom - y)
        y = self._y["text"]
        self._column.settle(top - y, bottom - y)
        self._arrange()

    @override
    def append(self, text: str) -> None:
        super().append(text)
        if self._stream is None or self._column is None:
            return
        change = self._stream.feed(text)
        if change is not None:
            self._column.apply(self._stream.blocks, change)
        if self._fold is not None and self._fold.thinking:
            self._fold.settle_time()
            self._fold.thinking = False
        self._arrange()

    def append_reasoning(self, text: str) -> None:
        """Take in more reasoning."""
        if self._fold is None:
            if self.built:
                self._unfold(text)
        else:
            self._fold.feed(text)
        self._arrange()

    @override
    def update(self, item: Item) -> None:
        was_streaming = self.item.streaming
        self.item = item
        self._take_text(item.text)
        if not self.built:
            self.height = self.estimate()
            return
        if was_streaming and not item.streaming and self._stream is not None:
            self._follow(self._stream.finish())
        self._take_reasoning()
        self._furnish()

    @override
    def set_geometry(self, geometry: Geometry, lead: int) -> None:
        same = geometry.type is self._geometry.type
        super().set_geometry(geometry, lead)
        if not self.built:
            self.height = self.estimate()
        elif same and self._column is not None:
            self._column.set_width(geometry.width)
            if self._fold is not None:
                self._fold.column.set_width(geometry.width - INDENT)
            self._furnish()
        else:
            self._rebuild()

    def set_status(self, text: str) -> None:
        """Say what the answer waits for."""
        self.item = replace(self.item, status=text)
        self._arrange()

    def toggle_reasoning(self) -> None:
        """Fold or unfold the reasoning."""
        if self._fold is not None:
            self._fold.toggle()
            self._arrange()

    def toggle_details(self) -> None:
        """Fold or unfold what a notice tells in detail."""
        self.details_open = not self.details_open
        self._arrange()

    @override
    def columns(self) -> list[tuple[int, Column, int, int]]:
        found: list[tuple[int, Column, int, int]] = []
        if self._fold is not None and self._fold.unfolded:
            top = self._y["fold"] + self._fold.content_top()
            found.append((REASONING, self._fold.column, INDENT, top))
        if self._column is not None:
            found.append((TEXT, self._column, 0, self._y["text"]))
        return found

    @override
    def buttons(self, top: int, bottom: int) -> list[Button]:
        found: list[Button] = []
        if self._column is None:
            return found
        if self._fold is not None:
            found += self._fold.buttons(QPoint(0, self._y["fold"]))
        y = self._y["text"]
        found += self._column.buttons(self.item.id, QPoint(0, y), top - y, bottom - y)
        if self._notice is not None:
            found += self._notice.buttons(QPoint(0, self._y["notice"]))
        if self._row is not None:
            found += self._row.buttons(self._row_origin())
        return found

    @override
    def paint(self, canvas: Canvas, selected: Callable[[int, int], Range | None]) -> None:
        if self._column is None:
            return
        self._paint_header(canvas)
        if self._fold is not None:
            at = QPoint(0, self._y["fold"])
            self._fold.paint(canvas, at, lambda block: selected(REASONING, block))
        y = self._y["text"]
        canvas.painter.translate(0, y)
        self._column.paint(canvas.moved(y), lambda block: selected(TEXT, block))
        canvas.painter.translate(0, -y)
        self._paint_code_buttons(canvas)
        if self.item.streaming:
            self._paint_arriving(canvas)
        if self._notice is not None:
            self._notice.paint(canvas, QPoint(0, self._y["notice"]))
        if self._row is not None and canvas.actions:
            self._row.paint(canvas, self._row_origin())

    def header_rect(self) -> QRect:
        """Return where the author's name stands."""
        width = self._geometry.type.ui_strong.metrics.horizontalAdvance(self.item.author)
        return QRect(0, self.lead, round(width), HEADER if self.item.author else 0)

    def content_bottom(self) -> int:
        """Return where the last line of text or notice ends."""
        if not self.built:
            return self.height
        return self._y["end"]

    @override
    def estimate(self) -> int:
        return super().estimate() + (HEADER + GAP if self.item.author else 0)

    def _read(self) -> MarkdownStream:
        stream = MarkdownStream()
        stream.feed(self.text)
        if not self.item.streaming:
            stream.finish()
        return stream

    def _rebuild(self) -> None:
        self.built = False
        opened = self._fold.open if self._fold is not None else None
        self.build()
        if self._fold is not None:
            self._fold.open = opened
            self._arrange()

    def _unfold(self, reasoning: str) -> None:
        type_, width = self._geometry.type, self._geometry.width
        self._fold = ReasoningFold(self.item.id, type_, width, reasoning)
        self._fold.thinking = self.item.streaming and not self.text
        self._fold.milliseconds = self.item.reasoning_ms

    def _take_text(self, text: str) -> None:
        """Take the text of another state: it grows, or it is another one."""
        have = self.text
        if text == have or (self.item.streaming and have.startswith(text)):
            return
        if text.startswith(have):
            self.append(text[len(have) :])
            return
        self._pieces = [text]
        if self.built and self._column is not None:
            self._stream = self._read()
            self._column.build(self._stream.blocks)

    def _take_reasoning(self) -> None:
        if self._fold is None:
            if self.item.reasoning:
                self._unfold(self.item.reasoning)
            return
        if not self.item.streaming:
            self._fold.settle_time()
            self._fold.thinking = False
        self._fold.milliseconds = self.item.reasoning_ms or self._fold.milliseconds

    def _follow(self, change: Change | None) -> None:
        if change is not None and self._stream is not None and self._column is not None:
            self._column.apply(self._stream.blocks, change)

    def _furnish(self) -> None:
        """Make what stands under the text, and put everything in its place."""
        item, type_ = self.item, self._geometry.type
        self._notice = self._row = None
        if item.notice is not None:
            self._notice = NoticeBox(item.notice, item.id, type_, self._geometry.width)
        if not item.streaming and (item.actions or item.versions > 1):
            self._row = ActionRow(item, type_, words=True)
        self._arrange()

    def _arrange(self) -> None:
        if self._column is None:
            return
        y = self.lead
        if self.item.author:
            y += HEADER + GAP
        self._y["fold"] = y
        if self._fold is not None:
            y += self._fold.height + GAP
        self._y["text"] = y
        y += self._column.height
        if self._waiting():
            y += self._geometry.type.body.line
        self._y["notice"] = y
        if self._notice is not None:
            self._notice.arrange(details_open=self.details_open)
            if self._column.height:
                y += NOTICE_GAP
            self._y["notice"] = y
            y += self._notice.height
        self._y["end"] = y
        self.height = y + ROW_GAP + SIDE

    def _waiting(self) -> bool:
        """Whether the line for a status is reserved: nothing else tells what goes on."""
        if not self.item.streaming or (self._column is not None and self._column.height):
            return False
        thinking = self._fold is not None and self._fold.thinking
        return bool(self.item.status) or not (thinking or self.item.notice)

    def _row_origin(self) -> QPoint:
        return QPoint(-6, self._y["end"] + ROW_GAP)

    def _paint_header(self, canvas: Canvas) -> None:
        if not self.item.author:
            return
        face = canvas.type.ui_strong
        canvas.painter.setFont(face.font)
        canvas.painter.setPen(canvas.type.colour("ink"))
        area = QRectF(0, self.lead, self._geometry.width, HEADER)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        elided = face.metrics.elidedText(
            self.item.author, Qt.TextElideMode.ElideRight, self._geometry.width
        )
        canvas.painter.drawText(area, flags, elided)

    def _paint_code_buttons(self, canvas: Canvas) -> None:
        if self._column is None:
            return
        y = self._y["text"]
        for at, top in self._column.visible(canvas.top - y, canvas.bottom - y):
            box = self._column.boxes[at]
            if isinstance(box, CodeBox):
                for button in box.buttons(self.item.id, QPoint(box.left, y + top + box.gap)):
                    box.paint_button(canvas, button)
                    paint_focus(canvas, button)

    def _paint_arriving(self, canvas: Canvas) -> None:
        """Paint the status, or the bar after the last character."""
        painter, type_ = canvas.painter, canvas.type
        y = self._y["text"]
        if self._column is not None and self._column.height:
            if canvas.bar:
                caret = self.caret(self.end())
                bar = QRectF(round(caret.x()) + 2, round(caret.center().y()) - 8, 2, 16)
                painter.fillRect(bar, type_.colour("accent"))
        elif self.item.status:
            painter.setFont(type_.faint.font)
            painter.setPen(type_.colour("ink_faint"))
            painter.drawText(QPointF(0, y + type_.faint.base), self.item.status)
        elif self._waiting():
            painter.fillRect(
                QRectF(0, y + (type_.body.line - 16) / 2, 2, 16), type_.colour("accent")
            )
