"""Ctrl-C and the system's request to end, as Qt signals."""

from __future__ import annotations

import contextlib
import signal
import socket
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

if TYPE_CHECKING:
    from types import FrameType

ENDINGS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C, a request to end, and a terminal that was closed (there is none on Windows)."""


class Interrupts(QObject):
    """Emits `interrupted` at once where Python alone would wait for the event loop to return.

    Python's own handlers run between two bytecodes of the main thread, which sleeps in Qt's event
    loop; the descriptor that `signal.set_wakeup_fd` writes to wakes it. Made on the main thread.
    """

    interrupted = Signal(int)
    """Payload: the signal's number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        self._reader.settimeout(0)
        self._writer.settimeout(0)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_written)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in ENDINGS:
            signal.signal(number, _ignore)

    def close(self) -> None:
        """Put Python's own handling back."""
        signal.set_wakeup_fd(-1)
        for number in ENDINGS:
            usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    @Slot()
    def _on_written(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for number in self._reader.recv(64):
                self.interrupted.emit(number)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Let the wake-up descriptor tell of the signal; without a handler none is written."""
