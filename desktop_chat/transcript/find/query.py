"""What is looked for: a person's words or pattern, as something that finds them in a text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRegularExpression

from desktop_chat.transcript.find.packed import PackedFilter
from desktop_chat.transcript.text.utf16 import Units

if TYPE_CHECKING:
    from collections.abc import Iterator

Option = QRegularExpression.PatternOption

LIMIT: Final = 200_000
"""Steps that a person's pattern may take in one piece of text: 3 ms where it is not compiled."""
PIECE: Final = 4096
"""Characters that a person's pattern looks through at once; less where one line is shorter."""
LITERAL_PIECE: Final = 1 << 18
TOO_COSTLY: Final = "This pattern takes too long here. Make it simpler."
UNREADABLE: Final = "This pattern cannot be read: {reason}."

SPACE: Final = "[ \u00a0\u2007\u2009\u202f]"
ALIKE: Final = {
    "'": "['\u2018\u2019\u02bc]",
    '"': '["\u201c\u201d\u201e]',
    "-": "[\\-\u2010\u2011]",
    " ": SPACE,
}
"""What a keyboard has, and what models write in its place."""
FOLDED: Final = {
    "ss": "(?:ss|ß|ẞ)",
    "ß": "(?:ss|ß|ẞ)",
    "ẞ": "(?:ss|ß|ẞ)",
    "i": "(?:i|İ)",
    "I": "(?:i|İ)",
    "İ": "(?:i\u0307?|İ)",
}
"""Letters that are the same when case does not matter, beyond what the engine knows."""
UNSPACED: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no space between words: next to their letters, any place may end a word."""
IN_WORD: Final = rf"(?:[^\P{{L}}{UNSPACED}]|[\p{{N}}\p{{M}}_])"
MARKUP: Final = r"(?:\]\([\s\S]{0,2000}?\)|\]\[[^\]]*\]|[*_~`\\\[\]!<>^:])*"
"""What the source may hold between two letters that are seen side by side."""
OTHERWISE: Final = r"&(?:#\w+|\w+);|!\[\W*\]"
"""What is seen as something else: a named character, or the address of a nameless image."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a person wants to find, and how."""

    term: str = ""
    match_case: bool = False
    whole_word: bool = False
    regular: bool = False


class TooCostlyError(Exception):
    """A pattern went through more possibilities than there is time for."""


