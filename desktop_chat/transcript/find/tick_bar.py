"""The scroll bar of a transcript: it marks the person's questions and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QScrollBar, QToolTip
from typing_extensions import override

from desktop_chat.transcript.find.bar_ticks import FoundTicks, QuestionTick, question_ticks
from desktop_chat.transcript.input import focus

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from desktop_chat.transcript.find.finder import Finder
    from desktop_chat.transcript.stage import Stage

NEAR: Final = 4
"""Pixels above and below a tick that belong to it."""
WIDTH: Final = 4
THICK: Final = 2
SHORTEST: Final = 36
"""Pixels of a handle, its margins with it; the style sheet says the same."""
FIRST_WORDS: Final = 80


class TickBar(QScrollBar):
    """Ticks lie in the groove. One of a question tells its first words, and leads to it."""

    def __init__(self, view: Stage, finder: Callable[[], Finder | None]) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._finder = finder
        self._view = view
        self._found = FoundTicks()
        self._hovered = -1
        """The question whose tick is under the pointer."""
        self.setMouseTracking(True)

    def tick_at(self, at: QPoint) -> QuestionTick | None:
        """Return the question's tick at a point; what the handle covers is the handle's."""
        if not self.maximum() or self.handle().contains(at):
            return None
        ticks = question_ticks(self._view, self.height())
        near = [tick for tick in ticks if abs(tick.y - at.y()) <= NEAR]
        return min(near, key=lambda tick: abs(tick.y - at.y())) if near else None

    def handle(self) -> QRect:
        """Return where the handle stands.

        As a style reckons it whose bars have no buttons: asking the style would have PySide load
        all of QStyle, 6 ms of every start with a chat that has questions.
        """
        steps, height = self.maximum() - self.minimum(), self.height()
        long = max(self.pageStep() * height // max(steps + self.pageStep(), 1), SHORTEST)
        long = min(long, height)
        above = self.sliderPosition() - self.minimum()
        top = round(above * (height - long) / steps) if steps else 0
        return QRect(0, top, self.width(), long)

    def _hover(self, tick: QuestionTick | None) -> None:
        number = tick.number if tick is not None else -1
        if number == self._hovered:
            return
        self._hovered = number
        if tick is None:
            self.unsetCursor()
            QToolTip.hideText()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            place = self.mapToGlobal(self.rect().topLeft())
            place.setY(place.y() + tick.y)
            QToolTip.showText(place, self._first_words(tick.number), self)
        self.update()

    def _first_words(self, number: int) -> str:
        words = " ".join(self._view.document.messages[number].text[: 4 * FIRST_WORDS].split())
        shown = words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rstrip() + "…"
        # A tooltip takes what looks like a tag for one.
        return shown.replace("<", "\u2039").replace(">", "\u203a")

    def _paint_ticks(self, painter: QPainter) -> None:
        view, handle = self._view, self.handle()
        for tick in question_ticks(view, self.height()):
            if not handle.top() - THICK < tick.y <= handle.bottom():
                role = "accent" if tick.number == self._hovered else "control"
                self._paint_tick(painter, tick.y, (self.width() - WIDTH) // 2, role)
        finder = self._finder()
        if finder is not None and finder.count:
            # At the outer edge, where even hits in every line leave the handle to be seen.
            for y in self._found.ticks(view, finder, self.height()):
                self._paint_tick(painter, y, self.width() - WIDTH, "find_tick")

    def _paint_tick(self, painter: QPainter, y: int, left: int, role: str) -> None:
        top = min(y, self.height() - THICK)
        painter.fillRect(left, top, WIDTH, THICK, self._view.type.colour(role))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.maximum():
            painter = QPainter(self)
            self._paint_ticks(painter)
            painter.end()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(None if event.buttons() else self.tick_at(event.position().toPoint()))
        super().mouseMoveEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() is Qt.MouseButton.LeftButton
        tick = self.tick_at(event.position().toPoint()) if left else None
        if tick is None:
            super().mousePressEvent(event)
            return
        self._hover(None)
        focus.go_to_message(self._view, tick.number)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)
