"""The commands as SQL. None of them fails for what is missing: nothing may block the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.text import clean
from desktop_chat.storage.commands import (
    AddMessage,
    AppendJournal,
    Command,
    DeleteConversations,
    DeleteMessage,
    DropUse,
    FinishMessage,
    RecordUse,
    RestoreConversations,
    SaveConversation,
    SaveDraft,
    SaveWorkspace,
)
from desktop_chat.storage.rows import message_values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from desktop_chat.domain.chat import Conversation, Message, Part
    from desktop_chat.domain.workspace import Draft, Workspace

_SAVE_CONVERSATION: Final = """
INSERT INTO conversation
    (id, title, head, provider_id, model, assistant_id, params, code_wraps, created_at,
     updated_at, deleted_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    title = excluded.title, head = excluded.head, provider_id = excluded.provider_id,
    model = excluded.model, assistant_id = excluded.assistant_id, params = excluded.params,
    code_wraps = excluded.code_wraps, updated_at = excluded.updated_at
"""
_SAVE_MESSAGE: Final = """
INSERT INTO message
    (id, conversation, parent, role, state, provider_id, provider_name, model, usage,
     finish_reason, error, raw_tail, reasoning_ms, first_ms, took_ms, created_at)
VALUES (:id, (SELECT rowid FROM conversation WHERE id = :conversation),
    (SELECT rowid FROM message WHERE id = :parent), :role, :state, :provider_id, :provider_name,
    :model, :usage, :finish_reason, :error, :raw_tail, :reasoning_ms, :first_ms, :took_ms,
    :created_at)
ON CONFLICT (id) DO UPDATE SET
    state = excluded.state, provider_id = excluded.provider_id,
    provider_name = excluded.provider_name, model = excluded.model, usage = excluded.usage,
    finish_reason = excluded.finish_reason, error = excluded.error,
    raw_tail = excluded.raw_tail, reasoning_ms = excluded.reasoning_ms,
    first_ms = excluded.first_ms, took_ms = excluded.took_ms
"""
_ENSURE_CONVERSATION: Final = """
INSERT OR IGNORE INTO conversation (id, title, provider_id, model, created_at, updated_at)
VALUES (?, '', '', '', ?, ?)
"""
_APPEND: Final = """
INSERT INTO journal (message, owner, part, seq, text)
SELECT rowid, ?, ?,
    1 + COALESCE((SELECT MAX(seq) FROM journal WHERE journal.message = message.rowid), 0), ?
FROM message WHERE id = ?
"""
_RECORD_USE: Final = """
INSERT INTO ledger
    (id, conversation, created_at, provider_id, provider_name, model, input_tokens,
     output_tokens, reasoning_tokens, cached_tokens, about, cost, price_date)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    model = excluded.model, input_tokens = excluded.input_tokens,
    output_tokens = excluded.output_tokens, reasoning_tokens = excluded.reasoning_tokens,
    cached_tokens = excluded.cached_tokens, about = excluded.about, cost = excluded.cost,
    price_date = excluded.price_date
"""
_OF_MESSAGE: Final = "message = (SELECT rowid FROM message WHERE id = ?)"


class Writer:
    """Turns commands into statements on one connection, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, owner_id: str) -> None:
        self._connection = connection
        self._owner_id = owner_id

    def write(self, command: Command) -> None:
        """Carry out one command."""
        match command:
            case AppendJournal(message_id, kind, text):
                self._append(message_id, kind, text)
            case AddMessage(message):
                self._add(message)
            case FinishMessage(message):
                self.finish(message)
            case SaveConversation(conversation):
                self._save_conversation(conversation)
            case SaveDraft() | SaveWorkspace():
                self._save_place(command)
            case RecordUse() | DropUse():
                self._keep_book(command)
            case DeleteMessage() | DeleteConversations() | RestoreConversations():
                self._mark(command)

    def finish(self, message: Message) -> None:
        """Store a message's final form in place of its journal."""
        self._save_message(message)
        self._connection.execute(f"DELETE FROM journal WHERE {_OF_MESSAGE}", (message.id,))  # noqa: S608

    def _append(self, message_id: str, kind: str, text: str) -> None:
        self._connection.execute(_APPEND, (self._owner_id, kind, clean(text), message_id))

    def _add(self, message: Message) -> None:
        self._save_message(message)
        if message.state is MessageState.STREAMING:
            # An empty row claims the message before its first flush.
            self._append(message.id, "text", "")

    def _save_message(self, message: Message) -> None:
        made = (message.conversation_id, message.created_ms, message.created_ms)
        self._connection.execute(_ENSURE_CONVERSATION, made)
        self._connection.execute(_SAVE_MESSAGE, message_values(message))
        self._connection.execute(f"DELETE FROM part WHERE {_OF_MESSAGE}", (message.id,))  # noqa: S608
        self._save_parts(message.id, message.parts)

    def _save_parts(self, message_id: str, parts: Sequence[Part]) -> None:
        self._connection.executemany(
            "INSERT INTO part (message, ordinal, kind, text, data) "
            "VALUES ((SELECT rowid FROM message WHERE id = ?), ?, ?, ?, ?)",
            [
                (message_id, ordinal, part.kind, clean(part.text), clean(part.data))
                for ordinal, part in enumerate(parts)
            ],
        )

    def _save_conversation(self, conversation: Conversation) -> None:
        values = (
            conversation.id,
            clean(conversation.title),
            conversation.head_id,
            conversation.provider_id,
            clean(conversation.model),
            conversation.assistant_id,
            clean(conversation.params),
            clean(conversation.code_wraps),
            conversation.created_ms,
            conversation.updated_ms,
            conversation.deleted_ms,
        )
        self._connection.execute(_SAVE_CONVERSATION, values)

    def _save_place(self, command: SaveDraft | SaveWorkspace) -> None:
        if isinstance(command, SaveDraft):
            self._save_draft(command.conversation_id, command.draft)
        else:
            self._save_workspace(command.workspace)

    def _save_draft(self, conversation_id: str, draft: Draft) -> None:
        if draft.text:
            self._connection.execute(
                "INSERT INTO draft (id, text, caret) VALUES (?, ?, ?) ON CONFLICT (id) "
                "DO UPDATE SET text = excluded.text, caret = excluded.caret",
                (conversation_id, clean(draft.text), draft.caret),
            )
        else:
            self._connection.execute("DELETE FROM draft WHERE id = ?", (conversation_id,))

    def _save_workspace(self, workspace: Workspace) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO workspace (rowid, active, geometry, sidebar) "
            "VALUES (1, ?, ?, ?)",
            (workspace.active, workspace.geometry, workspace.sidebar),
        )
        self._connection.execute("DELETE FROM tab")
        self._connection.executemany(
            "INSERT INTO tab (conversation, preview, item, block, offset, following, y) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    one.conversation_id,
                    one.preview,
                    one.item_id,
                    one.block,
                    one.offset,
                    one.following,
                    one.y,
                )
                for one in workspace.tabs
            ],
        )

    def _keep_book(self, command: RecordUse | DropUse) -> None:
        if isinstance(command, DropUse):
            self._connection.execute("DELETE FROM ledger WHERE id = ?", (command.message_id,))
            return
        use, usage = command.use, command.use.usage
        values = (
            use.message_id,
            use.conversation_id,
            use.created_ms,
            use.provider_id,
            clean(use.provider_name),
            clean(use.model),
            usage.input_tokens,
            usage.output_tokens,
            usage.reasoning_tokens,
            usage.cached_tokens,
            use.about,
            use.cost,
            use.price_date,
        )
        self._connection.execute(_RECORD_USE, values)

    def _mark(self, command: DeleteMessage | DeleteConversations | RestoreConversations) -> None:
        table = "message" if isinstance(command, DeleteMessage) else "conversation"
        ids = (command.message_id,) if isinstance(command, DeleteMessage) else command.ids
        deleted_ms = None if isinstance(command, RestoreConversations) else command.deleted_ms
        self._connection.executemany(
            f"UPDATE {table} SET deleted_at = ? WHERE id = ?",  # noqa: S608
            [(deleted_ms, one) for one in ids],
        )