class Pattern:
    """Finds what a query asks for."""

    def __init__(self, query: Query) -> None:
        self.exact = not query.regular
        """Whether a source that cannot hold it is known by `may_be_in`; else that is a guess."""
        self.fault = ""
        """Why nothing can be looked for, in words."""
        if query.regular:
            self._seen = self._sought = self._pattern(query)
        else:
            options = _options(query)
            self._seen = _made(_literal(query), options)
            self._sought = _made(_source(query), options)
        packed = PackedFilter(query.term, match_case=query.match_case) if self.exact else None
        self._packed = packed if packed is not None and packed.useful else None
        self._otherwise = QRegularExpression(OTHERWISE)
        self._piece = LITERAL_PIECE if self.exact else PIECE

    def may_be_in(self, source: str) -> bool:
        """Whether what is shown of a markdown source may hold it, without reading the source."""
        found = self._sought.match(source)
        if found.hasMatch() or not found.isValid():
            return True
        told = self.exact and ("&" in source or "![" in source)
        return told and self._otherwise.match(source).hasMatch()

    def rules_out(self, packed: bytes) -> bool:
        """Whether a source in UTF-8 cannot hold it, told at once; False where that is not known."""
        return self._packed is not None and not self._packed.may_hold(packed)

    def ranges(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands in a text; raises `TooCostlyError`."""
        if len(text) <= self._piece:
            yield from self._in_piece(text, 0)
            return
        at = 0
        while at < len(text):
            end = _cut(text, at, self._piece)
            yield from self._in_piece(text[at:end], at)
            at = end

    def _in_piece(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        if self.exact:
            yield from self._matches(text, start)
            return
        try:
            found = list(self._matches(text, start))
        except TooCostlyError:
            found = []
            at = start
            for line in text.splitlines(keepends=True):
                found += self._matches(line, at)
                at += len(line)
        yield from found

    def _matches(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        units = Units(text)
        found = self._seen.globalMatch(text)
        last = 0
        while found.hasNext():
            one = found.next()
            first, last = one.capturedStart(), one.capturedEnd()
            if last > first:
                yield start + units.to_offset(first), start + units.to_offset(last)
        # An iterator that has come past the text's end is not valid either.
        if found.isValid() or self._seen.match(text, last).isValid():
            return
        whole = _without_halves(text)
        if whole == text:
            raise TooCostlyError
        yield from self._matches(whole, start)

    def _pattern(self, query: Query) -> QRegularExpression:
        """Return a person's pattern, bounded; remember why it is none."""
        options = _options(query) | Option.MultilineOption
        own = QRegularExpression(query.term, options)
        if not own.isValid():
            self.fault = UNREADABLE.format(reason=own.errorString())
            return own
        bound = f"(*LIMIT_MATCH={LIMIT})"
        if not query.whole_word:
            return _made(bound + query.term, options)
        made = _made(bound + _as_word(query.term), options)
        # A comment at the pattern's end would hide what closes the group, but for a line feed.
        return made if made.isValid() else _made(bound + _as_word(query.term + "\n"), options)


def _as_word(words: str) -> str:
    return f"(?<!{IN_WORD})(?:{words})(?!{IN_WORD})"


def _made(words: str, options: Option) -> QRegularExpression:
    made = QRegularExpression(words, options)
    made.optimize()
    return made


def _options(query: Query) -> Option:
    options = Option.UseUnicodePropertiesOption
    return options if query.match_case else options | Option.CaseInsensitiveOption


def _letters(query: Query) -> Iterator[str]:
    """Yield a pattern for each letter of the words, however it may be written."""
    term = unicodedata.normalize("NFC", query.term)
    at = 0
    while at < len(term):
        length = 2 if term[at : at + 2].lower() == "ss" and not query.match_case else 1
        one = term[at : at + length]
        at += length
        folded = None if query.match_case else FOLDED.get(one.lower() if length > 1 else one)
        yield folded or ALIKE.get(one) or _written(one)


def _written(letter: str) -> str:
    """Return a letter, in one piece or followed by its marks."""
    apart = unicodedata.normalize("NFD", letter)
    escaped = QRegularExpression.escape(letter)
    if apart == letter:
        return escaped
    return f"(?:{escaped}|{QRegularExpression.escape(apart)})"


def _literal(query: Query) -> str:
    words = "".join(_letters(query))
    last = query.term[-1:]
    if last.isalpha():
        # Without its mark it would be another letter.
        words += "(?![\u0300-\u036f])"
    if not query.whole_word:
        return words
    before = f"(?<!{IN_WORD})" if _ends_word(query.term[:1]) else ""
    after = f"(?!{IN_WORD})" if _ends_word(last) else ""
    return before + words + after


def _source(query: Query) -> str:
    """Return a pattern for every source of which the words may be seen."""
    # Between cells that are left out at the end of a row, nothing is written at all.
    blanks = {SPACE: r"[\s>|]+", "\\\t": r"[\s>|]*"}
    letters = [blanks.get(one, one) for one in _letters(query)]
    return MARKUP.join(letters)


def _ends_word(letter: str) -> bool:
    return bool(letter) and QRegularExpression(IN_WORD).match(letter).hasMatch()


def _cut(text: str, at: int, length: int) -> int:
    """Return where a piece of a text ends: after a line, else after a word, else anywhere."""
    limit = at + length
    if limit >= len(text):
        return len(text)
    for mark in ("\n", " "):
        found = text.rfind(mark, at + length // 2, limit)
        if found >= 0:
            return found + 1
    return limit


def _without_halves(text: str) -> str:
    """Replace halves of surrogate pairs, which are no text; offsets stay."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
