"""The model's reasoning: its last lines while it thinks, one row when folded, all when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient

from desktop_chat.transcript.blocks.buttons import paint_focus
from desktop_chat.transcript.blocks.column import Column
from desktop_chat.transcript.messages.thinking import ThinkingClock, duration
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.marks import Mark, draw_mark
from desktop_chat.transcript.text.plain import PlainStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.text.typography import Typography

CHEVRON: Final = 12
PEEK: Final = 96
INDENT: Final = 16


class ReasoningFold:
    """A fold over the reasoning of one message."""

    def __init__(
        self, item_id: str, type_: Typography, width: int, clock: ThinkingClock | None
    ) -> None:
        self._item_id = item_id
        self._type = type_
        self._clock = clock
        self._stream = PlainStream()
        self._width = width - INDENT
        self.column = Column(type_, type_.reasoning, self._width, gaps=False)
        self.column.build(self._stream.blocks)
        self.thinking = False
        """No answer has come yet, and reasoning may come."""
        self.milliseconds = 0
        """How long it took, where the service's end told it."""
        self.open: bool | None = None
        """What the person chose; None: they did not."""

    @property
    def blocks(self) -> PlainStream:
        """The text that is folded."""
        return self._stream

    @property
    def label(self) -> str:
        """What the row says."""
        if self._clock is not None and self._clock.running:
            return f"Thinking… {duration(self._clock.milliseconds)}"
        known = self.milliseconds or (self._clock.milliseconds if self._clock is not None else 0)
        return f"Thought for {duration(known)}" if known else "Thought"

    @property
    def peeking(self) -> bool:
        """Whether only the last lines are shown."""
        return self.thinking and self.open is None and self._type.look.fold_reasoning

    @property
    def unfolded(self) -> bool:
        """Whether all of it is shown."""
        return not self._type.look.fold_reasoning if self.open is None else self.open

    @property
    def height(self) -> int:
        """The height of the row and what is open under it."""
        if self.peeking:
            return self._type.side + min(self.column.height, self._type.px(PEEK))
        return self._type.side + (self.column.height + 4 if self.unfolded else 0)

    def toggle(self) -> None:
        """Fold or unfold, as the person wishes."""
        self.open = not self.unfolded

    def set_width(self, width: int) -> None:
        """Lay the text out to another width."""
        self._width = width - INDENT
        self.column.set_width(self._width)

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
        """Return the row as a button, with the last lines where they alone are shown."""
        width = (
            round(self._type.ui.metrics.horizontalAdvance(self.label)) + 10 + self._type.px(CHEVRON)
        )
        height = self._type.side
        if self.peeking:
            width, height = max(width, INDENT + self._width), self.height
        rect = QRect(0, 0, width, height).translated(origin)
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
        inner.part = 0
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
        size = type_.px(CHEVRON)
        box = QRectF(origin.x() - size / 4, origin.y() + (type_.side - size) / 2, size, size)
        draw_mark(painter, mark, box, ink)
        painter.setFont(type_.ui.font)
        painter.setPen(ink)
        area = QRectF(origin.x() + size, origin.y(), 10_000, self._type.side)
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
