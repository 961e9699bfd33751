"""Tells when widgets have been painted for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Watches widgets until each was painted, then says so once."""

    done = Signal()

    def __init__(self, widgets: Iterable[QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._unpainted: set[QObject] = set(widgets)
        for one in self._unpainted:
            one.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched in self._unpainted:
            self._unpainted.discard(watched)
            watched.removeEventFilter(self)
            if not self._unpainted:
                # The filter comes before the painting.
                QTimer.singleShot(0, self, self.done.emit)
        return False
