"""Reading conversations, drafts and the workspace from one connection."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.chat import MessageState, Part
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.workspace import Draft, OpenTab, Workspace
from desktop_chat.storage.faults import database_error
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

    from desktop_chat.domain.chat import Conversation, Message

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

    def messages(self, conversation_id: str) -> list[Message]:
        """Return all messages of a conversation's tree in the order of their creation.

        A streaming one has the text that its journal holds so far.
        """
        rows = self._rows(
            f"SELECT {MESSAGE_COLUMNS} FROM conversation "  # noqa: S608
            "JOIN message ON message.conversation = conversation.rowid "
            "LEFT JOIN message AS parent ON parent.rowid = message.parent "
            "WHERE conversation.id = ? AND message.deleted_at IS NULL ORDER BY message.rowid",
            (conversation_id,),
        )
        return self._with_parts(conversation_id, rows)

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
            "SELECT conversation, preview, item, block, offset, following FROM tab ORDER BY rowid",
            (),
        )
        tabs = tuple(
            OpenTab(identity, bool(preview), item, block, offset, bool(following))
            for identity, preview, item, block, offset, following in rows
        )
        return Workspace(tabs, active, geometry, None if sidebar is None else bool(sidebar))

    def recent_choices(self, limit: int) -> list[ModelChoice]:
        """Return the models that answered last, each once, the newest first."""
        rows = self._rows(
            "SELECT provider_id, model FROM (SELECT rowid, provider_id, model FROM message "
            "WHERE role = 'assistant' AND model <> '' ORDER BY rowid DESC LIMIT ?) "
            "GROUP BY provider_id, model ORDER BY MAX(rowid) DESC LIMIT ?",
            (_RECENT_ANSWERS, limit),
        )
        return [ModelChoice(provider, model) for provider, model in rows]

    def _with_parts(self, conversation_id: str, rows: list[tuple[Any, ...]]) -> list[Message]:
        parts = self._parts(conversation_id) if len(rows) > 1 else None
        whole = []
        for row in rows:
            rowid, streaming = row[0], row[4] == MessageState.STREAMING.value
            own = self._parts_of(rowid) if parts is None else tuple(parts.get(rowid, ()))
            if streaming:
                own = folded(
                    own,
                    self._rows(
                        "SELECT part, text FROM journal WHERE message = ? ORDER BY seq", (rowid,)
                    ),
                )
            whole.append(message_from(row, conversation_id, own))
        return whole

    def _parts_of(self, rowid: int) -> tuple[Part, ...]:
        rows = self._rows(
            "SELECT kind, text, data FROM part WHERE message = ? ORDER BY ordinal", (rowid,)
        )
        return tuple(Part(*row) for row in rows)

    def _parts(self, conversation_id: str) -> dict[int, list[Part]]:
        parts: dict[int, list[Part]] = {}
        for rowid, kind, text, data in self._rows(
            "SELECT part.message, kind, text, data FROM conversation "
            "JOIN message ON message.conversation = conversation.rowid "
            "JOIN part ON part.message = message.rowid "
            "WHERE conversation.id = ? ORDER BY message.rowid, ordinal",
            (conversation_id,),
        ):
            parts.setdefault(rowid, []).append(Part(kind, text, data))
        return parts

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._faults():
            return self._connection.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise database_error(error, self._path) from error
