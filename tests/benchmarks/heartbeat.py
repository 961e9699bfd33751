"""A beat in an event loop: how late it comes is how long the loop was held up.

    python -m tests.benchmarks.heartbeat

runs a bare one, in a process with nothing else in it: where that is late too, the machine was
busy with other things. Prints its late beats when its standard input is closed.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer

BEAT_MS: Final = 4


class Beat(NamedTuple):
    """When a beat came on the monotonic clock, in seconds, and by how much too late."""

    at: float
    late: float


class Heartbeat(QObject):
    """Notes each beat."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.beats: list[Beat] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)

    def start(self) -> None:
        """Begin."""
        self._last = time.monotonic()
        self._timer.start()

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    def _on_beat(self) -> None:
        now = time.monotonic()
        self.beats.append(Beat(now, max(0.0, now - self._last - BEAT_MS / 1000)))
        self._last = now


def main() -> None:
    """Beat until the standard input is closed."""
    application = QCoreApplication([])
    heart = Heartbeat()
    heart.start()

    def wait() -> None:
        sys.stdin.read()
        application.quit()

    threading.Thread(target=wait, daemon=True).start()
    print("beating", flush=True)
    application.exec()
    print(json.dumps(heart.beats), flush=True)


if __name__ == "__main__":
    main()
