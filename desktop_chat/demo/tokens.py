"""Cutting prepared text into pieces of the size in which language models write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r" ?[A-Za-z\u00c0-\u024f]{1,9}| ?[0-9]{1,3}| ?[!-/:-@\[-`{-~]{1,4}|[ \t]{2,8}|\n+|.", re.DOTALL
)


def tokens_of(text: str) -> Iterator[str]:
    """Yield the pieces of a text, about four characters each; joined they are the text again."""
    return (match.group() for match in _TOKEN.finditer(text))


def count_tokens(text: str) -> int:
    """Return how many pieces `tokens_of` would give."""
    return sum(1 for _ in _TOKEN.finditer(text))
