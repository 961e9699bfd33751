"""Ruling texts out before they are unpacked: which bytes every source of some words must hold."""

from __future__ import annotations

import unicodedata
from typing import Final

MARKUP: Final = b"*_~`\\[!<>^:"
"""What may stand between two letters that are seen side by side; and closing brackets."""
LOWER: Final = bytes(range(256)).lower()
ALSO_OTHERWISE: Final = "iks"
"""Letters of which a capital or an old form is no ASCII, where case does not matter."""
SHORTEST: Final = 2
"""Bytes; a single one stands in nearly every text."""


class PackedFilter:
    """Knows the longest run of letters of some words, and the texts that cannot hold it."""

    def __init__(self, term: str, *, match_case: bool) -> None:
        self._table = None if match_case else LOWER
        runs = _runs(unicodedata.normalize("NFC", term), match_case=match_case)
        self._run = max((run.encode() for run in runs), key=len, default=b"")
        self._beginnings = tuple(self._run[:length] for length in range(1, len(self._run)))

    @property
    def useful(self) -> bool:
        """Whether it can rule anything out."""
        return len(self._run) >= SHORTEST

    def may_hold(self, source: bytes) -> bool:
        """Whether what is shown of a markdown source in UTF-8 may hold the words."""
        if b"&" in source or b"![" in source:
            # Something else may be seen than what is written.
            return True
        pieces = source.translate(self._table, MARKUP).split(b"]")
        if self._run in b"".join(pieces):
            return True
        # After a bracket an address may stand, which is not seen.
        return any(map(self._begins, pieces))

    def _begins(self, piece: bytes) -> bool:
        return piece.endswith(self._beginnings)


def _runs(term: str, *, match_case: bool) -> list[str]:
    """Return the parts of a term of which every letter is written in one way alone."""
    kept = [one if _is_plain(one, match_case=match_case) else " " for one in term]
    runs = "".join(kept)
    if not match_case:
        runs = runs.lower()
    return runs.split()


def _is_plain(letter: str, *, match_case: bool) -> bool:
    if not letter.isalnum() or unicodedata.normalize("NFD", letter) != letter:
        return False
    if match_case:
        return True
    if letter.isascii():
        return letter.lower() not in ALSO_OTHERWISE
    return letter.lower() == letter.upper() == letter.casefold()
