"""Links whose address is defined below them: which blocks mention which labels.

Such a block is read again as any text that arrives: piece by piece, each within bounds, however
long the block is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from desktop_chat.markdown.blocks import Heading, Paragraph, Table
from desktop_chat.markdown.grammar import normal_label
from desktop_chat.markdown.notes import KEY as NOTE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from desktop_chat.markdown.blocks import Block

WORK_PER_CHARACTER = 4
"""Characters that may be read again for each one that arrives."""
WORK_SAVED = 8000
WORK_AT_ONCE = 500
"""Characters that are read again in one call: 6 ms where there is a link in every word."""
PIECE = 250
LEAST = 20
"""What a short piece counts for: it costs time to take up a block, too."""

_BLANKS = re.compile(r"(?:[ \t]*\n)*+(?:[ \t]*\Z)?")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)


class Mentions:
    """What looks like a label in square brackets, by block."""

    def __init__(self) -> None:
        self._blocks: dict[str, set[int]] = {}

    def note(self, block: int, content: str) -> None:
        """Note the labels in a run of text."""
        for found in _LABEL.finditer(content):
            self._blocks.setdefault(normal_label(found[1]), set()).add(block)

    def of(self, labels: Iterable[str]) -> set[int]:
        """Return the blocks that mention any of these labels."""
        found: set[int] = set()
        for label in labels:
            found |= self._blocks.get(label.removeprefix(NOTE_KEY), set())
        return found


class Reader(Protocol):
    """Reads a text that arrives in pieces."""

    blocks: list[Block]

    def feed(self, text: str) -> object:
        """Take in the next piece."""

    def finish(self) -> object:
        """Say that no more text comes."""


class _Rereading(NamedTuple):
    """A block that is being read again, and the pieces of it that are left, the last one first."""

    block: int
    reader: Reader
    pieces: list[str]


class LateLinks:
    """Blocks that mention what was defined late; reads them again as far as work is allowed."""

    def __init__(self, make_reader: Callable[[], Reader]) -> None:
        self.mentions = Mentions()
        self._make_reader = make_reader
        self._stale: set[int] = set()
        self._reading: _Rereading | None = None
        self._work = WORK_SAVED

    def waits(self, before: int) -> bool:
        """Return whether a block before this one is still to be read again."""
        return self._reading is not None or any(index < before for index in self._stale)

    def define(self, labels: Iterable[str]) -> None:
        """Take note that labels are defined from now on."""
        self._stale |= self.mentions.of(labels)

    def allow(self, arrived: int) -> None:
        """Allow for so much more work as is due for some characters that arrived."""
        self._work = min(WORK_SAVED, self._work + arrived * WORK_PER_CHARACTER)

    def read(self, blocks: Sequence[Block], source: str, before: int) -> list[int]:
        """Read on in blocks before this one; return which of them look different now."""
        again: list[int] = []
        left = WORK_AT_ONCE
        while left > 0 and self._begin(blocks, source, before):
            assert self._reading is not None  # noqa: S101
            block, reader, pieces = self._reading
            if pieces and len(pieces[-1]) > self._work:
                break
            piece = pieces.pop() if pieces else ""
            reader.feed(piece)
            self._work -= len(piece)
            left -= max(len(piece), LEAST)
            if not pieces:
                self._reading = None
                reader.finish()
                if _renew(blocks[block], reader.blocks):
                    again.append(block)
        return sorted(set(again))

    def _begin(self, blocks: Sequence[Block], source: str, before: int) -> bool:
        """Take up the next block, with the blank lines behind it: they may belong to its code."""
        if self._reading is None:
            index = min(self._stale, default=before)
            if index >= before:
                return False
            self._stale.discard(index)
            blanks = _BLANKS.match(source, blocks[index].end)
            text = source[blocks[index].start : blanks.end() if blanks else None]
            pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
            self._reading = _Rereading(index, self._make_reader(), pieces[::-1])
        return True


def _renew(block: Block, read: Sequence[Block]) -> bool:
    """Take what was read again; only running text can differ. Return whether any does."""
    if len(read) != 1 or list(map(type, read[0].leaves)) != list(map(type, block.leaves)):
        return False
    differs = False
    for at, (old, new) in enumerate(zip(block.leaves, read[0].leaves, strict=True)):
        if isinstance(old, Table) and isinstance(new, Table):
            differs = differs or (old.header, old.rows) != (new.header, new.rows)
            old.header, old.rows = new.header, new.rows
        elif isinstance(old, Paragraph | Heading) and old.inline != new.inline:  # type: ignore[union-attr]
            block.leaves[at] = replace(old, inline=new.inline)  # type: ignore[union-attr]
            differs = True
    return differs
