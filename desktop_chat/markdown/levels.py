"""The containers that are open at some place of a text, and the lists that were opened in it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_chat.markdown.blocks import ListStyle


@dataclass(slots=True)
class QuoteLevel:
    """An open quote."""

    empty: bool = True


@dataclass(slots=True)
class ListLevel:
    """An open list, and what the next item in it needs."""

    style: ListStyle
    number: int
    delimiter: str
    tight: bool = True
    """Whether what was read of it for good is tight."""


@dataclass(slots=True)
class ItemLevel:
    """An open item. The marker waits for the item's first leaf."""

    style: ListStyle
    marker: str
    task: bool | None = None


Level = QuoteLevel | ListLevel | ItemLevel


class ListStyles:
    """The styles of lists in the order they open; kept when the same text is read again."""

    def __init__(self) -> None:
        self.taken = 0
        self._known: list[ListStyle] = []
        self._turned: list[ListStyle] = []

    def rewind(self) -> None:
        """Begin again with the first list."""
        self.taken = 0

    def forget(self, count: int) -> None:
        """Leave out the first lists: they will not be read again."""
        del self._known[:count]
        self.taken -= count

    def take(self, *, ordered: bool, tight: bool) -> ListStyle:
        """Return the style of the next list."""
        at = self.taken
        self.taken += 1
        if at < len(self._known) and self._known[at].ordered == ordered:
            self.turn(self._known[at], tight=tight)
        else:
            self._known[at:] = [ListStyle(ordered, tight)]
        return self._known[at]

    def turn(self, style: ListStyle, *, tight: bool) -> None:
        """Make a list tight or loose."""
        if style.tight != tight:
            style.tight = tight
            self._turned.append(style)

    def has_turned(self) -> bool:
        """Return whether a list became loose or tight since this was last asked."""
        turned = bool(self._turned)
        self._turned.clear()
        return turned
