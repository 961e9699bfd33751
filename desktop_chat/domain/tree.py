"""A conversation's messages as a tree: the shown path, versions, and the leaf below a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.history import History, MessagePath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.chat import Message, Role


class MessageTree:
    """Messages by id and by parent. Siblings stand in the order in which they were added."""

    def __init__(self, messages: History | Iterable[Message] = ()) -> None:
        self._history = messages if isinstance(messages, History) else History()
        self._messages: dict[str, Message | int] = {}
        """What was read and is not made yet is its number in the history."""
        self._children: dict[str | None, list[str]] = {}
        self._path: tuple[str | None, MessagePath] | None = None
        """The path that was asked for last, and its end: it is asked for often."""
        if messages is self._history:
            self._take_history()
        else:
            for message in messages:
                self.put(message)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: str) -> Message:
        entry = self._messages[message_id]
        return self._history.one(entry) if isinstance(entry, int) else entry

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
        self._children[self._parent(message_id)].remove(message_id)
        del self._messages[message_id]

    def path(self, head_id: str | None) -> MessagePath:
        """Return the messages from the root down to `head_id`; a missing ancestor ends it."""
        if self._path is not None and self._path[0] == head_id:
            return self._path[1]
        entries, parents = self._messages, self._history.parents
        ids: dict[str, Message | int] = {}
        at = head_id
        while at is not None and at in entries and at not in ids:
            entry = ids[at] = entries[at]
            at = parents[entry] if isinstance(entry, int) else entry.parent_id
        path = MessagePath([*reversed(ids)], [*reversed(ids.values())], self._history)
        self._path = (head_id, path)
        return path

    def versions(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of the message and its siblings of the same role, oldest first."""
        siblings = self._children[self._parent(message_id)]
        if len(siblings) == 1:
            return (message_id,)
        role = self._role(message_id)
        return tuple(one for one in siblings if self._role(one) == role)

    def leaf(self, message_id: str) -> str:
        """Return the leaf below a message, following the newest child at each step."""
        while children := self._children.get(message_id):
            message_id = children[-1]
        return message_id

    def _take_history(self) -> None:
        ids = self._history.ids
        self._messages.update(zip(ids, range(len(ids)), strict=True))
        for identity, parent in zip(ids, self._history.parents, strict=True):
            self._children.setdefault(parent, []).append(identity)

    def _parent(self, message_id: str) -> str | None:
        entry = self._messages[message_id]
        return self._history.parents[entry] if isinstance(entry, int) else entry.parent_id

    def _role(self, message_id: str) -> Role:
        entry = self._messages[message_id]
        return self._history.roles[entry] if isinstance(entry, int) else entry.role
