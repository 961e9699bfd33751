"""What may be left out of an open block before more lines come.

A list keeps its last item, a table its head, a quote its last piece, a fence its first line, a
paragraph its last line. Where items that are still open began further up, a *stub* stands for
them: a line with the same markers and an empty heading, so that what follows has its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.markdown.grammar import read_blocks
from desktop_chat.markdown.leaves import LIST_OPENS, STUB_TEXT, code_lines, is_closed
from desktop_chat.markdown.parse import top_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

ITEM = "list_item_open"
QUOTE = "blockquote_open"
_CONTAINERS = (*LIST_OPENS, ITEM, QUOTE)
_STUB_END = "#"
_STUB_TOKENS = 3
"""Those of the empty heading in a stub."""
LONG_PARAGRAPH = 4
"""Lines from which on a paragraph is cut."""

_MARKER = re.compile(r"\s*(?:[-+*]|[0-9]{1,9}[.)])")
_DEEP_QUOTE = re.compile(r"[\s>\-+*.)0-9]*(?: {4}|\t)\s*>")
_QUOTE_MARK = re.compile(r"\s*>")


class Cut(NamedTuple):
    """Which lines stay, and from which token on their meaning is new."""

    stubs: list[str]
    kept: list[int]
    rest: int
    """Every line from here on stays too."""
    skip: int
    """Tokens of the stubs and containers that the next reading passes over."""
    token: int
    """The first token that is not settled, but for `settled` in it."""
    settled: int = 0
    """Lines of the code, rows of the table at that token that will not be read again."""
    text: str | None = None
    """Text of the paragraph at that token that will not be read again."""

    @property
    def line(self) -> int:
        """The first line that stays."""
        return self.kept[0] if self.kept else self.rest


class _Path(NamedTuple):
    """The containers that are open at the end of a block, outermost first, and its last piece."""

    tokens: Sequence[Token]
    open: list[int]
    last: int

    def types(self) -> list[str]:
        """Return the kinds of the containers and of the piece."""
        return [self.tokens[index].type for index in (*self.open, self.last)]

    def line(self, index: int) -> int:
        """Return the line where the piece at a token begins."""
        place = self.tokens[index].map
        assert place is not None  # noqa: S101
        return place[0]


def find_cut(tokens: Sequence[Token], block: tuple[int, int], lines: Sequence[str]) -> Cut | None:
    """Return what may be left out of the block that stands last, or None if nothing."""
    path = _open_path(tokens, *block)
    cut = _cut_leaf(path, lines) or _cut_containers(path, lines)
    if cut is None or len(cut.stubs) + len(cut.kept) + len(lines) - cut.rest >= len(lines):
        return None
    return cut if _stands(path, cut, lines) else None


def _stands(path: _Path, cut: Cut, lines: Sequence[str]) -> bool:
    """Return whether what stays is still read as the same piece in the same containers.

    A line within a quote may be indented so far that it would be code if it were the first one.
    """
    if not any(map(_DEEP_QUOTE.match, (*cut.stubs, lines[cut.line]))):
        return True
    stay = [*cut.stubs, *[lines[line] for line in cut.kept], *lines[cut.rest :]]
    tokens = read_blocks("\n".join(stay) + "\n", {}).tokens
    *_, block = top_level(tokens)
    found = _open_path(tokens, *block)
    return found.types() == path.types()


def keeps_blanks(tokens: Sequence[Token], block: tuple[int, int]) -> bool:
    """Return whether blank lines at the end of a block may be part of its last piece."""
    last = tokens[_open_path(tokens, *block).last]
    return last.type == "code_block" or (last.type == "fence" and not is_closed(last))


def _open_path(tokens: Sequence[Token], start: int, end: int) -> _Path:
    """Descend to the last piece of a block."""
    containers: list[int] = []
    at, close = start, end - 1
    while tokens[at].type in _CONTAINERS:
        level = tokens[at].level + 1
        child = close - 1
        while child > at and not (tokens[child].level == level and tokens[child].nesting >= 0):
            child -= 1
        if child == at:
            break
        containers.append(at)
        at, close = child, close - 1
    return _Path(tokens, containers, at)


def _cut_leaf(path: _Path, lines: Sequence[str]) -> Cut | None:
    """Leave out most of a long last piece."""
    match path.tokens[path.last].type:
        case "fence":
            return _cut_fence(path, lines)
        case "table_open":
            return _cut_table(path, lines)
        case "code_block":
            return _cut_code(path, lines)
        case "paragraph_open":
            return _cut_paragraph(path, lines)
        case _:
            return None


def _cut_fence(path: _Path, lines: Sequence[str]) -> Cut | None:
    fence = path.tokens[path.last]
    code = code_lines(fence)
    settled = len(code)
    while path.open and settled and not code[settled - 1].strip():
        settled -= 1  # blank lines at the end of an item are what makes a list loose
    reaches_end = fence.map is not None and fence.map[1] >= len(lines)
    if not settled or not (reaches_end or is_closed(fence)):
        return None
    first = path.line(path.last)
    return _cut_within(path, lines, [first], first + 1 + settled, settled)


def _cut_table(path: _Path, lines: Sequence[str]) -> Cut | None:
    head = path.line(path.last)
    place = path.tokens[path.last].map
    assert place is not None  # noqa: S101
    rows = place[1] - head - 2
    return _cut_within(path, lines, [head, head + 1], place[1], rows) if rows else None


def _cut_within(
    path: _Path, lines: Sequence[str], kept: list[int], rest: int, settled: int
) -> Cut | None:
    """Cut a leaf of which the first lines and what follows stay."""
    cut = _cut_containers(path, lines)
    if cut is None:
        return None
    return cut._replace(kept=kept, rest=rest, settled=settled)


def _cut_code(path: _Path, lines: Sequence[str]) -> Cut | None:
    settled = len(code_lines(path.tokens[path.last])) - 1
    spine = _spine(path, len(path.open), lines)
    if settled <= 0 or spine is None:
        return None
    stubs, skip = spine
    return Cut(stubs, [], path.line(path.last) + settled, skip, path.last, settled)


def _cut_paragraph(path: _Path, lines: Sequence[str]) -> Cut | None:
    content = path.tokens[path.last + 1].content
    count = content.count("\n") + 1
    first = path.line(path.last)
    if count <= LONG_PARAGRAPH:
        return None
    inner = [index for index in path.open if path.line(index) < first]
    spine = _spine(path, len(inner), lines)
    lead = _lead(path, path.open, first, lines)
    if spine is None or lead is None:
        return None
    stubs = [*spine[0], lead + STUB_TEXT]
    skip = spine[1] + len(path.open) - len(inner)
    text = content[: content.rindex("\n") + 1]
    return Cut(stubs, [], first + count - 1, skip, path.last, text=text)


def _cut_containers(path: _Path, lines: Sequence[str]) -> Cut | None:
    """Leave out everything before the last piece."""
    pieces = [*path.open, path.last]
    line = path.line(path.last)
    depth = next(depth for depth, index in enumerate(pieces) if path.line(index) >= line)
    spine = _spine(path, depth, lines)
    if spine is None:
        return None
    return Cut(spine[0], [], line, spine[1], pieces[depth])


def _spine(path: _Path, depth: int, lines: Sequence[str]) -> tuple[list[str], int] | None:
    """Return stubs for the outermost containers, and how many tokens they are read as."""
    containers = path.open[:depth]
    begun = sorted({path.line(index) for index in containers if path.tokens[index].type == ITEM})
    stubs = []
    for line in begun:
        items = [i for i in containers if path.tokens[i].type == ITEM and path.line(i) == line]
        lead = _lead(path, containers[: containers.index(items[-1]) + 1], line, lines)
        if lead is None:
            return None
        stubs.append(lead + _STUB_END)
    return stubs, depth + _STUB_TOKENS * len(stubs)


def _lead(path: _Path, containers: Sequence[int], line: int, lines: Sequence[str]) -> str | None:
    """Return the markers and blanks before the content of the innermost container in a line."""
    text = lines[line].expandtabs(4)
    at = 0
    kind = ""
    for index in containers:
        kind = path.tokens[index].type
        if kind == QUOTE:
            found = _QUOTE_MARK.match(text, at)
        elif kind == ITEM and path.line(index) == line:
            found = _MARKER.match(text, at)
        else:
            continue
        if found is None:
            return None
        at = found.end()
    gap = len(text[at:]) - len(text[at:].lstrip(" "))
    if kind == ITEM and path.line(containers[-1]) == line:
        gap = gap if gap <= 4 and at + gap < len(text) else 1
    return text[:at] + " " * gap
