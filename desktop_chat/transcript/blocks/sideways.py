"""Scrolling sideways inside wide code and tables."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF

SHORTEST: Final = 32
TALL: Final = 12
"""The height of what can be hit."""
STEP: Final = 40
"""Pixels that a key scrolls."""


class Sideways:
    """How far a wide thing is scrolled, and its bar."""

    __slots__ = ("_content", "_view", "area", "held", "shown", "x")

    def __init__(self) -> None:
        self.x = 0
        self.area = QRect()
        """What can be hit of the bar, in the coordinates of the box."""
        self.shown = False
        """Whether the bar is painted: somebody points at the box or scrolls in it."""
        self.held = False
        self._content = 0
        self._view = 0

    @property
    def needed(self) -> bool:
        """Whether there is more than fits."""
        return self._content > self._view

    @property
    def rest(self) -> int:
        """How much of it is beyond the right edge."""
        return max(0, self._content - self._view - self.x)

    @property
    def handle(self) -> QRectF:
        """Where the handle stands."""
        area = QRectF(self.area)
        length = min(max(SHORTEST, area.width() * self._view / self._content), area.width())
        left = area.left() + (area.width() - length) * self.x / (self._content - self._view)
        return QRectF(left, area.top(), length, area.height())

    def fit(self, content: int, view: int) -> None:
        """Take new widths of what is shown and of where it is shown."""
        self._content, self._view = content, view
        self.x = max(0, min(self.x, content - view))

    def place(self, left: int, width: int, bottom: int) -> None:
        """Stand above a bottom edge."""
        self.area = QRect(left, bottom - TALL, max(width, SHORTEST), TALL)

    def move(self, dx: int) -> bool:
        """Scroll; whether there is anything to scroll."""
        self.x = max(0, min(self.x + dx, self._content - self._view))
        return self.needed

    def show(self, x: float, margin: int) -> None:
        """Scroll as little as brings a place of the content into view."""
        if self.needed and not self.x + margin <= x <= self.x + self._view - margin:
            self.x = max(0, min(round(x) - self._view // 3, self._content - self._view))

    def press(self, x: float) -> float:
        """Take hold of the bar at a point: beside the handle it jumps there; return the grip."""
        handle = self.handle
        if handle.left() <= x <= handle.right():
            return x - handle.left()
        self.drag(x, handle.width() / 2)
        return handle.width() / 2

    def drag(self, x: float, grip: float) -> None:
        """Move the handle so that its grip is at a point."""
        span = self.area.width() - self.handle.width()
        if span > 0:
            share = (x - grip - self.area.left()) / span
            self.x = round(max(0.0, min(share, 1.0)) * (self._content - self._view))
