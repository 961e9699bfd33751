"""Conversations and messages for tests."""

from __future__ import annotations

from desktop_chat.domain.chat import Conversation, Message, MessageState, Part, PartKind, Role
from desktop_chat.domain.ids import new_id


def conversation(title: str = "a chat", updated_ms: int = 1) -> Conversation:
    return Conversation(id=new_id(), title=title, created_ms=1, updated_ms=updated_ms)


def question(chat: Conversation, text: str = "why?", parent_id: str | None = None) -> Message:
    return Message(
        id=new_id(),
        conversation_id=chat.id,
        parent_id=parent_id,
        role=Role.USER,
        parts=(Part(PartKind.TEXT, text),),
        created_ms=2,
    )


def answer(
    parent: Message,
    *parts: Part,
    state: MessageState = MessageState.STREAMING,
    model: str = "m",
) -> Message:
    return Message(
        id=new_id(),
        conversation_id=parent.conversation_id,
        parent_id=parent.id,
        role=Role.ASSISTANT,
        state=state,
        parts=parts,
        created_ms=3,
        provider_id="p",
        provider_name="Provider",
        model=model,
    )
