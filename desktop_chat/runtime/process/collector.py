"""When and where Python collects garbage: on the main thread alone, little by little."""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

BUSY_MS: Final = 50
"""How often it is looked while much is made."""
QUIET_MS: Final = 1600
IDLE_MS: Final = 3000
"""After so long without answers or much that is made, a person is likely to read."""
WORTH: Final = 10_000
"""Objects that came to stay since the last full collection, for another one to be worth it."""
MOST: Final = 400_000
"""So many more are not let wait for a quiet moment."""


class GarbageSchedule(QObject):
    """Collects garbage in place of Python, which does it on whichever thread makes something.

    There it destroyed objects of Qt that belong to the main thread, and the program crashed.
    Full collections, which take long where much is kept, wait until nothing streams.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._streaming = 0
        self._stayed = 0
        self._quiet_ms = 0
        self._automatic = False
        self._look = QTimer(self, interval=BUSY_MS)
        self._look.timeout.connect(self._on_look)

    def start(self) -> None:
        """Take the work over. Call it on the main thread, before there are others."""
        self._automatic = gc.isenabled()
        gc.disable()

    def settle(self) -> None:
        """Leave what start-up made out of every collection, and begin with them."""
        gc.freeze()
        self._look.start()

    def stop(self) -> None:
        """Give the work back to whoever did it before."""
        self._look.stop()
        gc.unfreeze()
        if self._automatic:
            gc.enable()

    def stream_began(self) -> None:
        """Count one more answer in flight."""
        self._streaming += 1
        self._rouse()

    def stream_ended(self) -> None:
        """Count one less."""
        self._streaming -= 1
        self._rouse()

    @Slot()
    def _on_look(self) -> None:
        young, middle, *_ = gc.get_count()
        limits = gc.get_threshold()
        if young > limits[0]:
            self._stayed += young
            gc.collect(1 if middle >= limits[1] else 0)
            self._rouse()
        else:
            self._quiet_ms += self._look.interval()
            self._look.setInterval(min(2 * self._look.interval(), QUIET_MS))
        calm = self._quiet_ms >= IDLE_MS and not self._streaming
        if self._stayed > (WORTH if calm else MOST):
            self._stayed = 0
            gc.collect()

    def _rouse(self) -> None:
        self._quiet_ms = 0
        self._look.setInterval(BUSY_MS)
