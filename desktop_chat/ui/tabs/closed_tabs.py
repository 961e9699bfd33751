"""Tabs that were closed, the last one first, with their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop_chat.transcript.items import ReadingPosition

DEPTH: Final = 25


@dataclass(frozen=True, slots=True)
class ClosedTab:
    """A tab as it was when it was closed."""

    conversation_id: str
    index: int
    position: ReadingPosition | None
    preview: bool = False


class ClosedTabs:
    """Remembers the last `DEPTH` of them."""

    def __init__(self) -> None:
        self._tabs: list[ClosedTab] = []

    def __len__(self) -> int:
        return len(self._tabs)

    def push(self, tab: ClosedTab) -> None:
        """Remember a tab that is being closed; a chat is remembered once."""
        self.drop(tab.conversation_id)
        self._tabs = [*self._tabs, tab][-DEPTH:]

    def pop(self, conversation_id: str = "") -> ClosedTab | None:
        """Return a chat's tab, or the one that was closed last, and forget it; None: no such."""
        wanted = [one for one in self._tabs if conversation_id in ("", one.conversation_id)]
        if not wanted:
            return None
        self.drop(wanted[-1].conversation_id)
        return wanted[-1]

    def drop(self, conversation_id: str) -> None:
        """Forget a chat, as it is open again or gone for good."""
        self._tabs = [one for one in self._tabs if one.conversation_id != conversation_id]
