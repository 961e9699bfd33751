"""The store as the main thread sees it: commands go down, facts come up, reads are at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.errors import ChatError
from desktop_chat.runtime.store_thread import StorageThread, Stored, StoreTrouble, StoreWell
from desktop_chat.storage.conversations import ConversationStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.errors import Failure
    from desktop_chat.runtime.mailbox import Mailbox
    from desktop_chat.storage.commands import Command
    from desktop_chat.storage.paths import Profile


class Store(QObject):
    """Posts to the storage thread; reads by a second connection that never writes."""

    trouble = Signal(object)
    """Payload: `Failure`. Writing did not succeed and is tried again; nothing is lost."""
    well = Signal()
    """Writing succeeds again."""

    def __init__(self, profile: Profile, mailbox: Mailbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._mailbox = mailbox
        self._job = mailbox.open(self._receive)
        self._waiting: dict[int, Callable[[], None]] = {}
        self._last_ticket = 0
        self._reader: ConversationStore | None = None
        self.thread_ = StorageThread(profile, mailbox, self._job)

    @property
    def open_failure(self) -> Failure | None:
        """What was wrong with the file when it was opened."""
        self.thread_.wait_until_open()
        return self.thread_.open_failure

    @property
    def reader(self) -> ConversationStore:
        """The connection for reads; the first use waits until the store is open."""
        if self._reader is None:
            self.thread_.wait_until_open()
            self._reader = self._open_reader()
        return self._reader

    def start(self) -> None:
        """Start opening the store."""
        self.thread_.start()

    def post(
        self,
        *commands: Command,
        durable: bool = False,
        temporary: bool = False,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Have commands written in one transaction; `then` is called once they are."""
        ticket = 0
        if then is not None:
            self._last_ticket += 1
            ticket = self._last_ticket
            self._waiting[ticket] = then
        self.thread_.post(*commands, durable=durable, temporary=temporary, ticket=ticket)

    def close(self, timeout_s: float) -> bool:
        """Write what is queued and close; whether that was done in time."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        return self.thread_.close(timeout_s)

    def _open_reader(self) -> ConversationStore:
        try:
            return ConversationStore(self._profile.chats_file, "", read_only=True)
        except ChatError as error:
            self.trouble.emit(error.failure)
            return ConversationStore(None, "")

    def _receive(self, fact: object) -> None:
        match fact:
            case Stored(ticket):
                if then := self._waiting.pop(ticket, None):
                    then()
            case StoreTrouble(failure):
                self.trouble.emit(failure)
            case StoreWell():
                self.well.emit()
            case _:
                pass
