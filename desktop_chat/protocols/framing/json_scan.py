"""Where JSON objects end, found as their bytes arrive, each looked at once."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BETWEEN: Final = b" \t\r\n,"
_NOTABLE: Final = re.compile(rb'["\\{}\[\]]')


class ObjectScan:
    """Follows braces and strings of one JSON object."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped_at = -1
        self._position = 0

    def end_in(self, data: bytes | bytearray, start: int, limit: int = sys.maxsize) -> int:
        """Return where the object that begins at `start` ends, -1 while it has not.

        `data` is the same buffer at every call, grown at its end; nothing from `limit` on is read.
        """
        self._position = max(self._position, start)
        for found in _NOTABLE.finditer(data, self._position, limit):
            at = found.start()
            if at <= self._escaped_at:
                continue
            if self._step(found[0], at):
                return at + 1
        self._position = min(len(data), limit)
        return -1

    def _step(self, mark: bytes, at: int) -> bool:
        """Take in one character; whether it ends the object."""
        if mark == b'"':
            self._in_string = not self._in_string
        elif self._in_string:
            if mark == b"\\":
                self._escaped_at = at + 1
        elif mark in (b"{", b"["):
            self._depth += 1
        elif mark in (b"}", b"]"):
            self._depth -= 1
            return self._depth <= 0
        return False


class ElementScan:
    """Takes a JSON list apart into the objects that it holds, while it is still coming."""

    def __init__(self) -> None:
        self.closed = False
        """Whether the list came to its end."""
        self._held = bytearray()
        self._begun = False
        self._broken = False
        self._object: ObjectScan | None = None

    @staticmethod
    def fits(data: bytes) -> bool:
        """Whether a body that begins with `data` is a list."""
        return data.removeprefix(b"\xef\xbb\xbf").lstrip(_BETWEEN).startswith(b"[")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the objects that are whole by now. What is no list of objects ends it."""
        self._held += data
        position = 0
        while not (self.closed or self._broken):
            if self._object is None:
                position = self._between(position)
            if self._object is None:
                break
            end = self._object.end_in(self._held, position)
            if end < 0:
                break
            yield bytes(self._held[position:end])
            position, self._object = end, None
        if position and self._object is None:
            del self._held[:position]
        elif position:
            self._shift(position)

    def _between(self, position: int) -> int:
        """Step over what stands before the next object, and begin it if it is there."""
        while position < len(self._held):
            mark = self._held[position : position + 1]
            if not self._begun:
                self._begun = mark == b"["
            elif mark == b"{":
                self._object = ObjectScan()
                return position
            elif mark == b"]":
                self.closed = True
                return position
            elif mark not in _BETWEEN:
                self._broken = True
                return position
            position += 1
        return position

    def _shift(self, position: int) -> None:
        """Let go of what was read; the object that is still open begins the buffer anew."""
        del self._held[:position]
        self._object = ObjectScan()
        self._object.end_in(self._held, 0)
