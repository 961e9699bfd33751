"""Reading a very long text without holding up the window: a slice now, the rest frame by frame."""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.stream import MarkdownStream

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Block, Change

AT_ONCE: Final = 8 * 1024
"""Characters that are read in one go whatever they hold."""
PIECE: Final = 2 * 1024
"""Characters after which the clock is looked at."""
MOST: Final = 256 * 1024
"""What is fed at once after the reading of a text that cannot be read in pieces rested."""
FIRST_S: Final = 0.012
"""How long the first reading may take: some 30,000 characters of an ordinary answer."""
SLICE_S: Final = 0.003
"""As long again takes what is made of it."""


class SlicedStream:
    """A markdown text whose end may still have to be read."""

    def __init__(self, text: str, *, ended: bool, dollar_maths: bool = False) -> None:
        self._stream = MarkdownStream(dollar_maths=dollar_maths)
        self._rest = ""
        self._at = 0
        self._ended = False
        self._piece = PIECE
        self.feed(text)
        if ended:
            self.finish()

    @property
    def unread(self) -> bool:
        """Whether there is more to read."""
        return self._at < len(self._rest) or (self._ended and self._stream.late)

    @property
    def blocks(self) -> list[Block]:
        """The blocks of what was read."""
        return self._stream.blocks

    def whole(self) -> MarkdownStream:
        """Return the stream with all of the text read, however long that takes."""
        while self.unread:
            self._take(len(self._rest))
        return self._stream

    def feed(self, text: str) -> list[Change]:
        """Take in more text, and read it unless there is too much."""
        if not self.unread and len(text) <= AT_ONCE:
            return _found(self._stream.feed(text))
        self._rest = self._rest[self._at :] + text
        self._at = 0
        return self.step(FIRST_S if not self._stream.blocks else SLICE_S)

    def step(self, seconds: float = SLICE_S) -> list[Change]:
        """Read on for so long, of this thread's own time.

        While the reading rests nothing is fed: all of it would be read in one go at the end.
        """
        changes: list[Change] = []
        end = thread_time() + seconds
        while self.unread and not self._stream.rests():
            changes += self._take(self._piece)
            self._piece = min(2 * self._piece, MOST) if self._stream.rests() else PIECE
            if thread_time() >= end:
                break
        return changes

    def finish(self) -> list[Change]:
        """Say that no more text comes."""
        self._ended = True
        return [] if self._rest else _found(self._stream.finish())

    def _take(self, length: int) -> list[Change]:
        # Half a line may hold half an address, which could be pressed at once.
        end = self._at + length
        if end < len(self._rest):
            end = self._rest.rfind("\n", self._at, end) + 1 or end
        part = self._rest[self._at : end]
        self._at = end
        changes = _found(self._stream.feed(part))
        if part and self._at >= len(self._rest):
            self._rest, self._at = "", 0
            changes += self.finish() if self._ended else []
        return changes


def _found(change: Change | None) -> list[Change]:
    return [change] if change is not None else []
