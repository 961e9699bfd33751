"""What a body is, told from its first bytes: labels are wrong too often."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from desktop_chat.protocols.framing.sse import BOM, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = b" \t\r\n"
_SPACE_LIMIT: Final = 4096
_FIRST_LINE: Final = 8 * 1024 * 1024


class BodyKind(Enum):
    """The three kinds of body that an answer of status 200 comes as."""

    EVENTS = auto()
    """An event stream, bare JSON lines included."""
    JSON = auto()
    """One JSON document, known when it is whole."""
    PAGE = auto()
    """A web page."""


class BodySniffer:
    """Holds the first bytes until they tell what the body is, then lets everything through."""

    def __init__(self) -> None:
        self.kind: BodyKind | None = None
        self._held = bytearray()
        self._first = b""
        self._searched = 0

    def feed(self, data: bytes) -> Iterator[tuple[BodyKind, bytes]]:
        """Yield the bytes that are certain, with their kind."""
        if self.kind is not None:
            yield self.kind, data
            return
        self._held += data
        self.kind = self._told()
        if self.kind is not None:
            yield from self._release(self.kind)

    def end(self) -> Iterator[tuple[BodyKind, bytes]]:
        """Yield what was held, at the end of the body."""
        if self.kind is None and self._held:
            json = self._first in (b"{", b"[")
            self.kind = BodyKind.JSON if json else BodyKind.EVENTS
            yield from self._release(self.kind)

    def _release(self, kind: BodyKind) -> Iterator[tuple[BodyKind, bytes]]:
        held, self._held = bytes(self._held), bytearray()
        yield kind, held

    def _told(self) -> BodyKind | None:
        if not self._first:
            self._first = self._first_character()
        if not self._first:
            # Empty lines alone tell nothing; after many of them it is no document.
            return BodyKind.EVENTS if len(self._held) >= _SPACE_LIMIT else None
        if self._first == b"{":
            return self._line_told()
        return _BY_FIRST_CHARACTER.get(self._first, BodyKind.EVENTS)

    def _first_character(self) -> bytes:
        head = bytes(self._held[:_SPACE_LIMIT])
        if len(head) < len(BOM) and BOM.startswith(head):
            return b""
        head = head.removeprefix(BOM)
        start = head.lstrip(_SPACE)
        self._searched = min(len(self._held), _SPACE_LIMIT) - len(start)
        return start[:1]

    def _line_told(self) -> BodyKind | None:
        """Tell JSON lines, one object each, from one object over several lines."""
        end = self._held.find(b"\n", self._searched, _FIRST_LINE)
        self._searched = len(self._held)
        if end < 0:
            return BodyKind.JSON if len(self._held) >= _FIRST_LINE else None
        line = bytes(self._held[:end]).removeprefix(BOM)
        return BodyKind.EVENTS if is_whole(line) else BodyKind.JSON


_BY_FIRST_CHARACTER: Final = {b"<": BodyKind.PAGE, b"[": BodyKind.JSON}
