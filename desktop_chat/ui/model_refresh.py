"""Asking every service anew which models it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.runtime.connect import connect_provider

if TYPE_CHECKING:
    from desktop_chat.runtime.connect import Connection
    from desktop_chat.runtime.core import Core


class ModelRefresh(QObject):
    """Asks all services at once, and tells of each that gave no list."""

    started = Signal()
    finished = Signal()
    trouble = Signal(str, bool)
    """provider id, whether its list could not be loaded"""

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._running: dict[str, Connection] = {}

    def start(self) -> None:
        """Begin, unless it runs already."""
        if self._running:
            return
        for provider in self._core.preferences.providers():
            if not provider.is_demo:
                connection = connect_provider(self._core, provider, "", self)
                self._running[provider.id] = connection
                connection.connected.connect(lambda _, one=provider.id: self._end(one, well=True))
                connection.failed.connect(lambda _, one=provider.id: self._end(one, well=False))
        if self._running:
            self.started.emit()

    def _end(self, provider_id: str, *, well: bool) -> None:
        connection = self._running.pop(provider_id, None)
        if connection is None:
            return
        connection.deleteLater()
        self.trouble.emit(provider_id, not well)
        if not self._running:
            self.finished.emit()
