"""Assistants or prompts as the window sees them: read at first use, written behind its back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from PySide6.QtCore import QObject, Signal

from desktop_chat.storage.entries import Entry

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.runtime.storing.store_thread import StorageThread
    from desktop_chat.storage.entries import EntriesFile


class Collection(QObject, Generic[Entry]):
    """Entries of one kind, in the person's order. Lives on the main thread."""

    changed = Signal()

    def __init__(self, file: EntriesFile[Entry], store: StorageThread, parent: QObject) -> None:
        super().__init__(parent)
        self._file = file
        self._store = store
        entries, self.failure = file.load()
        self._entries: tuple[Entry, ...] = entries

    failure: Failure | None
    """What was wrong with the file."""

    def all(self) -> tuple[Entry, ...]:
        """Return every entry."""
        return self._entries

    def get(self, entry_id: str) -> Entry | None:
        """Return an entry; None where it was removed."""
        return next((one for one in self._entries if one.id == entry_id), None)

    def save(self, entry: Entry) -> None:
        """Add an entry at the end, or put it in the place of the one of its id."""
        if self.get(entry.id) == entry:
            return
        known = self.get(entry.id) is not None
        kept = tuple(entry if one.id == entry.id else one for one in self._entries)
        self._entries = kept if known else (*kept, entry)
        self._store.post_write(lambda: self._file.save(entry))
        self.changed.emit()

    def remove(self, entry_id: str) -> None:
        """Take an entry out; `save` brings it back."""
        if self.get(entry_id) is not None:
            self._entries = tuple(one for one in self._entries if one.id != entry_id)
            self._store.post_write(lambda: self._file.remove(entry_id))
            self.changed.emit()
