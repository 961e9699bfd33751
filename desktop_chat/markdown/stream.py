"""Reads a markdown text that is still arriving."""

from __future__ import annotations

from desktop_chat.markdown.blocks import Block, Change
from desktop_chat.markdown.parse import parse


class MarkdownStream:
    """Blocks of a text that grows. `feed` says from where on they changed."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []

    @property
    def source(self) -> str:
        """The text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def feed(self, text: str) -> Change | None:
        """Take in the next piece."""
        if not text:
            return None
        self._pieces.append(text)
        old = len(self.blocks)
        self.blocks[:] = parse(self.source)
        return Change(0) if old or self.blocks else None

    def finish(self) -> Change | None:
        """Say that no more text comes."""
        return None
