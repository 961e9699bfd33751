"""When Python collects garbage: never in full while text streams."""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

IDLE_MS: Final = 3000
NEVER: Final = 1_000_000_000


class GarbageSchedule(QObject):
    """Keeps full collections, which take up to 120 ms in a long chat, out of people's sight.

    Full collections are off from `start` on; one runs when nothing has streamed for a while.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._streaming = 0
        self._before = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self._on_idle)

    def start(self) -> None:
        """Leave what start-up made out of every later collection."""
        young, middle, _ = self._before
        gc.freeze()
        gc.set_threshold(young, middle, NEVER)

    def stop(self) -> None:
        """Put Python's own schedule back."""
        self._timer.stop()
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def stream_began(self) -> None:
        """Count one more answer in flight."""
        self._streaming += 1
        self._timer.stop()

    def stream_ended(self) -> None:
        """Count one less; after the last, collect when the person is likely to read."""
        self._streaming -= 1
        if self._streaming == 0:
            self._timer.start()

    @Slot()
    def _on_idle(self) -> None:
        gc.collect()
