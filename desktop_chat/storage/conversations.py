"""The conversation store: one interface over a SQLite file and over memory."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.storage import damage, schema
from desktop_chat.storage.faults import database_error, file_error
from desktop_chat.storage.locks import hold
from desktop_chat.storage.reading import ConversationReader
from desktop_chat.storage.rows import MESSAGE_COLUMNS
from desktop_chat.storage.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from desktop_chat.storage.commands import Command
    from desktop_chat.storage.paths import Profile

_CHECK_LIMIT: Final = 4 * 1024 * 1024
"""Files up to this size are checked whole at each opening: that takes 3 ms."""
_CRASH_CHECK_LIMIT: Final = 64 * 1024 * 1024
"""And up to this size, 50 ms, where the last program did not close the file."""


class ConversationStore(ConversationReader):
    """Conversations, drafts and the workspace. Used by one thread at a time; raises `ChatError`.

    Without a path it lives in memory and nothing of it ever reaches a file.
    """

    def __init__(self, path: Path | None, owner_id: str, *, read_only: bool = False) -> None:
        try:
            connection = _connect(path, read_only=read_only)
        except sqlite3.Error as error:
            raise database_error(error, path) from error
        super().__init__(connection, path)
        self._owner_id = owner_id
        self._durable: bool | None = None
        try:
            with self._faults():
                self._prepare(read_only=read_only)
        except BaseException:
            connection.close()
            raise
        self._writer = Writer(self._connection, owner_id)

    @property
    def path(self) -> Path | None:
        """The file, None for a store in memory."""
        return self._path

    def apply(self, commands: Sequence[Command], *, durable: bool) -> None:
        """Carry out commands in one transaction: all of them, or none and a `ChatError`.

        What is `durable` is on the disk when this returns; the rest after a crash of the program,
        though perhaps not after a power cut. Waits at most a second for another writer.
        """
        try:
            with self._transaction(durable=durable):
                for command in commands:
                    self._writer.write(command)
        except (TypeError, ValueError, OverflowError) as error:
            # A value that no column takes is a mistake of ours: it must not end the thread.
            detail = f"{type(error).__name__}: {error}"[:300]
            raise ChatError(Failure(kind=ErrorKind.INTERNAL, detail=detail)) from error

    def recover(self, is_alive: Callable[[str], bool]) -> list[str]:
        """Finish the messages whose writers are gone, as interrupted; return their ids."""
        if not self._rows("SELECT 1 FROM message WHERE state = 'streaming' LIMIT 1", ()):
            return []
        alive: dict[str, bool] = {self._owner_id: True}
        recovered: list[str] = []
        with self._transaction(durable=True):
            for row, conversation_id, owners in self._streaming():
                for owner in owners:
                    alive.setdefault(owner, is_alive(owner))
                if any(alive[owner] for owner in owners):
                    continue
                message = self._with_parts(conversation_id, row)
                self._writer.finish(replace(message, state=MessageState.INTERRUPTED))
                recovered.append(message.id)
        return recovered

    def check(self, *, whole: bool) -> None:
        """Raise `STORE_DAMAGED` where the file is; `whole`: read all of it, not a sample."""
        with self._faults():
            schema.probe(self._connection)
        if whole and (found := self._rows("PRAGMA quick_check(1)", ())) != [("ok",)]:
            failure = Failure(
                kind=ErrorKind.STORE_DAMAGED, detail=str(found)[:300], target=str(self._path)
            )
            raise ChatError(failure)

    def close(self) -> None:
        """Let the file go."""
        with self._faults():
            self._connection.close()

    def _prepare(self, *, read_only: bool) -> None:
        if self._path is None:
            schema.migrate(self._connection, 0)
            return
        application, version = schema.stamp(self._connection)
        if application != schema.APPLICATION_ID or version < 1:
            raise ChatError(
                Failure(
                    kind=ErrorKind.STORE_DAMAGED,
                    detail=f"not a chat file: application {application:#x}, version {version}",
                    target=str(self._path),
                )
            )
        if version > schema.VERSION:
            raise ChatError(
                Failure(
                    kind=ErrorKind.STORE_NEWER,
                    detail=f"version {version}; this program reads {schema.VERSION}",
                    target=str(self._path),
                )
            )
        if not read_only:
            schema.migrate(self._connection, version)

    def _streaming(self) -> list[tuple[tuple[Any, ...], str, set[str]]]:
        rows = self._rows(
            f"SELECT conversation.id, {MESSAGE_COLUMNS} FROM message "  # noqa: S608
            "JOIN conversation ON conversation.rowid = message.conversation "
            "LEFT JOIN message AS parent ON parent.rowid = message.parent "
            "WHERE message.state = 'streaming' ORDER BY message.rowid",
            (),
        )
        found = []
        for conversation_id, *row in rows:
            owners = self._rows("SELECT DISTINCT owner FROM journal WHERE message = ?", (row[0],))
            found.append((tuple(row), conversation_id, {owner for (owner,) in owners}))
        return found

    @contextlib.contextmanager
    def _transaction(self, *, durable: bool) -> Iterator[None]:
        with self._faults():
            if durable is not self._durable:
                level = "FULL" if durable else "NORMAL"
                self._connection.execute(f"PRAGMA synchronous = {level}")
                self._durable = durable
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def open_store(profile: Profile, owner_id: str) -> tuple[ConversationStore, Failure | None]:
    """Open a profile's chat file, or what can stand in for it, with the reason.

    A damaged file is kept under another name, and a new one made. Where the file is of a newer
    version, held by another program, or cannot be written, the store lives in memory.
    """
    path = profile.chats_file
    try:
        if path.exists() and (store := _open_sound(path, owner_id)) is not None:
            return store, None
        with hold(path.with_name("chats.lock"), schema.BUSY_TIMEOUT_S):
            return _open_or_replace(path, owner_id)
    except ChatError as error:
        return ConversationStore(None, owner_id), error.failure
    except OSError as error:
        return ConversationStore(None, owner_id), file_error(error, path).failure


def _open_or_replace(path: Path, owner_id: str) -> tuple[ConversationStore, Failure | None]:
    """Open the file; another process may have made or replaced it while we waited."""
    failure: Failure | None = None
    if path.exists():
        if (store := _open_sound(path, owner_id)) is not None:
            return store, None
        kept = damage.set_aside(path)
        failure = Failure(kind=ErrorKind.STORE_DAMAGED, target=str(kept))
    try:
        damage.create(path)
    except sqlite3.Error as error:
        raise database_error(error, path) from error
    return ConversationStore(path, owner_id), failure


def _open_sound(path: Path, owner_id: str) -> ConversationStore | None:
    """Open a chat file; None where it is damaged. Raises `OSError` where it cannot be read."""
    if not damage.has_our_head(path):
        return None
    crashed = path.with_name(path.name + "-wal").exists()
    limit = _CRASH_CHECK_LIMIT if crashed else _CHECK_LIMIT
    try:
        whole = path.stat().st_size <= limit
        store = ConversationStore(path, owner_id)
        try:
            store.check(whole=whole)
        except ChatError:
            store.close()
            raise
    except ChatError as error:
        if error.failure.kind is ErrorKind.STORE_DAMAGED:
            return None
        raise
    return store


def _connect(path: Path | None, *, read_only: bool) -> sqlite3.Connection:
    if path is None:
        return schema.connect(":memory:")
    if read_only:
        return schema.connect(f"{path.absolute().as_uri()}?mode=ro")
    return schema.connect(f"{path.absolute().as_uri()}?mode=rw")
