"""The model's reasoning: its last lines while it thinks, one row when folded, all when asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient

from desktop_chat.transcript.buttons import paint_focus
from desktop_chat.transcript.column import Column
from desktop_chat.transcript.marks import Mark, draw_mark
from desktop_chat.transcript.plain import PlainStream
from desktop_chat.transcript.targets import Button, Kind, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.transcript.box import Canvas, Range
    from desktop_chat.transcript.typography import Typography

PEEK: Final = 96
INDENT: Final = 16


def duration(milliseconds: int) -> str:
    """Return a time as a person says it."""
    seconds = max(round(milliseconds / 1000), 1)
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min {seconds % 60} s"


class ReasoningFold:
    """A fold over the reasoning of one message."""

    def __init__(self, item_id: str, type_: Typography, width: int, text: str) -> None:
        self._item_id = item_id
        self._type = type_
        self._stream = PlainStream(text)
        self._began = time.monotonic()
        self.column = Column(type_, type_.reasoning, width - INDENT, gaps=False)
        self.column.build(self._stream.blocks)
        self.thinking = False
        """Reasoning is arriving, and no answer yet."""
        self.milliseconds = 0
        """How long it took, where that is known."""
        self.open: bool | None = None
        """What the person chose; None: they did not."""

    @property
    def blocks(self) -> PlainStream:
        """The text that is folded."""
        return self._stream

    @property
    def label(self) -> str:
        """What the row says."""
        if self.thinking:
            return f"Thinking… {duration(round((time.monotonic() - self._began) * 1000))}"
        return f"Thought for {duration(self.milliseconds)}" if self.milliseconds else "Thought"

    @property
    def peeking(self) -> bool:
        """Whether only the last lines are shown."""
        return self.thinking and self.open is None

    @property
    def unfolded(self) -> bool:
        """Whether all of it is shown."""
        return bool(self.open)

    @property
    def height(self) -> int:
        """The height of the row and what is open under it."""
        if self.peeking:
            return self._type.side + min(self.column.height, self._type.px(PEEK))
        return self._type.side + (self.column.height + 4 if self.unfolded else 0)

    def toggle(self) -> None:
        """Fold or unfold, as the person wishes."""
        self.open = not self.unfolded

    def end(self) -> None:
        """Stop the clock: the answer has begun."""
        if self.thinking and not self.milliseconds:
            self.milliseconds = round((time.monotonic() - self._began) * 1000)
        self.thinking = False

    def feed(self, text: str) -> None:
        """Take in more reasoning."""
        self.column.apply(self._stream.blocks, self._stream.feed(text))

    def settle(self, top: int, bottom: int) -> bool:
        """Make what is visible exact; heights as seen from the fold's top."""
        if self.peeking:
            end = self.column.height
            return self.column.settle(end - 2 * PEEK, end)
        return self.unfolded and self.column.settle(top - self._type.side, bottom - self._type.side)

    def buttons(self, origin: QPoint) -> list[Button]:
        """Return the row as a button."""
        width = round(self._type.ui.metrics.horizontalAdvance(self.label)) + 22
        rect = QRect(0, 0, width, self._type.side).translated(origin)
        state = "shown" if self.unfolded else "folded"
        return [Button(Target(Kind.REASONING, self._item_id), rect, self.label, state)]

    def paint(
        self, canvas: Canvas, origin: QPoint, selected: Callable[[int], Range | None]
    ) -> None:
        """Paint with the left top at `origin`."""
        self._paint_row(canvas, origin)
        if not self.peeking and not self.unfolded:
            return
        painter = canvas.painter
        height = self.height - self._type.side
        area = QRect(origin.x() + INDENT, origin.y() + self._type.side, 10_000, height)
        shift = height - self.column.height if self.peeking else 0
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.translate(area.left(), area.top() + shift)
        inner = canvas.moved(area.top() + shift)
        inner.reasoning = True
        self.column.paint(inner, selected)
        painter.restore()
        bar = QRectF(origin.x() + 1, area.top(), 2, height)
        painter.fillRect(bar, canvas.type.colour("line"))
        if shift < 0:
            self._paint_fade(canvas, area)

    def content_top(self) -> int:
        """Return where the text begins, as seen from the fold's top."""
        return self._type.side + (
            self.height - self._type.side - self.column.height if self.peeking else 0
        )

    def _paint_row(self, canvas: Canvas, origin: QPoint) -> None:
        painter, type_ = canvas.painter, canvas.type
        button = self.buttons(origin)[0]
        hot = button.target == canvas.hovered
        ink = type_.colour("ink" if hot else "ink_soft")
        mark = Mark.DOWN if self.unfolded or self.peeking else Mark.RIGHT
        box = QRectF(origin.x() - 3, origin.y() + (self._type.side - 12) / 2, 12, 12)
        draw_mark(painter, mark, box, ink)
        painter.setFont(type_.ui.font)
        painter.setPen(ink)
        area = QRectF(origin.x() + 12, origin.y(), 10_000, self._type.side)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, self.label)
        paint_focus(canvas, button)

    def _paint_fade(self, canvas: Canvas, area: QRect) -> None:
        surface = canvas.type.colour("surface")
        clear = QColor(surface)
        clear.setAlpha(0)
        fade = QLinearGradient(0, area.top(), 0, area.top() + 40)
        fade.setColorAt(0, surface)
        fade.setColorAt(1, clear)
        canvas.painter.fillRect(QRect(area.left(), area.top(), 2000, 40), fade)
