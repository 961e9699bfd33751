"""What went over the wire for the last answers, in memory alone, while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.protocols.transport.recording import Recording

if TYPE_CHECKING:
    from desktop_chat.domain.exchange import Exchange
    from desktop_chat.domain.providers import Provider

KEPT_IN_ALL: Final = 32 * 1024 * 1024
OWN_BYTES: Final = 512
"""About what a recording takes beside what it holds."""


class Exchanges:
    """Recordings by the ids of their answers; the oldest go first. Lives on the main thread."""

    def __init__(self, limit: int = KEPT_IN_ALL) -> None:
        self._limit = limit
        self._kept: dict[str, tuple[str, Recording]] = {}
        self._sizes: dict[str, int] = {}
        """What each came to when its answer ended: to ask all of them takes longer each time."""
        self._size = 0

    def begin(self, message_id: str, conversation_id: str, provider: Provider) -> Recording:
        """Return where the wire of an answer is written down."""
        self._drop(message_id)
        recording = Recording(provider)
        self._kept[message_id] = (conversation_id, recording)
        return recording

    def find(self, message_id: str) -> Exchange | None:
        """Return what is kept of an answer; None: nothing any more."""
        kept = self._kept.get(message_id)
        return kept[1].exchange() if kept is not None else None

    def end(self, message_id: str) -> None:
        """Note that an answer ended; let go of the oldest until the rest fits, but for the newest.

        What is still on its way has a limit of its own, and counts when it ends.
        """
        if message_id not in self._kept:
            return
        self._size -= self._sizes.get(message_id, 0)
        self._sizes[message_id] = self._kept[message_id][1].size + OWN_BYTES
        self._size += self._sizes[message_id]
        while self._size > self._limit and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def forget(self, conversation_id: str) -> None:
        """Let go of all that belongs to a chat."""
        gone = [key for key, (owner, _) in self._kept.items() if owner == conversation_id]
        for message_id in gone:
            self._drop(message_id)

    def _drop(self, message_id: str) -> None:
        self._kept.pop(message_id, None)
        self._size -= self._sizes.pop(message_id, 0)
