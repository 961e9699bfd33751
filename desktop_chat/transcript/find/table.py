"""What was found so far, by message: how many hits stand before which, without counting them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from desktop_chat.transcript.text.heights import Heights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.transcript.text.hits import Hit, Hits

_REVISIONS: Final = count(1)
"""One row of numbers for all tables: a table's identity may come again with the next one."""


class FoundTable:
    """Hits of messages, which are known by their numbers and, beyond changes, by their ids."""

    def __init__(self, ids: Sequence[str] = ()) -> None:
        self._hits: dict[str, Hits] = {}
        self._counts = Heights([0] * len(ids))
        self.revision = next(_REVISIONS)
        """A number that never was before, whenever other hits are known."""

    def __len__(self) -> int:
        return len(self._counts)

    @property
    def total(self) -> int:
        """How many hits are known."""
        return self._counts.total

    def of(self, item_id: str) -> Hits | None:
        """Return the hits in a message."""
        return self._hits.get(item_id)

    def before(self, number: int) -> int:
        """Return how many hits stand in the messages before one."""
        return self._counts.before(number)

    def message_of(self, at: int) -> int:
        """Return the number of the message that holds a hit, known by its place among all."""
        return self._counts.find(at)

    def hit(self, number: int, item_id: str, at: int) -> Hit:
        """Return a hit in a message, known by its place among all."""
        return self._hits[item_id][at - self._counts.before(number)]

    def take(self, number: int, item_id: str, hits: Hits | None) -> None:
        """Keep what was found in a message, in place of what was found before."""
        before = self._hits.pop(item_id, None)
        if hits:
            self._hits[item_id] = hits
        if hits or before:
            self._counts.set(number, len(hits) if hits else 0)
            self.revision = next(_REVISIONS)

    def arrange(self, ids: Sequence[str]) -> None:
        """Follow a conversation that has other messages; what is gone is forgotten."""
        self._hits = {one: self._hits[one] for one in ids if one in self._hits}
        self._counts = Heights(len(self._hits.get(one, ())) for one in ids)
        self.revision = next(_REVISIONS)
