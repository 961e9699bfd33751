"""Scrolling sideways inside wide code and tables, with a thin bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

if TYPE_CHECKING:
    from desktop_chat.transcript.box import Canvas


class Sideways:
    """How far a wide thing is scrolled."""

    __slots__ = ("_content", "_view", "x")

    def __init__(self) -> None:
        self.x = 0
        self._content = 0
        self._view = 0

    @property
    def needed(self) -> bool:
        """Whether there is more than fits."""
        return self._content > self._view

    def fit(self, content: int, view: int) -> None:
        """Take new widths of what is shown and of where it is shown."""
        self._content, self._view = content, view
        self.x = max(0, min(self.x, content - view))

    def move(self, dx: int) -> bool:
        """Scroll; whether there is anything to scroll."""
        self.x = max(0, min(self.x + dx, self._content - self._view))
        return self.needed

    def paint(self, canvas: Canvas, area: QRectF) -> None:
        """Paint the bar at the bottom of an area."""
        if not self.needed or area.width() <= 0:
            return
        share = self._view / self._content
        length = max(24.0, area.width() * share)
        span = area.width() - length
        left = area.left() + span * self.x / (self._content - self._view)
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        canvas.painter.setBrush(canvas.type.colour("ink_disabled"))
        canvas.painter.drawRoundedRect(QRectF(left, area.bottom() - 4, length, 3), 1.5, 1.5)
