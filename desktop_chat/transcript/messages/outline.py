"""Messages that nobody looked at yet: known by id, side and size, and made when they are needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop_chat.transcript.items import Item, Side
    from desktop_chat.transcript.messages.message import Message


class Outline(ABC):
    """What is known of many messages without an item of each. Whoever has them all may give it."""

    @abstractmethod
    def ids(self) -> Sequence[str]:
        """Return the ids, first to last."""

    @abstractmethod
    def sizes(self) -> Sequence[int]:
        """Return about how many characters each text has."""

    @abstractmethod
    def side(self, number: int) -> Side:
        """Return whose words one is."""

    def packed(self, number: int) -> bytes | None:  # noqa: ARG002 - here, none lies like that
        """Return all words of one in UTF-8, where they lie like that; else None."""
        return None

    def words(self, number: int) -> tuple[str, str]:
        """Return the text and the reasoning of one."""
        item = self.item(number)
        return item.text, item.reasoning

    @abstractmethod
    def item(self, number: int) -> Item:
        """Return one as it is shown."""


class GivenItems(Outline):
    """Items that are all there."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    @override
    def ids(self) -> Sequence[str]:
        return [one.id for one in self._items]

    @override
    def sizes(self) -> Sequence[int]:
        return [len(one.text) for one in self._items]

    @override
    def side(self, number: int) -> Side:
        return self._items[number].side

    @override
    def item(self, number: int) -> Item:
        return self._items[number]


class MessageList(Sequence["Message"]):
    """Messages in order, each made when it is first asked for."""

    def __init__(self, outline: Outline, make: Callable[[int, Item], Message]) -> None:
        self._outline = outline
        self._make = make
        self._ids = list(outline.ids())
        self._entries: list[Message | int] = list(range(len(self._ids)))
        """What is not made yet is its number in the outline."""

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all."""
        return self._ids

    def snapshot(self) -> MessageList:
        """Return the list as it is now, whatever is added or taken away later."""
        kept = MessageList(self._outline, self._make)
        kept._ids, kept._entries = list(self._ids), list(self._entries)
        return kept

    def made(self) -> Iterator[tuple[int, Message]]:
        """Yield the number and the message of those that are made."""
        for number, entry in enumerate(self._entries):
            if not isinstance(entry, int):
                yield number, entry

    def side(self, number: int) -> Side:
        """Return whose words a message is, without making it."""
        entry = self._entries[number]
        return self._outline.side(entry) if isinstance(entry, int) else entry.item.side

    def told(self, number: int) -> tuple[Item, str]:
        """Return a message's item, and its text so far, without making it."""
        entry = self._entries[number]
        if isinstance(entry, int):
            item = self._outline.item(entry)
            return item, item.text
        return entry.item, entry.text

    def known(self, number: int) -> Message | None:
        """Return a message, if it is made."""
        entry = self._entries[number]
        return None if isinstance(entry, int) else entry

    def packed(self, number: int) -> bytes | None:
        """Return all words of a message as they lie in a file, where nobody looked at it yet."""
        entry = self._entries[number]
        return self._outline.packed(entry) if isinstance(entry, int) else None

    def words(self, number: int) -> tuple[str, str]:
        """Return the text and the reasoning of a message, without making it."""
        entry = self._entries[number]
        if isinstance(entry, int):
            return self._outline.words(entry)
        return entry.text, entry.reasoning

    def append(self, message: Message) -> None:
        """Add a message."""
        self._ids.append(message.item.id)
        self._entries.append(message)

    def heights(self, estimate: Callable[[Sequence[int]], list[int]]) -> list[int]:
        """Return the heights of all; `estimate` gives those of the outline, by their sizes."""
        guesses = estimate(self._outline.sizes())
        return [
            guesses[entry] if isinstance(entry, int) else entry.height for entry in self._entries
        ]

    def __setitem__(self, number: int, message: Message) -> None:
        self._entries[number] = message

    def __delitem__(self, number: int) -> None:
        del self._ids[number]
        del self._entries[number]

    @override
    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, number: int) -> Message: ...
    @overload
    def __getitem__(self, number: slice) -> list[Message]: ...
    @override
    def __getitem__(self, number: int | slice) -> Message | list[Message]:
        if isinstance(number, slice):
            return [self[at] for at in range(*number.indices(len(self)))]
        entry = self._entries[number]
        if isinstance(entry, int):
            at = number % len(self._entries)
            entry = self._entries[at] = self._make(at, self._outline.item(entry))
        return entry
