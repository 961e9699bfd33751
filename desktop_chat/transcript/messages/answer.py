"""A model's message: its text is read as markdown, while it arrives and whenever it is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF
from typing_extensions import override

from desktop_chat.transcript.blocks.code_state import CodeStates
from desktop_chat.transcript.messages.answer_body import AnswerBody
from desktop_chat.transcript.messages.message import Message
from desktop_chat.transcript.messages.thinking import ThinkingClock
from desktop_chat.transcript.text.slices import SlicedStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.blocks import Block, Change
    from desktop_chat.markdown.stream import MarkdownStream
    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.blocks.column import Column
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.message import Geometry
    from desktop_chat.transcript.messages.reasoning import ReasoningFold
    from desktop_chat.transcript.targets import Button

NOTHING: Final[frozenset[int]] = frozenset()
NO_STATES: Final = CodeStates()
"""Of answers that are not laid out, and in which nobody chose anything: shared, never changed."""


class Answer(Message):
    """An answer, arriving or finished."""

    __slots__ = (
        "_body",
        "_details_open",
        "_reasoning_open",
        "_stream",
        "_thoughts",
        "_unfolded",
        "clock",
        "code_states",
    )

    def __init__(self, item: Item, geometry: Geometry, lead: int) -> None:
        self._stream: SlicedStream | None = None
        self._body: AnswerBody | None = None
        self._thoughts = [item.reasoning]
        self._details_open = False
        self._unfolded: frozenset[int] = NOTHING
        self._reasoning_open: bool | None = None
        self.clock: ThinkingClock | None = None
        """How long the model thinks; None where nothing was seen of it."""
        self.code_states = NO_STATES
        """How a person wants each code block to be shown."""
        super().__init__(item, geometry, lead)

    @property
    @override
    def blocks(self) -> list[Block]:
        return self.stream.blocks

    @property
    @override
    def ready_blocks(self) -> list[Block] | None:
        return self._stream.blocks if self._stream is not None and not self.unread else None

    @property
    def stream(self) -> MarkdownStream:
        """The text as markdown; read now where it was not alive."""
        known = self._stream or self._read()
        if known.unread:
            known.whole()
            self._show(self._stream)
        return known.whole()

    @property
    def fold(self) -> ReasoningFold | None:
        """The reasoning, where there is any and the answer is alive."""
        return self._body.fold if self._body is not None else None

    @property
    def column(self) -> Column | None:
        """The answer's boxes, while they are alive."""
        return self._body.column if self._body is not None else None

    @property
    @override
    def reasoning(self) -> str:
        """The reasoning so far."""
        if len(self._thoughts) > 1:
            self._thoughts = ["".join(self._thoughts)]
        return self._thoughts[0]

    @property
    def reasoning_open(self) -> bool:
        """Whether any of the reasoning is shown."""
        if self.fold is not None:
            return self.fold.unfolded or self.fold.peeking
        if self._reasoning_open is None:
            return not self._geometry.type.look.fold_reasoning
        return self._reasoning_open

    @property
    def dollar_maths(self) -> bool:
        """Whether single dollars enclose mathematics in it."""
        return self._geometry.type.look.dollar_maths

    @property
    @override
    def details_open(self) -> bool:
        return self._details_open

    @property
    def unfolded(self) -> frozenset[int]:
        """The numbers of the tool calls whose arguments are shown."""
        return self._unfolded

    @property
    @override
    def content_bottom(self) -> int:
        return self._body.tops.end if self._body is not None else self.height

    @override
    def build(self) -> None:
        if self._body is not None:
            return
        self.built = True
        self._stream = self._stream or self._read()
        if self.code_states is NO_STATES:
            self.code_states = CodeStates(self.item.wraps, arriving=self.item.streaming)
        self._body = AnswerBody(self.item, self._geometry, self.lead)
        self._body.column.states = self.code_states
        self._body.column.build(self._stream.blocks)
        self._show_reasoning(self.reasoning)
        self._furnish()

    @override
    def empty(self) -> None:
        if self.item.streaming:
            return
        if self.fold is not None:
            self._reasoning_open = self.fold.open
        self.built = False
        self._stream = self._body = None
        self.code_states = self.code_states.without_plain() or NO_STATES

    @override
    def settle(self, top: int, bottom: int) -> None:
        if self._body is not None:
            self._body.settle(top, bottom)
            self.height = self._body.height

    @override
    def append(self, text: str) -> int:
        super().append(text)
        if self._stream is None or self._body is None:
            return 0
        column = self._body.column
        bar = column.slot_top(max(len(column.boxes) - 1, 0))
        changes = self._stream.feed(text)
        if not changes:
            return self.height
        first = self._follow(changes)
        same = self.fold is None or not self.fold.thinking
        if self.fold is not None:
            self.fold.thinking = False
        self._arrange()
        return self._body.tops.text + min(bar, first) if same else 0

    @property
    def unread(self) -> bool:
        """Whether some of a very long text is still to be read."""
        return self._stream is not None and self._stream.unread

    def read_more(self) -> int:
        """Read the next slice of a very long text; return from which height on it differs."""
        if self._stream is None or self._body is None:
            return 0
        first = self._follow(self._stream.step())
        self._arrange()
        return self._body.tops.text + first

    def note_thinking(self) -> None:
        """Take note that reasoning arrives now, whenever it is laid out."""
        self.clock = self.clock or ThinkingClock()
        self.clock.start()

    def note_answering(self) -> None:
        """Take note that no reasoning arrives any more, for now."""
        if self.clock is not None:
            self.clock.stop()

    def append_reasoning(self, text: str) -> None:
        """Take in more reasoning."""
        self._thoughts.append(text)
        self._show_reasoning(text)
        self._arrange()

    @override
    def update(self, item: Item) -> None:
        if item == self.item and item.text == self.text:
            return
        was_streaming = self.item.streaming
        self.item = item
        self._take_text(item.text)
        self._take_reasoning(item)
        if self._body is None or self._stream is None:
            self.height = self.estimate()
            return
        if was_streaming and not item.streaming:
            self._follow(self._stream.finish())
        self._furnish()

    @override
    def set_geometry(self, geometry: Geometry, lead: int) -> None:
        same_type = geometry.type is self._geometry.type and lead == self.lead
        dollar_maths = self.dollar_maths
        super().set_geometry(geometry, lead)
        if self._body is None:
            self.height = self.estimate()
        elif same_type:
            self._body.set_width(geometry)
            self._furnish()
        else:
            self._reasoning_open = self.fold.open if self.fold is not None else None
            self._body = None
            if self.dollar_maths != dollar_maths:
                self._stream = None
            self.build()

    @override
    def reach(self, block: int, offset: int) -> None:
        if self._body is not None:
            self._body.column.reach(block, offset)
            self._arrange()

    def resized(self) -> None:
        """Take note that a box of the text has another size."""
        self._arrange()

    def set_status(self, text: str) -> None:
        """Say what the answer waits for."""
        self.item = replace(self.item, status=text)
        self._furnish()

    def toggle_reasoning(self) -> None:
        """Fold or unfold the reasoning."""
        if self.fold is not None:
            self.fold.toggle()
            self._arrange()

    def toggle_call(self, number: int) -> None:
        """Fold or unfold a tool call, or, by its own number, the rest of the sources."""
        self._unfolded ^= {number}
        self._furnish()

    def unfold_reasoning(self) -> None:
        """Show all of the reasoning."""
        if self.fold is not None and not self.fold.unfolded:
            self.toggle_reasoning()

    @override
    def show_details(self, *, shown: bool) -> None:
        self._details_open = shown
        self._furnish()

    @override
    def columns(self) -> list[tuple[int, Column, int, int]]:
        return self._body.columns() if self._body is not None else []

    @override
    def fit_pictures(self, address: str) -> None:
        super().fit_pictures(address)
        self._arrange()

    @override
    def buttons(self, top: int, bottom: int) -> list[Button]:
        return self._body.buttons(top, bottom) if self._body is not None else []

    @override
    def paint(self, canvas: Canvas, selected: Callable[[int, int], Range | None]) -> None:
        if self._body is not None:
            self._body.paint(canvas, selected)
            if self.item.streaming:
                self._paint_arriving(canvas, self._body)

    def header_rect(self) -> QRect:
        """Return where the author's name stands."""
        width = self._geometry.type.ui_strong.metrics.horizontalAdvance(self.item.author)
        return QRect(0, self.lead, round(width), self._body.header if self._body else 0)

    @override
    def estimate(self) -> int:
        return super().estimate() + (28 if self.item.author else 0)

    def _read(self) -> SlicedStream:
        ended = not self.item.streaming
        return SlicedStream(self.text, ended=ended, dollar_maths=self.dollar_maths)

    def _show(self, stream: SlicedStream | None) -> None:
        if self._body is not None and stream is not None:
            self._body.column.build(stream.blocks)
            self._arrange()

    def _follow(self, changes: list[Change]) -> int:
        """Let the boxes follow changes of the blocks; return where the first new one begins."""
        if self._body is None or self._stream is None:
            return 0
        column, blocks = self._body.column, self._stream.blocks
        tops = [column.slot_top(column.apply(blocks, change)) for change in changes]
        return min(tops, default=self.height)

    def _show_reasoning(self, text: str) -> None:
        if self._body is None or not text:
            return
        fold = self.fold
        if fold is None:
            thinking = self.item.streaming and not self.text
            if thinking and self.clock is None:
                self.note_thinking()
            fold = self._body.add_fold(self.clock, thinking=thinking)
            fold.open = self._reasoning_open
        fold.feed(text)

    def _take_text(self, text: str) -> None:
        """Take the text of another state: it grows, or it is another one."""
        have = self.text
        if text == have or (self.item.streaming and have.startswith(text)):
            return
        if text.startswith(have):
            self.append(text[len(have) :])
            return
        self._pieces = [text]
        self.code_states = NO_STATES
        if self._body is not None:
            self.code_states = self._body.column.states = CodeStates(arriving=self.item.streaming)
            self._stream = self._read()
            self._show(self._stream)

    def _take_reasoning(self, item: Item) -> None:
        have = self.reasoning
        if item.reasoning.startswith(have) and item.reasoning != have:
            self.append_reasoning(item.reasoning[len(have) :])
        if not item.streaming:
            self.note_answering()
        if self.fold is not None:
            self.fold.thinking = self.fold.thinking and item.streaming and not self.text
            self.fold.milliseconds = item.reasoning_ms or self.fold.milliseconds

    def _furnish(self) -> None:
        if self._body is not None:
            self._body.furnish(self.item, details_open=self._details_open, unfolded=self._unfolded)
            self.height = self._body.height

    def _arrange(self) -> None:
        if self._body is not None:
            self._body.arrange()
            self.height = self._body.height

    def _paint_arriving(self, canvas: Canvas, body: AnswerBody) -> None:
        """Paint the status, or the bar after the last character."""
        painter, type_, y = canvas.painter, canvas.type, body.tops.text
        accent = type_.colour("accent")
        if body.column.height:
            if canvas.bar:
                caret = self.caret(self.end())
                bar = QRectF(round(caret.x()) + 2, round(caret.center().y()) - 8, 2, 16)
                painter.fillRect(bar, accent)
        elif self.item.status:
            painter.setFont(type_.faint.font)
            painter.setPen(type_.colour("ink_faint"))
            painter.drawText(QPointF(0, y + type_.faint.base), self.item.status)
        elif body.waiting:
            painter.fillRect(QRectF(0, y + (type_.body.line - 16) / 2, 2, 16), accent)
