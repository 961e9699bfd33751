"""Where a JSON object ends, found as its bytes arrive, each looked at once."""

from __future__ import annotations

import re
from typing import Final

_NOTABLE: Final = re.compile(rb'["\\{}\[\]]')


class ObjectScan:
    """Follows braces and strings of one JSON object."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = False
        self._escaped_at = -1
        self._position = 0

    def end_in(self, data: bytes | bytearray, start: int) -> int:
        """Return where the object that begins at `start` ends, -1 while it has not.

        `data` is the same buffer at every call, grown at its end.
        """
        self._position = max(self._position, start)
        for found in _NOTABLE.finditer(data, self._position):
            at = found.start()
            if at <= self._escaped_at:
                continue
            if self._step(found[0], at):
                return at + 1
        self._position = len(data)
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
