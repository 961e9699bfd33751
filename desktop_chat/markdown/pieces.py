"""Where running text may be cut: at the start of a word, with no markup open.

A place is found from the text before it alone (and the one character after it), so text that is
still arriving is cut in the very places where the whole would be.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from desktop_chat.markdown.formulas import dollar_formula, may_become_formula

PIECE = 300
"""Characters after which the first good place is taken."""
LONGEST = 2000
"""Characters after which any place is taken, whatever is open there."""
MOST_MARKS = 300
MOST_OPEN = 50
"""So many marks in one piece are no writing, and reading them takes time that is quadratic."""
LONGEST_ADDRESS = 1 << 20
"""An address within a link is not cut: an image may stand in it as data."""

_PLACE = re.compile(r"[\s\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f](?=\w)")
_SPECIAL = re.compile(r"\\[\s\S]|`+|\*+|_+|~{2,}|\$\$|\]\(?|[\[)]")
_SPECIAL_DOLLARS = re.compile(_SPECIAL.pattern + r"|\$")
_TICKS = re.compile(r"`+")
_ADDRESS = re.compile(r"(?:[^\s()<>\\]++|\\\S)*+")
_CLOSERS = {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}


class _Opener(NamedTuple):
    """Markup that was opened and not closed yet: a run of emphasis, a bracket."""

    mark: str
    length: int = 1


def next_cut(text: str, start: int, *, dollar_maths: bool = False) -> int | None:
    """Return where the piece that begins at `start` ends, or None if that is not known yet."""
    return _Scan(text, start, _SPECIAL_DOLLARS if dollar_maths else _SPECIAL).run()


class _Scan:
    """One search for the end of a piece."""

    def __init__(self, text: str, start: int, special: re.Pattern[str]) -> None:
        self._special = special
        self._text = text
        self._start = start
        self._limit = start + LONGEST
        self._open: list[_Opener] = []

    def run(self) -> int | None:
        at = self._start
        marks = 0
        while at < self._limit:
            marks += 1
            if marks > MOST_MARKS or len(self._open) > MOST_OPEN:
                self._limit = at
                break
            special = self._special.search(self._text, at, self._limit)
            until = special.start() if special else min(len(self._text) - 1, self._limit)
            if not self._open:
                place = self._place(at, until)
                if place is not None:
                    return place
            if special is None:
                break
            following = self._pass(special)
            if following is None:
                break
            at = following
        if len(self._text) <= max(at, self._limit):
            return None
        return self._behind_address(at) if at > self._limit else self._any_place()

    def _place(self, at: int, until: int) -> int | None:
        """Return the first good place from `at` on whose blank stands before `until`."""
        found = _PLACE.search(self._text, max(at - 1, self._start + PIECE), until + 1)
        return found.end() if found and found.start() < until else None

    def _behind_address(self, at: int) -> int:
        return at + 1 if self._text[at] == ")" else at

    def _any_place(self) -> int:
        """Return the last start of a word before the limit, or else the limit."""
        place = self._limit
        for found in _PLACE.finditer(self._text, self._start + PIECE, self._limit + 1):
            place = found.end()
        return place

    def _pass(self, special: re.Match[str]) -> int | None:
        """Take in a special character; return where to go on, or None if its end is not known."""
        mark, end = special[0], special.end()
        if mark in _CLOSERS:
            closed = self._text.find(_CLOSERS[mark], end, self._limit)
            return closed + 2 if closed >= 0 else None
        if mark == "$":
            return self._past_dollars(special.start())
        if mark[0] == "`":
            return self._past_code(len(mark), end)
        if mark[0] in "*_~":
            self._emphasis(special)
        elif mark == "](":
            self._close("[")
            self._open.append(_Opener("("))
            return self._past_address(end)
        elif mark == "[":
            self._open.append(_Opener("["))
        elif mark in ("]", ")"):
            self._close("[" if mark == "]" else "(")
        return end

    def _past_code(self, ticks: int, at: int) -> int | None:
        for found in _TICKS.finditer(self._text, at, self._limit):
            if len(found[0]) == ticks:
                return found.end()
        return None

    def _past_dollars(self, at: int) -> int | None:
        """Return the end of the formula between dollars, or where to go on if there is none."""
        found = dollar_formula(self._text, at, self._limit)
        if found:
            return found.end() if found.end() < len(self._text) else None
        grows = len(self._text) < self._limit and may_become_formula(self._text, at)
        return None if grows else at + 1

    def _past_address(self, at: int) -> int:
        found = _ADDRESS.match(self._text, at, at + LONGEST_ADDRESS)
        return found.end() if found and found.end() < at + LONGEST_ADDRESS else at

    def _emphasis(self, special: re.Match[str]) -> None:
        mark, length = special[0][0], len(special[0])
        start = special.start()
        before = self._text[start - 1] if start > self._start else " "
        after = self._text[special.end() : special.end() + 1] or " "
        left, right = _flanks(before, after)
        if mark == "_" and left and right:
            return
        if right:
            length = self._close(mark, length)
        if left and length:
            self._open.append(_Opener(mark, length))

    def _close(self, mark: str, length: int = 1) -> int:
        """Close the nearest openers of a kind, with all within them; return what is left over."""
        while length:
            at = len(self._open) - 1
            while at >= 0 and self._open[at].mark != mark:
                at -= 1
            if at < 0:
                return length
            opener = self._open[at]
            del self._open[at:]
            if opener.length > length:
                self._open.append(_Opener(mark, opener.length - length))
            length -= min(length, opener.length)
        return 0


def _flanks(before: str, after: str) -> tuple[bool, bool]:
    """Return whether a run of emphasis between two characters may open and may close."""
    left = not after.isspace() and (_is_word(after) or not _is_word(before))
    right = not before.isspace() and (_is_word(before) or not _is_word(after))
    return left, right


def _is_word(character: str) -> bool:
    return character.isalnum()
