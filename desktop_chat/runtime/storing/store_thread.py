"""The storage thread: the only writer of this process, with one queue."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.storage.commands import AppendJournal
from desktop_chat.storage.conversations import ConversationStore, open_store
from desktop_chat.storage.locks import OwnerLock, is_alive, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.runtime.jobs.mailbox import Mailbox
    from desktop_chat.storage.commands import Command
    from desktop_chat.storage.paths import Profile

FLUSH_S: Final = 0.15
"""How long streamed text may wait here for the journal; with the session's own gathering, a crash
loses a quarter of a second."""
RETRY_S: Final = 1.0
"""How long a full disk or a foreign lock is waited for before the same is tried again."""
HURRY_S: Final = 0.05
"""The same while the program ends."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was posted with this ticket is on the disk."""

    ticket: int


@dataclass(frozen=True, slots=True)
class StoreTrouble:
    """Writing did not succeed; what was posted is held and tried again."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class StoreWell:
    """Writing succeeds again after trouble."""


@dataclass(frozen=True, slots=True)
class _Letter:
    commands: tuple[Command, ...] = ()
    durable: bool = False
    temporary: bool = False
    ticket: int = 0
    stored: Callable[[], None] | None = None
    write: Callable[[], Failure | None] | None = None


class StorageThread(threading.Thread):
    """Applies commands in the order in which they were posted.

    Text for the journal is gathered for `FLUSH_S`; everything else is written at once, and what
    is `durable` is on the disk itself before its ticket is `Stored`. Temporary chats go to a
    store in memory. Facts go to the mailbox under `job`.
    """

    def __init__(self, profile: Profile, mailbox: Mailbox, job: int) -> None:
        super().__init__(name="storage", daemon=True)
        self._profile = profile
        self._mailbox = mailbox
        self._job = job
        self._queue: queue.SimpleQueue[_Letter | None] = queue.SimpleQueue()
        self._opened = threading.Event()
        self._trouble = False
        self._hurry = threading.Event()
        self._giving_up = threading.Event()
        self.open_failure: Failure | None = None
        self.in_memory = False
        """The file cannot be used: everything is held in memory instead."""

    def wait_until_open(self) -> None:
        """Block until the store is open and what dead processes left is recovered."""
        self._opened.wait()

    def post(
        self,
        *commands: Command,
        durable: bool = False,
        temporary: bool = False,
        ticket: int = 0,
        stored: Callable[[], None] | None = None,
    ) -> None:
        """Have commands written in one transaction; a ticket asks for a `Stored`.

        `stored` is called here, on this thread, once they are written.
        """
        self._queue.put(_Letter(commands, durable, temporary, ticket, stored))

    def post_write(self, write: Callable[[], Failure | None], ticket: int = 0) -> None:
        """Have a small file written, such as the settings; it returns or raises its failure.

        A ticket asks for a `Stored`, which follows whether or not the file could be written.
        """
        self._queue.put(_Letter(write=write, ticket=ticket))

    def close(self, timeout_s: float) -> bool:
        """Write what is queued and end; whether that was done in time."""
        self._queue.put(None)
        self._hurry.set()
        self.join(timeout_s)
        self._giving_up.set()
        return not self.is_alive()

    @override
    def run(self) -> None:
        """Open, recover, then write until `close`."""
        lock = OwnerLock(self._profile)
        try:
            store, self.open_failure = open_store(self._profile, lock.id)
            self.in_memory = store.path is None
            self._recover(store)
            self._opened.set()
            memory = ConversationStore(None, lock.id)
            self._serve(store, memory)
            memory.close()
            store.close()
        finally:
            self._opened.set()
            lock.release()

    def _recover(self, store: ConversationStore) -> None:
        try:
            store.recover(lambda owner: is_alive(self._profile, owner))
        except ChatError as error:
            self.open_failure = self.open_failure or error.failure
        else:
            sweep(self._profile)

    def _serve(self, store: ConversationStore, memory: ConversationStore) -> None:
        gathered: list[_Letter] = []
        due = 0.0
        going = True
        while going:
            letters, going = self._next_letters(due - time.monotonic() if gathered else None)
            for letter in letters:
                if letter.write is not None:
                    self._write_file(letter.write, letter.ticket)
                elif letter.temporary:
                    self._write(memory, [letter])
                else:
                    gathered.append(letter)
            if not gathered:
                continue
            due = due or time.monotonic() + FLUSH_S
            urgent = any(not _is_journal(letter) for letter in gathered)
            if urgent or not going or time.monotonic() >= due:
                self._write(store, gathered)
                gathered, due = [], 0.0

    def _next_letters(self, wait_s: float | None) -> tuple[list[_Letter], bool]:
        """Return what is queued, waiting at most `wait_s` for a first; False at the end."""
        letters: list[_Letter] = []
        try:
            letter = self._queue.get(timeout=None if wait_s is None else max(0.0, wait_s))
            while letter is not None:
                letters.append(letter)
                letter = self._queue.get_nowait()
        except queue.Empty:
            return letters, True
        return letters, False

    def _gives_up(self) -> bool:
        """Wait before the next attempt, shortly when the program ends; whether it is the last."""
        if self._hurry.is_set():
            return self._giving_up.wait(HURRY_S)
        self._hurry.wait(RETRY_S)
        return self._giving_up.is_set()

    def _write_file(self, write: Callable[[], Failure | None], ticket: int) -> None:
        try:
            failure = write()
        except ChatError as error:
            failure = error.failure
        if failure is not None:
            self._mailbox.post(self._job, StoreTrouble(failure))
        if ticket:
            self._mailbox.post(self._job, Stored(ticket))

    def _write(self, store: ConversationStore, letters: list[_Letter]) -> None:
        commands = [command for letter in letters for command in letter.commands]
        durable = any(letter.durable for letter in letters)
        while True:
            try:
                store.apply(commands, durable=durable)
                break
            except ChatError as error:
                self._trouble = True
                self._mailbox.post(self._job, StoreTrouble(error.failure))
                if error.failure.kind is ErrorKind.INTERNAL:
                    break  # a mistake of our own: the same would fail again and block the rest
                if self._gives_up():
                    return
        self._tell_written(letters)

    def _tell_written(self, letters: list[_Letter]) -> None:
        for letter in letters:
            if letter.stored is not None:
                letter.stored()
        if self._trouble:
            self._trouble = False
            self._mailbox.post(self._job, StoreWell())
        for letter in letters:
            if letter.ticket:
                self._mailbox.post(self._job, Stored(letter.ticket))


def _is_journal(letter: _Letter) -> bool:
    return not letter.durable and all(isinstance(one, AppendJournal) for one in letter.commands)
