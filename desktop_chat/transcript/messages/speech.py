"""What of an arriving answer is fit to be said aloud by now: whole sentences, never half of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import Code, ItemFrame, Rule, Table, leaf_text
from desktop_chat.transcript.blocks.table import description as table_description
from desktop_chat.transcript.items import Side
from desktop_chat.transcript.text.languages import description as code_description

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.markdown.blocks import Block, Leaf
    from desktop_chat.transcript.items import Item

SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|[。！？；][」』”’）]*|[:\n](?=\s)")
"""Where a listener may be let wait. A full stop counts once a blank follows: 3.14 has none."""
ENOUGH: Final = 4000
"""Characters that are said at once; what is far behind a flood waits for its turn."""


class Speech:
    """How far one answer was said. Code and tables are told by their size alone."""

    def __init__(self) -> None:
        self._block = 0
        self._leaf = 0
        self._offset = 0

    def next(self, blocks: Sequence[Block], *, ended: bool) -> str:
        """Return what came since in whole sentences; all of the rest where the answer ended."""
        said: list[str] = []
        length = 0
        while length < ENOUGH and self._block < len(blocks):
            leaves = blocks[self._block].leaves
            last_block = self._block == len(blocks) - 1
            if self._leaf >= len(leaves):
                if last_block:
                    break
                self._block, self._leaf, self._offset = self._block + 1, 0, 0
                continue
            whole = ended or not last_block or self._leaf < len(leaves) - 1
            words = self._words(leaves[self._leaf], whole=whole)
            if words:
                said.append(words)
                length += len(words)
            if not whole:
                break
            self._leaf, self._offset = self._leaf + 1, 0
        return " ".join(said)

    def _words(self, leaf: Leaf, *, whole: bool) -> str:
        """Return what is new in a leaf, and take note that it was said."""
        if isinstance(leaf, Rule):
            return ""
        if isinstance(leaf, Code | Table):
            return f"{_described(leaf)}." if whole else ""
        text = leaf_text(leaf)
        begin, end = self._offset, len(text) if whole else _last_end(text, self._offset)
        if end <= begin:
            return ""
        self._offset = end
        words = " ".join(text[begin:end].split())
        # A mere dot is not worth saying.
        return f"{marker(leaf).replace('• ', '')}{words}" if begin == 0 and words else words


def _last_end(text: str, begin: int) -> int:
    """Return where the last whole sentence after `begin` ends; `begin` where there is none."""
    ends = [found.end() for found in SENTENCE_END.finditer(text, begin)]
    return ends[-1] if ends else begin


def author(item: Item) -> str:
    """Return who wrote a message."""
    return "You" if item.side is Side.PERSON else item.author or "Answer"


def marker(leaf: Leaf) -> str:
    """Return what stands before the first words of an item, in words where it is no number."""
    words: list[str] = []
    for frame in leaf.frames:
        if isinstance(frame, ItemFrame):
            if frame.task is not None:
                words.append("done: " if frame.task else "open: ")
            elif frame.marker:
                words.append(frame.marker + " ")
    return "".join(words)


def _described(leaf: Code | Table) -> str:
    return code_description(leaf) if isinstance(leaf, Code) else table_description(leaf)
