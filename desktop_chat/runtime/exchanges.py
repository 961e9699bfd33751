"""What went over the wire for the last answers, in memory alone, while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.protocols.transport.recording import Recording

if TYPE_CHECKING:
    from desktop_chat.domain.exchange import Exchange
    from desktop_chat.domain.providers import Provider

KEPT_IN_ALL: Final = 32 * 1024 * 1024


class Exchanges:
    """Recordings by the ids of their answers; the oldest go first. Lives on the main thread."""

    def __init__(self, limit: int = KEPT_IN_ALL) -> None:
        self._limit = limit
        self._kept: dict[str, tuple[str, Recording]] = {}

    def begin(self, message_id: str, conversation_id: str, provider: Provider) -> Recording:
        """Return where the wire of an answer is written down."""
        self._kept.pop(message_id, None)
        recording = Recording(provider)
        self._kept[message_id] = (conversation_id, recording)
        self.trim()
        return recording

    def find(self, message_id: str) -> Exchange | None:
        """Return what is kept of an answer; None: nothing any more."""
        kept = self._kept.get(message_id)
        return kept[1].exchange() if kept is not None else None

    def trim(self) -> None:
        """Let go of the oldest until the rest fits; the newest stays in any case."""
        size = sum(recording.size for _, recording in self._kept.values())
        for message_id in list(self._kept)[:-1]:
            if size <= self._limit:
                break
            size -= self._kept.pop(message_id)[1].size

    def forget(self, conversation_id: str) -> None:
        """Let go of all that belongs to a chat."""
        self._kept = {
            message_id: kept
            for message_id, kept in self._kept.items()
            if kept[0] != conversation_id
        }
