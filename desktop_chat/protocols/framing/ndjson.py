"""JSON lines from bytes: fed as they come, right at every cut, bounded, no I/O."""

from __future__ import annotations

from typing import Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.framing.sse import BOM, STRAY_LIMIT, SseEvent, is_whole

_DATA: Final = b"data:"


class JsonLines:
    """Turns lines, each a JSON object, into events without a name.

    A line ends with LF alone. The last one may lack it if it is whole. A gateway may have made
    an event stream of it: the name of the field that it put before each line is left out.
    """

    def __init__(self, limit: int = Limits().line_bytes) -> None:
        self._limit = limit
        self._partial = bytearray()
        self._begun = False
        self._overflow = False
        self.comments = 0
        """Empty lines so far: a sign of life."""
        self.stray = bytearray()
        """The first lines that are no JSON object, `STRAY_LIMIT` bytes at most."""

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Return the lines that this chunk ends.

        Raises `ChatError` (`LIMIT`) once a line is too large; lines before it are returned
        first, and the next call raises.
        """
        if self._overflow:
            raise self._too_large()
        *ended, rest = chunk.split(b"\n")
        events: list[SseEvent] = []
        for piece in ended:
            if not self._holds(piece):
                break
            self._end_line(events)
        else:
            self._holds(rest)
        return self._checked(events)

    def end(self) -> list[SseEvent]:
        """Return the last line if only its end is missing."""
        if self._overflow:
            raise self._too_large()
        events: list[SseEvent] = []
        if is_whole(self._line()):
            self._end_line(events)
        self._partial.clear()
        return events

    def _holds(self, piece: bytes) -> bool:
        """Take a piece of a line; whether it still fits."""
        self._overflow = len(self._partial) + len(piece) > self._limit
        if not self._overflow:
            self._partial += piece
        return not self._overflow

    def _checked(self, events: list[SseEvent]) -> list[SseEvent]:
        if self._overflow and not events:
            raise self._too_large()
        return events

    def _line(self) -> bytes:
        line = bytes(self._partial)
        if not self._begun:
            line = line.removeprefix(BOM)
        return line.strip().removeprefix(_DATA).strip()

    def _end_line(self, events: list[SseEvent]) -> None:
        line = self._line()
        self._partial.clear()
        self._begun = True
        if not line:
            self.comments += 1
        elif line[:1] == b"{" or line == b"[DONE]":
            events.append(SseEvent("message", line.decode("utf-8", "replace"), ""))
        elif len(self.stray) < STRAY_LIMIT:
            self.stray += line[: STRAY_LIMIT - len(self.stray)] + b"\n"

    def _too_large(self) -> ChatError:
        return ChatError(Failure(kind=ErrorKind.LIMIT, limit=f"{self._limit / 2**20:g} MB"))
