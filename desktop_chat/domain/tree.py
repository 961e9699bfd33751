"""A conversation's messages as a tree: the shown path, versions, and the leaf below a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.chat import Message


class MessageTree:
    """Messages by id and by parent. Siblings stand in the order in which they were added."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages: dict[str, Message] = {}
        self._children: dict[str | None, list[str]] = {}
        self._path: tuple[str | None, tuple[Message, ...]] | None = None
        """The path that was asked for last, and its end: it is asked for often."""
        for message in messages:
            self.put(message)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: str) -> Message:
        return self._messages[message_id]

    def __len__(self) -> int:
        return len(self._messages)

    def put(self, message: Message) -> None:
        """Add a message, or replace the one of the same id."""
        self._path = None
        if message.id not in self._messages:
            self._children.setdefault(message.parent_id, []).append(message.id)
        self._messages[message.id] = message

    def remove(self, message_id: str) -> None:
        """Take a message without children out of the tree."""
        self._path = None
        message = self._messages.pop(message_id)
        self._children[message.parent_id].remove(message_id)

    def path(self, head_id: str | None) -> tuple[Message, ...]:
        """Return the messages from the root down to `head_id`; a missing ancestor ends it."""
        if self._path is not None and self._path[0] == head_id:
            return self._path[1]
        end = head_id
        path: list[Message] = []
        seen: set[str] = set()
        while head_id is not None and head_id in self._messages and head_id not in seen:
            seen.add(head_id)
            message = self._messages[head_id]
            path.append(message)
            head_id = message.parent_id
        path.reverse()
        self._path = (end, tuple(path))
        return self._path[1]

    def versions(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of the message and its siblings of the same role, oldest first."""
        message = self._messages[message_id]
        siblings = self._children[message.parent_id]
        return tuple(one for one in siblings if self._messages[one].role == message.role)

    def leaf(self, message_id: str) -> str:
        """Return the leaf below a message, following the newest child at each step."""
        while children := self._children.get(message_id):
            message_id = children[-1]
        return message_id
