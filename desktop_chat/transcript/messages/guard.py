"""What watches over the drawing of messages, so that one that cannot be drawn harms no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Guard(Protocol):
    """Remembers beyond the end of the process which message was being drawn."""

    @property
    def strikes(self) -> Mapping[str, int]:
        """How often a process ended while drawing a message, by its id."""

    def enter(self, item_id: str) -> None:
        """Note that a message is being drawn."""

    def leave(self) -> None:
        """Note that it is drawn."""

    def forgive(self, item_id: str) -> None:
        """Forget what happened at a message."""


class Unguarded:
    """Remembers what happened in this process alone, which is nothing."""

    strikes: Mapping[str, int] = {}

    def enter(self, item_id: str) -> None:
        """Take no note."""

    def leave(self) -> None:
        """Take no note."""

    def forgive(self, item_id: str) -> None:
        """Have nothing to forget."""
