"""Deleting and renaming chats without a question, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from desktop_chat.runtime.chats.library import Library
    from desktop_chat.ui.controls.toast import Toast
    from desktop_chat.ui.tabs.tabs import Tabs


class ChatChanges(QObject):
    """Deletes a chat with its tab; the toast, or Ctrl+Z after it, brings both back."""

    def __init__(self, library: Library, tabs: Tabs, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._tabs = tabs
        self._toast = toast
        self._had_tab = False
        library.deleted.connect(self._on_deleted)

    def delete(self, conversation_id: str) -> None:
        """Delete a chat."""
        self._had_tab = self._tabs.close_chat(conversation_id)
        self._library.delete([conversation_id])

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a chat another title."""
        chats = self._library.conversations()
        old = next((one.title for one in chats if one.id == conversation_id), "")
        self._library.rename(conversation_id, title)
        if old:
            self._toast.offer("Renamed.", lambda: self._library.rename(conversation_id, old))

    def undo(self) -> bool:
        """Take back what was done last; False where there is nothing to take back."""
        if self._toast.active:
            return self._toast.undo()
        return self._bring_back()

    def _on_deleted(self, count: int) -> None:
        words = "Chat deleted." if count == 1 else f"{count} chats deleted."
        self._toast.offer(words, self._bring_back)

    def _bring_back(self) -> bool:
        back = self._library.undo_delete()
        if back and self._had_tab:
            self._tabs.reopen()
        self._had_tab = False
        return back
