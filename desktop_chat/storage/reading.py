"""Reading conversations, drafts and the workspace from one connection."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.workspace import Draft, OpenTab, Workspace
from desktop_chat.storage.faults import database_error
from desktop_chat.storage.history import (
    HISTORY_COLUMNS,
    PART_COLUMNS,
    StoredHistory,
    unpacked,
)
from desktop_chat.storage.rows import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    conversation_from,
    folded,
    message_from,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_chat.domain.chat import Conversation, Message, Part
    from desktop_chat.storage.ledger import Ledger

_RECENT_ANSWERS: Final = 500
"""How far back the models that were used last are looked for."""


class ConversationReader:
    """What can be asked of a store. Raises `ChatError` alone."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self._connection = connection
        self._path = path

    def conversations(self, limit: int = 1000, offset: int = 0) -> list[Conversation]:
        """Return conversations that are not deleted, those changed last first."""
        rows = self._rows(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE deleted_at IS NULL "  # noqa: S608
            "ORDER BY updated_at DESC, rowid DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [conversation_from(row) for row in rows]

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Return one conversation, a deleted one too; None where it is not known."""
        rows = self._rows(
            f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE id = ?",  # noqa: S608
            (conversation_id,),
        )
        return conversation_from(rows[0]) if rows else None

    def messages(self, conversation_id: str) -> StoredHistory:
        """Return all messages of a conversation's tree in the order of their creation.

        A streaming one has the text that its journal holds so far.
        """
        rows = self._rows(
            f"SELECT {HISTORY_COLUMNS} FROM conversation "  # noqa: S608 - our own names
            "JOIN message ON message.conversation = conversation.rowid "
            "LEFT JOIN part ON part.message = message.rowid "
            "WHERE conversation.id = ? ORDER BY message.rowid, ordinal",
            (conversation_id,),
        )
        streaming = MessageState.STREAMING.value
        growing = {
            row[0]: self._with_journal(row[0])
            for row in rows
            if row[4] == streaming and row[5] is None
        }
        return StoredHistory(conversation_id, rows, growing, self._details)

    def draft(self, conversation_id: str) -> Draft:
        """Return a chat's unsent text, an empty one where there is none."""
        rows = self._rows("SELECT text, caret FROM draft WHERE id = ?", (conversation_id,))
        return Draft(*rows[0]) if rows else Draft()

    def drafts(self) -> dict[str, Draft]:
        """Return all unsent texts by their chats' ids."""
        rows = self._rows("SELECT id, text, caret FROM draft", ())
        return {identity: Draft(text, caret) for identity, text, caret in rows}

    def workspace(self) -> Workspace:
        """Return what the window held open."""
        found = self._rows("SELECT active, geometry, sidebar FROM workspace", ())
        active, geometry, sidebar = found[0] if found else (0, b"", None)
        rows = self._rows(
            "SELECT conversation, preview, item, block, offset, following, y "
            "FROM tab ORDER BY rowid",
            (),
        )
        tabs = tuple(
            OpenTab(identity, bool(preview), item, block, offset, bool(following), y)
            for identity, preview, item, block, offset, following, y in rows
        )
        return Workspace(tabs, active, geometry, None if sidebar is None else bool(sidebar))

    def ledger(self) -> Ledger:
        """Return what answers cost; each of its methods raises `ChatError` alone."""
        from desktop_chat.storage.ledger import Ledger  # noqa: PLC0415 - not at start

        return Ledger(self._rows)

    def recent_choices(self, limit: int) -> list[ModelChoice]:
        """Return the models that answered last, each once, the newest first."""
        rows = self._rows(
            "SELECT provider_id, model FROM (SELECT rowid, provider_id, model FROM message "
            "WHERE role = 'assistant' AND model <> '' ORDER BY rowid DESC LIMIT ?) "
            "GROUP BY provider_id, model ORDER BY MAX(rowid) DESC LIMIT ?",
            (_RECENT_ANSWERS, limit),
        )
        return [ModelChoice(provider, model) for provider, model in rows]

    def _details(self, rowid: int) -> tuple[Any, ...] | None:
        """Return the row of one message; None where it is gone, or cannot be read any more."""
        statement = (
            f"SELECT {MESSAGE_COLUMNS} FROM message "  # noqa: S608 - our own names
            "LEFT JOIN message AS parent ON parent.rowid = message.parent WHERE message.rowid = ?"
        )
        with contextlib.suppress(ChatError):
            return next(iter(self._rows(statement, (rowid,))), None)
        return None

    def _with_parts(self, conversation_id: str, row: tuple[Any, ...]) -> Message:
        return message_from(row, conversation_id, self._with_journal(row[0]))

    def _with_journal(self, rowid: int) -> tuple[Part, ...]:
        """Return the parts of a streaming message, with what its journal holds so far."""
        parts = self._rows(
            f"SELECT {PART_COLUMNS} FROM part WHERE message = ? ORDER BY ordinal",  # noqa: S608
            (rowid,),
        )
        journal = "SELECT part, text FROM journal WHERE message = ? ORDER BY seq"
        return folded(unpacked(parts), self._rows(journal, (rowid,)))

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._faults():
            return self._connection.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise database_error(error, self._path) from error
