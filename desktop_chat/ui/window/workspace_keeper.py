"""Keeps what the window holds open, soon after each change, so that a crash loses no tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.workspace import Workspace
    from desktop_chat.runtime.chats.library import Library

SAVE_AFTER_MS: Final = 1000


class WorkspaceKeeper(QObject):
    """Saves once for many changes, and at once at the end."""

    def __init__(self, library: Library, take: Callable[[], Workspace], parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._take = take
        self._saved: Workspace | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def changed(self) -> None:
        """Save soon."""
        self._timer.start()

    def save(self) -> None:
        """Save now, if there is anything new."""
        self._timer.stop()
        workspace = self._take()
        if workspace != self._saved:
            self._saved = workspace
            self._library.save_workspace(workspace)
