"""Plain text as blocks: a person's own words and a model's reasoning are not read as markdown."""

from __future__ import annotations

from desktop_chat.markdown.blocks import Block, Change, Inline, Leaf, Paragraph

SEGMENT = 2000
"""Characters that are laid out at once."""


class PlainStream:
    """One block whose leaves are the lines of a text that may grow."""

    def __init__(self, text: str = "") -> None:
        self._leaves: list[Leaf] = []
        self._last = ""
        """The unfinished segment at the end of the unfinished last line."""
        self._continues = False
        """Whether that line has segments before it."""
        self._kept = 0
        """How many leaves stand before it."""
        self.blocks = [Block(self._leaves, 0, 0)]
        self.feed(text)

    def feed(self, text: str) -> Change:
        """Take in the next piece; return from where on the leaves are new."""
        lines = (self._last + text).replace("\r\n", "\n").split("\n")
        kept = self._kept
        del self._leaves[kept:]
        for line in lines[:-1]:
            self._add(line)
            self._continues = False
        before = len(self._leaves)
        self._add(lines[-1])
        self._kept = len(self._leaves) - 1
        self._continues = self._continues or self._kept > before
        self._last = lines[-1][(self._kept - before) * SEGMENT :]
        return Change(0, kept)

    def _add(self, line: str) -> None:
        for start in range(0, max(len(line), 1), SEGMENT):
            piece = Inline(line[start : start + SEGMENT])
            self._leaves.append(Paragraph(piece, continues=self._continues or start > 0))


def plain_part(leaves: list[Leaf], start: int, end: int) -> str:
    """Return the text between two offsets of the visible text, long lines whole again."""
    pieces: list[str] = []
    at = 0
    for leaf in leaves:
        if not isinstance(leaf, Paragraph):
            continue
        text = leaf.inline.text
        if at <= end and at + len(text) >= start:
            if pieces and not leaf.continues:
                pieces.append("\n")
            pieces.append(text[max(start - at, 0) : max(end - at, 0)])
        at += len(text) + 1
    return "".join(pieces)
