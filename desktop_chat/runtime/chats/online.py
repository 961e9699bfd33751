"""Whether this computer has a way to the network at all."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

LOOK_MS: Final = 2000


def is_online() -> bool:
    """Whether there is a route to the internet. Sends nothing and does not block.

    Connecting a datagram socket only asks the kernel for a route; the addresses are those that
    RFC 5737 and RFC 3849 keep for documentation.
    """
    import socket  # noqa: PLC0415 - not before something went wrong

    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return True
        except OSError:
            continue
    return False


class OnlineWait(QObject):
    """Waits until there is a way to the network; looks only while somebody waits."""

    online = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._on_look)

    @property
    def active(self) -> bool:
        """Whether the network is waited for."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin to wait."""
        self._timer.start()

    def stop(self) -> None:
        """Wait no longer."""
        self._timer.stop()

    @Slot()
    def _on_look(self) -> None:
        if is_online():
            self._timer.stop()
            self.online.emit()
