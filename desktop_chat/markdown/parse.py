"""Reads a whole markdown text into blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Block
from desktop_chat.markdown.grammar import read_blocks
from desktop_chat.markdown.inline import read_inline
from desktop_chat.markdown.leaves import LeafBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token


def normal(text: str) -> str:
    """Return the text with line feeds alone for line ends, no NUL and no byte order mark.

    Offsets of blocks count in this text.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd")


def parse(text: str) -> list[Block]:
    """Return the blocks of a whole text."""
    lines = normal(text).split("\n")
    references: dict[str, object] = {}
    tokens = read_blocks(lines, references)
    offsets = line_offsets(lines)
    blocks: list[Block] = []
    for start, end in top_level(tokens):
        builder = LeafBuilder(lambda content: read_inline(content, references))
        builder.walk(tokens, start, end)
        first, after = extent(tokens[start], lines)
        last = after - 1
        blocks.append(Block(builder.leaves, offsets[first], offsets[last] + len(lines[last])))
    return blocks


def top_level(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the token range of each top-level block."""
    start = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield start, index + 1
            start = index + 1


def extent(token: Token, lines: Sequence[str]) -> tuple[int, int]:
    """Return the first line of a block and the line after its last one that is not blank."""
    assert token.map is not None  # noqa: S101
    first, after = token.map
    after = min(after, len(lines))
    while after > first + 1 and not lines[after - 1].strip():
        after -= 1
    return first, after


def line_offsets(lines: Sequence[str]) -> list[int]:
    """Return where each line begins."""
    offsets, at = [], 0
    for line in lines:
        offsets.append(at)
        at += len(line) + 1
    return offsets
