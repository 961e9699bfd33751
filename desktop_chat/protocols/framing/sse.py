"""Server-sent events from bytes: fed as they come, right at every cut, bounded, no I/O."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.framing.json_values import json_value

BOM: Final = b"\xef\xbb\xbf"
_CR: Final = 13
_EMPTY_LINES: Final = re.compile(rb"\n{3,}")
_MANY_LINES: Final = 2000
STRAY_LIMIT: Final = 2048
"""How much is kept of lines that belong to no event, to say what came instead."""


class SseEvent(NamedTuple):
    """One event: its name, its data lines joined by line feeds, and the last id seen."""

    name: str
    data: str
    id: str


_new: Final = tuple.__new__


class SseDecoder:
    """Turns the bytes of an event stream into events, as the HTML standard says.

    Line ends are CR, LF and CRLF alone; a CR counts at once. Bytes that are no UTF-8 become
    U+FFFD. What goes beyond the standard, because services do it: `end` saves a last event that
    lacks its empty line, and with `lenient` a line of bare JSON, or an `error:` field holding
    JSON, is an event of its own.
    """

    def __init__(self, limit: int = Limits().event_bytes, *, lenient: bool = False) -> None:
        self._limit = limit
        self._lenient = lenient
        self._start: bytes | None = b""  # while the first three bytes may still be a BOM
        self._skip_lf = False
        self._partial = bytearray()
        self._in_comment = False
        self._data: list[bytes] = []
        self._size = 0
        self._name = ""
        self._id = ""
        self._overflow = False
        self.comments = 0
        """Comment lines so far: a service's way to say that it is alive."""
        self.unterminated = False
        """Whether the last event came without the empty line that ends it."""
        self.stray = bytearray()
        """The first lines that are no field of an event stream, `STRAY_LIMIT` bytes at most."""

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Return the events that this chunk ends.

        Raises `ChatError` (`LIMIT`) once an event is too large; events before it are returned
        first, and the next call raises.
        """
        if self._overflow:
            raise self._too_large()
        if self._start is not None:
            chunk = self._without_bom(chunk)
        if self._skip_lf or _CR in chunk:
            chunk = self._with_line_feeds(chunk)
        lines = chunk.split(b"\n")
        rest = lines.pop()
        if len(lines) > _MANY_LINES and b"\n\n\n" in chunk:
            # Further empty lines mean nothing; a flood of them must cost nothing.
            lines = _EMPTY_LINES.sub(b"\n\n", chunk).split(b"\n")[:-1]
        if self._partial and lines:
            lines[0] = bytes(self._partial + lines[0])
            self._partial.clear()
        events = self._read(lines)
        if rest:
            self._hold(rest)
        return events or self._nothing()

    def end(self) -> list[SseEvent]:
        """Return the last event if only its empty line is missing: JSON whole, or `[DONE]`."""
        if self._overflow:
            raise self._too_large()
        if self._start:
            self._partial += self._start
        self._start = None
        events: list[SseEvent] = []
        if self._partial:
            events = self._read([bytes(self._partial)])
            self._partial.clear()
        if self._data and is_whole(b"\n".join(self._data)):
            self.unterminated = True
            events += self._read([b""])
        self._data.clear()
        return events

    def _without_bom(self, chunk: bytes) -> bytes:
        start = (self._start or b"") + chunk
        if len(start) < len(BOM) and BOM.startswith(start):
            self._start = start
            return b""
        self._start = None
        return start.removeprefix(BOM)

    def _with_line_feeds(self, chunk: bytes) -> bytes:
        """Return `chunk` with every line end as LF; a CR counts at once, its LF no more."""
        if not chunk:
            return chunk
        if self._skip_lf:
            chunk = chunk.removeprefix(b"\n")
        self._skip_lf = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _hold(self, rest: bytes) -> None:
        if not self._partial:
            self._in_comment = rest.startswith(b":")
        if self._in_comment:
            # Nothing of a comment is kept, so one without end takes no memory.
            self._partial[:] = b":"
            return
        self._partial += rest
        if self._size + len(self._partial) > self._limit:
            self._overflow = True

    def _nothing(self) -> list[SseEvent]:
        if self._overflow:
            raise self._too_large()
        return []

    def _read(self, lines: list[bytes]) -> list[SseEvent]:
        """Read whole lines. This is the hot loop: data and empty lines take the short way."""
        events: list[SseEvent] = []
        data, size, limit = self._data, self._size, self._limit
        for line in lines:
            if not line:
                if data:
                    text = b"\n".join(data).decode("utf-8", "replace")
                    # What `SseEvent(...)` does, at half the cost.
                    events.append(_new(SseEvent, (self._name or "message", text, self._id)))
                    data.clear()
                    size = 0
                self._name = ""
            elif line[:5] == b"data:":
                size += len(line)
                if size > limit:
                    self._overflow = True
                    break
                data.append(line[6:] if line[5:6] == b" " else line[5:])
            else:
                size += self._field(line, size, events)
                if self._overflow:
                    break
        self._size = size
        return events

    def _field(self, line: bytes, size: int, events: list[SseEvent]) -> int:
        """Read a line that is neither empty nor `data:`; return what it adds to the event."""
        if line[:1] == b":":
            self.comments += 1
            return 0
        if size + len(line) > self._limit:
            self._overflow = True
            return 0
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(b"")
            return len(line)
        if name == b"event":
            self._name = value.decode("utf-8", "replace")
        elif name == b"id":
            if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
        elif name != b"retry":
            self._stray_line(line, events)
        return 0

    def _stray_line(self, line: bytes, events: list[SseEvent]) -> None:
        if not self._lenient:
            return
        name, value = "message", line.strip()
        if line.startswith(b"error:"):
            name, value = "error", line.removeprefix(b"error:").lstrip()
        if value.startswith(b"{") and is_whole(value):
            events.append(SseEvent(name, value.decode("utf-8", "replace"), self._id))
        elif len(self.stray) < STRAY_LIMIT:
            self.stray += line[: STRAY_LIMIT - len(self.stray)] + b"\n"

    def _too_large(self) -> ChatError:
        return ChatError(Failure(kind=ErrorKind.LIMIT, limit=f"{self._limit / 2**20:g} MB"))


def is_whole(data: bytes) -> bool:
    """Whether `data` is one whole JSON value that is no bare number, or the word `[DONE]`."""
    text = data.strip()
    if text == b"[DONE]":
        return True
    if text[:1] not in (b"{", b"["):
        return False
    try:
        json_value(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True
