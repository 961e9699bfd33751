"""A tab under the mouse while it is dragged, and its neighbours while they slide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

SLIDE_MS: Final = 120


class TabDrag(QObject):
    """How far each tab stands from its place: the dragged one, and one that slides."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._grip = 0
        self._shift = 0
        self._sliding = ""
        self._distance = 0
        self._slide = QVariantAnimation(self)
        self._slide.setStartValue(1.0)
        self._slide.setEndValue(0.0)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self.changed)

    @property
    def active(self) -> bool:
        """Whether a tab is being dragged."""
        return bool(self._key)

    def shift(self, key: str) -> int:
        """Return how far a tab is drawn from its place."""
        if key == self._key:
            return self._shift
        if key != self._sliding:
            return 0
        return round(self._distance * float(self._slide.currentValue() or 0.0))

    def begin(self, key: str, x: int) -> None:
        """Take hold of a tab at a place of the strip."""
        self._key = key
        self._grip = x
        self._shift = 0

    def follow(self, x: int, tab: QRect, total: int) -> int:
        """Follow the mouse within the strip, and return where the tab's middle is drawn."""
        self._shift = max(-tab.left(), min(x - self._grip, total - tab.right() - 1))
        return tab.center().x() + self._shift

    def moved(self, distance: int) -> None:
        """Stay under the mouse although the tab's own place moved."""
        self._grip += distance
        self._shift -= distance

    def drop(self, *, animate: bool) -> None:
        """Let go of the tab, which slides into its place."""
        key, self._key = self._key, ""
        self.slide(key, self._shift, animate=animate)

    def slide(self, key: str, distance: int, *, animate: bool) -> None:
        """Let a tab slide into its place from a distance."""
        self._slide.stop()
        self._sliding = key
        self._distance = distance
        self._slide.setDuration(SLIDE_MS if animate else 0)
        self._slide.start()
