"""What the store is asked to write: frozen values that cross threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Conversation, Message
    from desktop_chat.domain.spending import Use
    from desktop_chat.domain.workspace import Draft, Workspace


@dataclass(frozen=True, slots=True)
class SaveConversation:
    """Add a conversation, or change what is known of it. Never deletes and never restores."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class AddMessage:
    """Add a message whose conversation and parent are stored. A streaming one gets our journal."""

    message: Message


@dataclass(frozen=True, slots=True)
class AppendJournal:
    """Add what has come since the last flush to a streaming message's part of this kind."""

    message_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FinishMessage:
    """Store a message's final form and drop its journal. Adds the message where it is missing."""

    message: Message


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Mark a message as deleted; what hangs below it stays."""

    message_id: str
    deleted_ms: int


@dataclass(frozen=True, slots=True)
class DeleteConversations:
    """Mark conversations as deleted."""

    ids: tuple[str, ...]
    deleted_ms: int


@dataclass(frozen=True, slots=True)
class RestoreConversations:
    """Take the mark away again."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep a chat's unsent text; an empty one is forgotten."""

    conversation_id: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class SaveWorkspace:
    """Keep what the window holds open, in place of what it held."""

    workspace: Workspace


@dataclass(frozen=True, slots=True)
class RecordUse:
    """Enter an answer into the ledger, or correct its entry. Deleting chats leaves it there."""

    use: Use


@dataclass(frozen=True, slots=True)
class DropUse:
    """Take an entry out of the ledger: the answer cost nothing after all."""

    message_id: str


Command = (
    SaveConversation
    | AddMessage
    | AppendJournal
    | FinishMessage
    | DeleteMessage
    | DeleteConversations
    | RestoreConversations
    | SaveDraft
    | SaveWorkspace
    | RecordUse
    | DropUse
)
