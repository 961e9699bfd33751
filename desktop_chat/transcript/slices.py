"""Reading a very long text without holding up the window: a slice now, the rest frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.stream import MarkdownStream

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Block, Change

AT_ONCE: Final = 128 * 1024
"""Characters that are read in one go: some 50 ms at worst."""
SLICE: Final = 16 * 1024


class SlicedStream:
    """A markdown text whose end may still have to be read."""

    def __init__(self, text: str, *, ended: bool, dollar_maths: bool = False) -> None:
        self._stream = MarkdownStream(dollar_maths=dollar_maths)
        self._rest = ""
        self._at = 0
        self._ended = False
        self.feed(text)
        if ended:
            self.finish()

    @property
    def unread(self) -> bool:
        """Whether there is more to read."""
        return self._at < len(self._rest)

    @property
    def blocks(self) -> list[Block]:
        """The blocks of what was read."""
        return self._stream.blocks

    def whole(self) -> MarkdownStream:
        """Return the stream with all of the text read, however long that takes."""
        while self.unread:
            self._take(AT_ONCE)
        return self._stream

    def feed(self, text: str) -> list[Change]:
        """Take in more text, and read it unless there is too much."""
        if not self.unread and len(text) <= AT_ONCE:
            return _found(self._stream.feed(text))
        self._rest = self._rest[self._at :] + text
        self._at = 0
        return self.step()

    def step(self) -> list[Change]:
        """Read the next slice."""
        return self._take(SLICE)

    def finish(self) -> list[Change]:
        """Say that no more text comes."""
        self._ended = True
        return [] if self.unread else _found(self._stream.finish())

    def _take(self, length: int) -> list[Change]:
        part = self._rest[self._at : self._at + length]
        self._at += length
        changes = _found(self._stream.feed(part))
        if not self.unread:
            self._rest, self._at = "", 0
            changes += self.finish() if self._ended else []
        return changes


def _found(change: Change | None) -> list[Change]:
    return [change] if change is not None else []
