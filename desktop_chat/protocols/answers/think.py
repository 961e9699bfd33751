"""Reasoning that a model writes into its answer between `<think>` and `</think>`."""

from __future__ import annotations

from typing import Final, NamedTuple

_OPEN: Final = "<think>"
_CLOSE: Final = "</think>"
_HOLD: Final = 10
"""How many characters at the start may wait until it is clear whether the tag stands there."""


class Piece(NamedTuple):
    """A piece of the answer, or of the reasoning before it."""

    text: str
    reasoning: bool


class ThinkSplitter:
    """Splits an answer's text; the tag counts at its very start alone, once."""

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"

    def feed(self, text: str) -> list[Piece]:
        """Return the pieces that are certain by now."""
        if self._state == "text":
            return [Piece(text, reasoning=False)] if text else []
        text = self._held + text
        self._held = ""
        if self._state == "start":
            return self._at_start(text)
        if self._state == "reasoning":
            return self._in_reasoning(text)
        return self._after(text)

    def flush(self) -> list[Piece]:
        """Return what was held, at the end of the answer."""
        held, self._held = self._held, ""
        reasoning = self._state == "reasoning"
        return [Piece(held, reasoning)] if held and self._state != "after" else []

    def skip(self) -> list[Piece]:
        """Take all that follows as text: the service sends reasoning apart."""
        pieces = self.flush() if self._state == "start" else []
        if self._state == "start":
            self._state = "text"
        return pieces

    def _at_start(self, text: str) -> list[Piece]:
        word = text.lstrip()
        if word.startswith(_OPEN):
            self._state = "reasoning"
            return self._in_reasoning(word[len(_OPEN) :])
        if _OPEN.startswith(word) and len(text) <= _HOLD:
            self._held = text
            return []
        self._state = "text"
        return [Piece(text, reasoning=False)]

    def _in_reasoning(self, text: str) -> list[Piece]:
        reasoning, found, rest = text.partition(_CLOSE)
        if found:
            self._state = "after"
            pieces = [Piece(reasoning, reasoning=True)] if reasoning else []
            return pieces + self._after(rest)
        kept = _overlap(text)
        self._held = text[len(text) - kept :]
        shown = text[: len(text) - kept]
        return [Piece(shown, reasoning=True)] if shown else []

    def _after(self, text: str) -> list[Piece]:
        """Drop the empty lines between the reasoning and the answer."""
        text = text.lstrip()
        if not text:
            return []
        self._state = "text"
        return [Piece(text, reasoning=False)]


def _overlap(text: str) -> int:
    """Return how many characters at the end of `text` may be the start of the closing tag."""
    for length in range(min(len(_CLOSE) - 1, len(text)), 0, -1):
        if text.endswith(_CLOSE[:length]):
            return length
    return 0
