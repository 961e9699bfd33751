"""The part of a text that is still open: the lines that are read again when more come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_chat.markdown.inline import InlineMemo
from desktop_chat.markdown.leaves import LIST_OPENS, LeafBuilder, Reading
from desktop_chat.markdown.levels import ItemLevel, ListLevel, ListStyles, QuoteLevel
from desktop_chat.markdown.merging import Fresh
from desktop_chat.markdown.parse import extent
from desktop_chat.markdown.spacing import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from desktop_chat.markdown.cutting import Cut
    from desktop_chat.markdown.levels import Level
    from desktop_chat.markdown.running_text import RunningText

STUB = -1
"""The offset of a line that is not in the text."""

_LEVELS = {"blockquote_open": QuoteLevel, "list_item_open": ItemLevel} | dict.fromkeys(
    LIST_OPENS, ListLevel
)
_STUB_TYPES = ("heading_open", "inline", "heading_close")
_GROWING = ("fence", "code_block", "table_open")
_RUNNING = ("paragraph_open", "heading_open")


@dataclass(slots=True)
class Head:
    """What of the open block was settled: its leaves are there already."""

    start: int
    end: int
    keep: int = 0
    """Leaves that nothing can change."""
    skip: int = 0
    """Tokens of stubs."""
    levels: Sequence[Level] = ()
    grown: int | None = None
    """Lines or rows that stay of the leaf after those, which goes on."""
    text: RunningText | None = None
    """The settled text of the paragraph that goes on."""
    stubs: int = 0

    def fits(self, tokens: Sequence[Token]) -> bool:
        """Return whether these tokens begin with the very containers and the leaf that go on."""
        types = [token.type for token in tokens[: self.skip]]
        levels = [_LEVELS.get(one) for one in types if one not in _STUB_TYPES]
        if levels != [type(level) for level in self.levels]:
            return False
        leaf = next((one.type for one in tokens[self.skip :] if one.type not in _LEVELS), "")
        if self.grown is not None:
            return leaf in _GROWING
        return leaf in _RUNNING if self.text is not None else leaf != ""


class Live:
    """Lines with their offsets in the text, and the head of the block they begin with."""

    def __init__(self, *, dollar_maths: bool = False) -> None:
        self.lines: list[str] = []
        self.head: Head | None = None
        self.whole = False
        """Whether nothing is left out of the block, because it was found to need all of it."""
        self.reading = Reading(InlineMemo(dollar_maths=dollar_maths))
        self._offsets: list[int] = []
        self._next = 0

    @property
    def rows_before(self) -> dict[int, int]:
        """Rows of the table that goes on, by the line of its head."""
        if self.head is None or self.head.grown is None:
            return {}
        return {self.head.stubs: self.head.grown}

    def append(self, lines: Sequence[str]) -> None:
        """Take in complete lines."""
        for line in lines:
            self.lines.append(line)
            self._offsets.append(self._next)
            self._next += len(line) + 1

    def trim_blanks(self, keep: int) -> None:
        """Leave out what goes beyond so many blank lines at the end."""
        lines = self.lines
        first = len(lines)
        while first and not lines[first - 1]:
            first -= 1
        del lines[first + keep :]
        del self._offsets[first + keep :]

    def drop(self, count: int) -> None:
        """Leave out the first lines: no open block needs them."""
        del self.lines[:count]
        del self._offsets[:count]
        self.head = None
        self.whole = self.whole and not count

    def reopen(self, head: Head, source: str) -> None:
        """Take back what was left out of the block, to read it anew.

        For the case that what stays of a block is not read as it would be within the whole.
        """
        at, end = head.start, self._next
        self.head, self.whole = None, True
        self.reading.styles = ListStyles()
        self.lines, self._offsets, self._next = [], [], at
        self.append(source[at:end].split("\n")[:-1])

    def read(
        self,
        tokens: Sequence[Token],
        block: tuple[int, int],
        unfinished: int | None,
        *,
        goes_on: bool,
        lines: Sequence[str] | None = None,
    ) -> Fresh:
        """Read a block, from its head on if it goes on with that."""
        fresh, builder, start = self._begin(tokens, block, unfinished, goes_on, lines)
        builder.walk(tokens, start, block[1])
        fresh.leaves += builder.leaves
        fresh.restyled = self.reading.styles.has_turned()
        return fresh

    def settle(
        self,
        tokens: Sequence[Token],
        block: tuple[int, int],
        cut: Cut,
        *,
        goes_on: bool,
    ) -> Fresh:
        """Read what a cut settles, leave it out, and remember how to go on."""
        fresh, builder, start = self._begin(tokens, block, None, goes_on, None)
        builder.walk(tokens, start, cut.token)
        levels = builder.levels_for_good()
        taken = self.reading.styles.taken
        text = None
        if cut.text is not None:
            text = builder.settle(cut.text)
            levels = builder.levels_for_good()
        elif cut.settled:
            builder.walk(tokens, cut.token, block[1])
        fresh.leaves += builder.leaves
        fresh.restyled = self.reading.styles.has_turned()
        fresh.is_open, fresh.partial = True, bool(cut.settled)
        self.reading.styles.forget(taken)
        self.head = self._head(cut, fresh, levels, text)
        self._leave_out(cut)
        return fresh

    def _head(
        self, cut: Cut, fresh: Fresh, levels: Sequence[Level], text: RunningText | None
    ) -> Head:
        keep = fresh.keep + len(fresh.leaves)
        grown = None
        if cut.settled:
            keep -= 1
            before = fresh.grown if len(fresh.leaves) == 1 else None
            grown = (before or 0) + cut.settled
        return Head(
            fresh.start, self._settled_end(cut), keep, cut.skip, levels, grown, text, len(cut.stubs)
        )

    def _settled_end(self, cut: Cut) -> int:
        """Return where the last line ends that is left out and not blank."""
        for line in range(cut.rest - 1, -1, -1):
            if self._offsets[line] != STUB and not is_blank(self.lines[line]):
                return self._offsets[line] + len(self.lines[line])
        return self.head.end if self.head else 0

    def _leave_out(self, cut: Cut) -> None:
        offsets, lines = self._offsets, self.lines
        self._offsets = [STUB] * len(cut.stubs) + [offsets[line] for line in cut.kept]
        self._offsets += offsets[cut.rest :]
        self.lines = [*cut.stubs, *[lines[line] for line in cut.kept], *lines[cut.rest :]]

    def _begin(
        self,
        tokens: Sequence[Token],
        block: tuple[int, int],
        unfinished: int | None,
        goes_on: bool,  # noqa: FBT001
        lines: Sequence[str] | None,
    ) -> tuple[Fresh, LeafBuilder, int]:
        """Return an empty block, its builder, and the first token to read."""
        lines = self.lines if lines is None else lines
        first, last = extent(tokens[block[0]], lines)
        head = self.head if goes_on else None
        if head is None:
            fresh = Fresh(self._offset(first), self._end(lines, last))
            return fresh, LeafBuilder(self.reading, unfinished=unfinished), block[0]
        fresh = Fresh(head.start, max(head.end, self._end(lines, last)), head.keep, head.grown)
        builder = LeafBuilder(self.reading, head.levels, head.text, unfinished)
        builder.go_on(tokens, head.skip)
        return fresh, builder, head.skip

    def _offset(self, line: int) -> int:
        return self._offsets[line] if line < len(self._offsets) else self._next

    def _end(self, lines: Sequence[str], line: int) -> int:
        offset = self._offset(line)
        return offset + len(lines[line]) if offset != STUB else 0
