"""Which model servers of this computer can be offered: looked for in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_chat.domain.discovery import WITHIN_S, LocalServer, not_set_up

if TYPE_CHECKING:
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.runtime.network.network import Network
    from desktop_chat.runtime.preferences import Preferences


class Discovery(QObject):
    """Remembers what answered the last time that it was looked."""

    changed = Signal()
    """There may be other offers than before."""
    ended = Signal()
    """A look is over, whatever was found."""

    def __init__(self, network: Network, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._network = network
        self._preferences = preferences
        self._job: Job | None = None
        self.found: tuple[LocalServer, ...] = ()
        """Every server that answered."""
        self.within_s = WITHIN_S
        """How long all servers together have to answer."""
        preferences.providers_changed.connect(self.changed)

    @property
    def offers(self) -> tuple[LocalServer, ...]:
        """The servers that answered, can be chatted with and are not set up."""
        new = not_set_up(self.found, self._preferences.providers())
        return tuple(one for one in new if one.is_ready)

    @property
    def looking(self) -> bool:
        """Whether a look is under way."""
        return self._job is not None

    def look(self) -> None:
        """Look anew; one look at a time."""
        if self._job is None:
            self._job = self._network.find_servers(self.within_s, self)
            self._job.done.connect(self._on_done)
            self._job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_done(self, servers: tuple[LocalServer, ...]) -> None:
        self._end(servers)

    @Slot(object)
    def _on_failed(self, _failure: object) -> None:
        self._end(())

    def _end(self, servers: tuple[LocalServer, ...]) -> None:
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        changed = servers != self.found
        self.found = servers
        if changed:
            self.changed.emit()
        self.ended.emit()
