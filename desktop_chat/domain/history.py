"""Messages as they were read, each made when it is first asked for: few of a long chat ever are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from typing_extensions import override

from desktop_chat.domain.chat import Message

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Role


class MessageSequence(Sequence[Message]):
    """Messages by their numbers, of which some things are known before they are made."""

    @property
    @abstractmethod
    def ids(self) -> Sequence[str]:
        """The ids of all."""

    @property
    @abstractmethod
    def roles(self) -> Sequence[Role]:
        """Who speaks in each."""

    @property
    @abstractmethod
    def sizes(self) -> Sequence[int]:
        """About how many characters each text has."""

    @abstractmethod
    def packed(self, number: int) -> bytes | None:
        """Return one's text as it lies in a file, where it is that and all that one says."""

    @abstractmethod
    def one(self, number: int) -> Message:
        """Return a message."""

    @override
    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, number: int) -> Message: ...
    @overload
    def __getitem__(self, number: slice) -> list[Message]: ...
    @override
    def __getitem__(self, number: int | slice) -> Message | list[Message]:
        if isinstance(number, slice):
            return [self.one(at) for at in range(*number.indices(len(self)))]
        return self.one(range(len(self))[number])


class History(MessageSequence):
    """All messages of a conversation's tree in the order of their creation; here, none."""

    def __init__(
        self,
        ids: Sequence[str] = (),
        parents: Sequence[str | None] = (),
        roles: Sequence[Role] = (),
        sizes: Sequence[int] = (),
    ) -> None:
        self._ids, self._roles, self._sizes = ids, roles, sizes
        self.parents = parents
        """The id of each one's parent."""
        self._made: dict[int, Message] = {}

    @property
    @override
    def ids(self) -> Sequence[str]:
        return self._ids

    @property
    @override
    def roles(self) -> Sequence[Role]:
        return self._roles

    @property
    @override
    def sizes(self) -> Sequence[int]:
        return self._sizes

    @override
    def packed(self, number: int) -> bytes | None:
        return None

    @override
    def one(self, number: int) -> Message:
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = self.make(number)
        return made

    def make(self, number: int) -> Message:
        """Return a message anew."""
        raise IndexError(number)


class MessagePath(MessageSequence):
    """Messages that follow one another, the way they were when the path was asked for."""

    def __init__(self, ids: list[str], entries: list[Message | int], history: History) -> None:
        self._ids = ids
        self._entries = entries
        """What is not made yet is its number in the history."""
        self._history = history

    @property
    @override
    def ids(self) -> Sequence[str]:
        return self._ids

    @property
    @override
    def roles(self) -> Sequence[Role]:
        known = self._history.roles
        return [known[one] if isinstance(one, int) else one.role for one in self._entries]

    @property
    @override
    def sizes(self) -> Sequence[int]:
        known = self._history.sizes
        return [known[one] if isinstance(one, int) else one.size for one in self._entries]

    @override
    def packed(self, number: int) -> bytes | None:
        entry = self._entries[number]
        return self._history.packed(entry) if isinstance(entry, int) else None

    @override
    def one(self, number: int) -> Message:
        entry = self._entries[number]
        return self._history.one(entry) if isinstance(entry, int) else entry
