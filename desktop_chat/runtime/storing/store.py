"""The store as the main thread sees it: commands go down, facts come up, reads are at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.history import History
from desktop_chat.domain.workspace import Draft, Workspace
from desktop_chat.runtime.storing.store_thread import StorageThread, Stored, StoreTrouble, StoreWell
from desktop_chat.storage.conversations import ConversationStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_chat.domain.chat import Conversation
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.runtime.jobs.mailbox import Mailbox
    from desktop_chat.storage.commands import Command
    from desktop_chat.storage.ledger import Ledger
    from desktop_chat.storage.paths import Profile

Result = TypeVar("Result")


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

    def conversations(self, limit: int, offset: int = 0) -> list[Conversation]:
        """Return the conversations changed last, newest first."""
        return self._read(lambda reader: reader.conversations(limit=limit, offset=offset), [])

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return a conversation's row, or None where it is not stored."""
        return self._read(lambda reader: reader.conversation(conversation_id), None)

    def messages(self, conversation_id: str) -> History:
        """Return all messages of a conversation's tree, in the order of their creation."""
        return self._read(lambda reader: reader.messages(conversation_id), History())

    def drafts(self) -> dict[str, Draft]:
        """Return the unsent texts by conversation."""
        return self._read(lambda reader: reader.drafts(), {})

    def workspace(self) -> Workspace:
        """Return what the window held open."""
        return self._read(lambda reader: reader.workspace(), Workspace())

    def recent_choices(self, limit: int) -> list[ModelChoice]:
        """Return the models that chats talked to last."""
        return self._read(lambda reader: reader.recent_choices(limit), [])

    def ask_ledger(self, ask: Callable[[Ledger], Result], nothing: Result) -> Result:
        """Return what is asked of the ledger; `nothing` where it cannot be read."""
        return self._read(lambda reader: ask(reader.ledger()), nothing)

    @property
    def path(self) -> Path | None:
        """The file that is read from; None where everything is held in memory."""
        self.thread_.wait_until_open()
        return None if self.thread_.in_memory else self._profile.chats_file

    def start(self) -> None:
        """Start opening the store."""
        self.thread_.start()

    def post(
        self,
        *commands: Command,
        durable: bool = False,
        temporary: bool = False,
        then: Callable[[], None] | None = None,
        stored: Callable[[], None] | None = None,
    ) -> None:
        """Have commands written in one transaction; `then` is called once they are.

        So is `stored`, on the storage thread, before anything else happens.
        """
        ticket = self._ticket(then) if then is not None else 0
        self.thread_.post(
            *commands, durable=durable, temporary=temporary, ticket=ticket, stored=stored
        )

    def when_written(self, then: Callable[[], None]) -> None:
        """Call `then` once every file that was changed so far is written, or gave trouble."""
        self.thread_.post_write(lambda: None, self._ticket(then))

    def close(self, timeout_s: float) -> bool:
        """Write what is queued and close; whether that was done in time."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        return self.thread_.close(timeout_s)

    def _ticket(self, then: Callable[[], None]) -> int:
        self._last_ticket += 1
        self._waiting[self._last_ticket] = then
        return self._last_ticket

    def _read(self, read: Callable[[ConversationStore], Result], nothing: Result) -> Result:
        """Read by the second connection, which the first use opens once the store is open."""
        try:
            if self._reader is None:
                path = self.path
                self._reader = ConversationStore(path, "", read_only=path is not None)
            return read(self._reader)
        except ChatError as error:
            self.trouble.emit(error.failure)
            return nothing

    def _receive(self, facts: list[object]) -> None:
        for fact in facts:
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
