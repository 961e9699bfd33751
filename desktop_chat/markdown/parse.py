"""Reads a whole markdown text into blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Block
from desktop_chat.markdown.grammar import read_blocks
from desktop_chat.markdown.inline import InlineMemo
from desktop_chat.markdown.intake import normal
from desktop_chat.markdown.leaves import LeafBuilder, Reading
from desktop_chat.markdown.spacing import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping, Sequence

    from markdown_it.token import Token


def parse(text: str, *, dollar_maths: bool = False) -> list[Block]:
    """Return the blocks of a whole text; if asked for, `$…$` is mathematics."""
    return parse_normal(normal(text), {}, dollar_maths=dollar_maths)


def parse_normal(
    source: str, references: MutableMapping[str, object], *, dollar_maths: bool = False
) -> list[Block]:
    """Return the blocks of a text that is normal already, adding to the definitions known."""
    lines = source.split("\n")
    tokens = read_blocks(source, references).tokens
    reading = Reading(InlineMemo(dollar_maths=dollar_maths))
    reading.memo.define(references, frozenset())
    offsets = line_offsets(lines)
    blocks: list[Block] = []
    for start, end in top_level(tokens):
        builder = LeafBuilder(reading)
        builder.walk(tokens, start, end)
        first, last = extent(tokens[start], lines)
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
    """Return the first line of a block and its last one that is not blank."""
    assert token.map is not None  # noqa: S101
    first, after = token.map
    last = min(after, len(lines)) - 1
    while last > first and is_blank(lines[last]):
        last -= 1
    return first, last


def line_offsets(lines: Sequence[str]) -> list[int]:
    """Return where each line begins."""
    offsets, at = [], 0
    for line in lines:
        offsets.append(at)
        at += len(line) + 1
    return offsets
