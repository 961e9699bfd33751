"""The word that the light-chat service writes where it has nothing to say, off a text's end."""

from __future__ import annotations

from typing import Final

STRAY: Final = "undefined"


class StrayTail:
    """Holds stray words at the end of a text back, until it is known whether it is the end."""

    def __init__(self) -> None:
        self._words = 0
        self._partial = ""
        self._last = ""
        self.dropped = ""

    def feed(self, text: str) -> str:
        """Return the text that is certain not to be a stray word at the end."""
        if not text:
            return ""
        text = self._partial + text
        end = len(text) - _overlap(text)
        partial = text[end:]
        words = 0
        while text.endswith(STRAY, 0, end):
            end -= len(STRAY)
            words += 1
        self._partial = partial
        if end == 0:
            self._words += words
            return ""
        shown = STRAY * self._words + text[:end]
        self._words = words
        self._last = shown[-1]
        return shown

    def end(self) -> str:
        """Return what of the held text is real: a word after white space, or a part of one."""
        words, self._words = self._words, 0
        if self._partial:
            return STRAY * words + self._partial
        real = 1 if words and self._last.isspace() else 0
        self.dropped = STRAY * (words - real)
        return STRAY * real


def _overlap(text: str) -> int:
    """Return how many characters at the end of `text` are the beginning of the stray word."""
    for length in range(min(len(STRAY) - 1, len(text)), 0, -1):
        if text.endswith(STRAY[:length]):
            return length
    return 0
