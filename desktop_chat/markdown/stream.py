"""Reads a markdown text that is still arriving."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

from desktop_chat.markdown.blocks import Block, Change
from desktop_chat.markdown.cutting import find_cut, keeps_blanks
from desktop_chat.markdown.grammar import BlockReading, prepare, read_blocks
from desktop_chat.markdown.intake import LineIntake
from desktop_chat.markdown.late import WORK_AT_ONCE, LateLinks
from desktop_chat.markdown.limits import MOST_BLANKS
from desktop_chat.markdown.live import Live
from desktop_chat.markdown.merging import Fresh, merge
from desktop_chat.markdown.parse import extent, top_level
from desktop_chat.markdown.spacing import is_blank
from desktop_chat.markdown.tail import Tail
from desktop_chat.markdown.undecided import decided

if TYPE_CHECKING:
    from markdown_it.token import Token

REST = 8
"""After a reading that took long, so many times as long passes before the next one."""
LONG = 0.01
USUAL = 10e-6
"""Seconds of work: a reading is long that took this, and so much more for each character."""

BLANKS_AT_ONCE = 1000
"""Lines with nothing in them that are taken in before they are looked at."""

References = ChainMap[str, Any]
Definitions = MutableMapping[str, Any]


class MarkdownStream:
    """Blocks of a text that grows.

    Lines that have ended are *settled* once: what they make final is never read again. The rest,
    with the line that has not ended, is read for show at each feeding, and is kept short.
    """

    def __init__(self, *, dollar_maths: bool = False) -> None:
        self.blocks: list[Block] = []
        """All blocks; changed in place. Those before the open one are final."""
        self._intake = LineIntake()
        self._live = Live(dollar_maths=dollar_maths)
        self._open = 0
        self._decided = 0
        self._references: Definitions = {}
        self._late = LateLinks(self._make_reader)
        self._tail = Tail()
        self._blanks = 0
        """Lines that hold nothing, since something was read."""
        self._unread = False
        self._arrived = 0
        self._rest_until = 0.0
        self._ended = False

    @property
    def late(self) -> bool:
        """Whether links in final blocks wait to be read again, which feeding nothing does."""
        return self._late.waits(self._open)

    @property
    def source(self) -> str:
        """The text so far, with normal line ends."""
        return self._intake.source

    def feed(self, text: str) -> Change | None:
        """Take in the next piece and say from where on the blocks changed."""
        if self._ended and not text:
            # What a costly reading had put off was read at the end; it would stand twice.
            return self._with_late(None) if self.late else None
        self._late.allow(len(text))
        lines = self._intake.feed(text)
        if not lines and not self._unread:
            change = self._tail.append(self.blocks, text)
            if change:
                return change
        self._live.append(lines)
        self._unread |= not all(map(is_blank, (self._intake.part, *lines)))
        self._blanks += len(lines)
        self._unread |= self._blanks > BLANKS_AT_ONCE
        self._arrived += len(text)
        if not self._unread or self.rests():
            return None
        prepare()
        began = thread_time()
        change = self._read_on()
        took = thread_time() - began
        if took > LONG + self._arrived * USUAL:
            self._rest_until = perf_counter() + took * REST
        self._arrived = 0
        return change

    def rests(self) -> bool:
        """Whether what is fed now is only put off, since a reading took long."""
        return perf_counter() < self._rest_until

    def _read_on(self) -> Change | None:
        """Read what arrived since the last time."""
        first = self._open
        fresh = self._settle()
        self._show(fresh)
        change = merge(self.blocks, first, fresh)
        ends_there = bool(self.blocks) and self.blocks[-1].end == self._intake.length
        self._tail.settle(self.blocks if ends_there else [], self._intake.part)
        self._unread = False
        self._blanks = 0
        return self._with_late(change)

    def finish(self) -> Change | None:
        """Say that no more text comes; then every block is final."""
        self._live.append(self._intake.flush())
        first = self._open
        fresh: list[Fresh] = []
        self._show(fresh, last=True)
        change = merge(self.blocks, first, fresh)
        self._open = len(self.blocks)
        self._ended = True
        return self._with_late(change)

    def _settle(self) -> list[Fresh]:
        """Make final what the complete lines decide; return the blocks that were read."""
        live = self._live
        count = decided(live.lines)
        if count <= self._decided:
            return []
        waiting = len(live.lines) - count
        found: References = ChainMap({}, self._references)
        source = "\n".join(live.lines[:count]) + "\n"
        reading = read_blocks(source, found, live.rows_before)
        if not self._fits(reading):
            return self._settle()
        self._use(found)
        ranges = list(top_level(reading.tokens))
        ended = not ranges or _ends_in_definition(reading, ranges[-1], live.lines)
        live.reading.styles.rewind()
        fresh = [
            self._read(reading.tokens, block, number, count)
            for number, block in enumerate(ranges if ended else ranges[:-1])
        ]
        live.reading.styles.forget(live.reading.styles.taken)
        self._open += len(fresh)
        if ended:
            self._define(found, count)
            live.drop(count)
        else:
            fresh += self._cut(reading.tokens, ranges, found, count)
        if not (ended or waiting or keeps_blanks(reading.tokens, ranges[-1])):
            live.trim_blanks(MOST_BLANKS)
        self._decided = len(live.lines) - waiting
        return fresh

    def _cut(
        self,
        tokens: Sequence[Token],
        ranges: Sequence[tuple[int, int]],
        found: References,
        count: int,
    ) -> list[Fresh]:
        """Leave out what the last block does not need any more; return what that settles."""
        live = self._live
        block = ranges[-1]
        cut = None if live.whole else find_cut(tokens, block, live.lines[:count])
        goes_on = len(ranges) == 1
        skip = live.head.skip if goes_on and live.head else block[0]
        if cut is None or cut.token < skip:
            line, _ = extent(tokens[block[0]], live.lines)
            if not (goes_on and live.head):
                self._define(found, line)
                live.drop(line)
            return []
        self._define(found, cut.line)
        self._note_for(self._open)
        return [live.settle(tokens, block, cut, goes_on=goes_on)]

    def _show(self, fresh: list[Fresh], *, last: bool = False) -> None:
        """Read what is open, with the line that has not ended, and append it for show."""
        live, part = self._live, self._intake.part
        lines = [*live.lines, part] if last or not is_blank(part) else live.lines
        found: References = ChainMap({}, self._references)
        source = "\n".join(lines) + ("" if lines is not live.lines else "\n")
        unfinished = None if last else len(lines)
        reading = read_blocks(source, found, live.rows_before, unfinished)
        if not self._fits(reading):
            if fresh and fresh[-1].is_open:
                fresh.pop()
            self._show(fresh, last=last)
            return
        if last:
            self._define(found, len(lines))
        self._use(found)
        live.reading.styles.rewind()
        for number, block in enumerate(top_level(reading.tokens)):
            shown = self._read(reading.tokens, block, number, unfinished, lines=lines)
            if number == 0 and live.head and fresh and fresh[-1].is_open:
                fresh[-1].take(shown)
            else:
                fresh.append(shown)

    def _fits(self, reading: BlockReading) -> bool:
        """Return whether the open block is read as before; if not, it is all there again."""
        live = self._live
        if live.head is None or live.head.fits(reading.tokens):
            return True
        live.reopen(live.head, self.source)
        self._decided = 0
        return False

    def _read(
        self,
        tokens: Sequence[Token],
        block: tuple[int, int],
        number: int,
        unfinished: int | None,
        *,
        lines: Sequence[str] | None = None,
    ) -> Fresh:
        """Read one block; the first one goes on from its head. Without `lines`, for good."""
        self._note_for(self._open + number if lines is None else None)
        return self._live.read(tokens, block, unfinished, goes_on=number == 0, lines=lines)

    def _note_for(self, index: int | None) -> None:
        """Note the labels that the block mentions, if it is read for good."""
        note = None if index is None else partial(self._late.mentions.note, index)
        self._live.reading.note = note

    def _use(self, found: References) -> None:
        """Read links with these definitions from now on."""
        reading = self._live.reading
        if reading.memo.define(found, frozenset(found.maps[0])):
            reading.texts.forget()

    def _define(self, found: References, line: int) -> None:
        """Keep the definitions that stand before a line; note who mentioned them before."""
        new = [
            label
            for label, definition in found.maps[0].items()
            if definition["map"][0] < line and label not in self._references
        ]
        for label in new:
            self._references[label] = found.maps[0][label]
        if new:
            self._late.define(new)
            self._live.reading.memo.forget()
            self._live.reading.texts.forget()

    def _with_late(self, change: Change | None) -> Change | None:
        """Read on in final blocks whose links were defined late."""
        if not self.late:
            return change
        if self._ended:
            self._late.allow(WORK_AT_ONCE)
        again = self._late.read(self.blocks, self.source, self._open)
        if not again:
            return change
        change = change or Change(len(self.blocks))
        if change.block in again:
            change = Change(change.block)
        return replace(change, also=tuple(index for index in again if index < change.block))

    def _make_reader(self) -> MarkdownStream:
        """Return what reads a part of the text as if all that is defined now had been before."""
        reader = MarkdownStream(dollar_maths=self._live.reading.memo.dollar_maths)
        reader._references = ChainMap({}, self._references)
        return reader


def _ends_in_definition(
    reading: BlockReading, block: tuple[int, int], lines: Sequence[str]
) -> bool:
    """Return whether a link definition follows the last block."""
    _, last = extent(reading.tokens[block[0]], lines)
    return any(start > last for start, _ in reading.definitions)
