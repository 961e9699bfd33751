"""A column of boxes from blocks: grown at its end, exact where it is looked at, else estimated."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPoint

from desktop_chat.markdown.blocks import (
    Code,
    Heading,
    Paragraph,
    QuoteFrame,
    Rule,
    Table,
)
from desktop_chat.transcript import frames
from desktop_chat.transcript.box import Box, Canvas, Range
from desktop_chat.transcript.code import CodeBox
from desktop_chat.transcript.heights import Heights
from desktop_chat.transcript.languages import label
from desktop_chat.transcript.prose import ProseBox
from desktop_chat.transcript.rule import RuleBox
from desktop_chat.transcript.table import TableBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from desktop_chat.markdown.blocks import Block, Change, Leaf
    from desktop_chat.transcript.flow import Caret
    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.typography import Face, Typography


NEAR: Final = 40
"""Boxes among which a known one is looked for."""


class Spot(NamedTuple):
    """A place in a column's text."""

    block: int
    offset: int


def make_box(leaf: Leaf, type_: Typography, face: Face) -> Box:
    """Return the box that shows a leaf."""
    match leaf:
        case Heading(level=level, inline=inline):
            return ProseBox(inline, type_.heading(level), type_)
        case Paragraph(inline=inline):
            return ProseBox(inline, face, type_)
        case Code():
            return CodeBox(leaf, type_, label(leaf.language))
        case Table():
            return TableBox(leaf, type_)
        case Rule():
            return RuleBox()


class Column:
    """Boxes one under the other. Its text is addressed by (block, offset in visible text)."""

    def __init__(self, type_: Typography, face: Face, width: int, *, gaps: bool = True) -> None:
        self._type = type_
        self._face = face
        self._gaps = gaps
        self._width = width
        self._leaves: list[Leaf] = []
        self._firsts: list[int] = []
        """Which box each block begins with."""
        self._heights = Heights()
        self._exact: list[bool] = []
        """Whether the height of each box is known."""
        self._live: set[int] = set()
        """Boxes that hold layouts."""
        self.boxes: list[Box] = []

    @property
    def height(self) -> int:
        """The height of everything, as far as known."""
        return self._heights.total

    @property
    def block_count(self) -> int:
        """How many blocks there are."""
        return len(self._firsts)

    def build(self, blocks: Sequence[Block]) -> None:
        """Show other blocks."""
        self._cut(0, 0)
        self._append(blocks, 0, 0)

    def apply(self, blocks: Sequence[Block], change: Change) -> int:
        """Follow a change of the blocks; return the number of the first box that is new."""
        for number in change.also:
            if not self._replace(blocks, number):
                self.build(blocks)
                return 0
        first_new = self._follow(blocks, change)
        earliest = min(change.also, default=change.block)
        return min(first_new, self._firsts[earliest]) if earliest < len(self._firsts) else 0

    def _follow(self, blocks: Sequence[Block], change: Change) -> int:
        first = self._firsts[change.block] if change.block < len(self._firsts) else len(self.boxes)
        at = min(first + change.leaf, len(self.boxes))
        leaf = change.leaf
        if change.line and at < len(self.boxes) and self._grow(blocks, change, at):
            self._cut(at + 1, change.block + 1)
            leaf += 1
        else:
            self._cut(at, change.block + (1 if leaf else 0))
        self._append(blocks, change.block, leaf)
        return at

    def set_width(self, width: int) -> None:
        """Lay everything out to another width."""
        if width != self._width:
            self._width = width
            for box in self.boxes:
                box.place(max(width - box.left, 60))
            self._heights = Heights(box.gap + box.height for box in self.boxes)
            self._exact = [False] * len(self.boxes)

    def settle(self, top: int, bottom: int) -> bool:
        """Make what stands between two heights exact; whether any height changed."""
        changed = False
        if not self.boxes:
            return False
        at = self._heights.find(max(top, 0))
        y = self._heights.before(at)
        while at < len(self.boxes) and y < bottom:
            box = self.boxes[at]
            if not self._exact[at] or box.partial:
                before = box.height
                box.settle(top - y - box.gap, bottom - y - box.gap)
                self._exact[at] = True
                self._live.add(at)
                if box.height != before:
                    self._heights.set(at, box.gap + box.height)
                    changed = True
            y += box.gap + box.height
            at += 1
        return changed

    def keep(self, top: int, bottom: int) -> None:
        """Forget the layouts of what stands outside of two heights."""
        if not self._live:
            return
        first, last = self._heights.find(top), self._heights.find(bottom)
        for at in [at for at in self._live if not first <= at <= last]:
            self._live.discard(at)
            if at < len(self.boxes):
                self.boxes[at].drop()

    def paint(self, canvas: Canvas, selected: Callable[[int], Range | None]) -> None:
        """Paint what is visible; `selected` tells the selected stretch of a block."""
        for at, y in self.visible(canvas.top, canvas.bottom):
            box, leaf = self.boxes[at], self._leaves[at]
            self._live.add(at)
            painter = canvas.painter
            painter.translate(0, y)
            if leaf.frames:
                above = self._leaves[at - 1] if box.number else None
                frames.paint_frames(
                    canvas, box, leaf, frames.shared(above, leaf), self._face_of(leaf)
                )
            painter.translate(box.left, box.gap)
            box.paint(canvas.moved(y + box.gap), _within(selected(box.block), box))
            painter.translate(-box.left, -y - box.gap)

    def visible(self, top: int, bottom: int) -> Iterator[tuple[int, int]]:
        """Yield the number and the top of each box between two heights."""
        if not self.boxes:
            return
        at = self._heights.find(max(top, 0))
        y = self._heights.before(at)
        while at < len(self.boxes) and y < bottom:
            yield at, y
            y += self._heights[at]
            at += 1

    def slot_top(self, at: int) -> int:
        """Return where the space for a box begins, its gap included."""
        return self._heights.before(at)

    def top_of(self, at: int) -> int:
        """Return where a box itself begins, below its gap."""
        return self._heights.before(at) + self.boxes[at].gap

    def box_at(self, y: float) -> int:
        """Return the number of the box at a height."""
        return self._heights.find(int(max(y, 0)))

    def spot_at(self, x: float, y: float) -> Spot:
        """Return the place in the text that is nearest to a point."""
        at = self.box_at(y)
        box = self.boxes[at]
        top = self.top_of(at)
        if y < top:
            return Spot(box.block, box.start)
        return Spot(box.block, box.start + box.offset_at(x - box.left, y - top))

    def line_spot(self, y: float) -> tuple[Spot, int]:
        """Return the place at which the line at a height begins, and that line's top.

        Where the height of what stands there is not known, the next line of a known one is meant.
        """
        at = self._known_at(self.box_at(y))
        box, top = self.boxes[at], self.top_of(at)
        offset = box.line_start(0, max(y - top, 0))
        return Spot(box.block, box.start + offset), top + box.caret(offset).top

    def _known_at(self, at: int) -> int:
        for near in range(at, min(at + NEAR, len(self.boxes))):
            if self._exact[near]:
                return near
        return at

    def caret(self, spot: Spot) -> tuple[Caret, int, int]:
        """Return where a place stands: in its box, and that box's left and top."""
        at = self.box_of(spot)
        box = self.boxes[at]
        offset = max(0, min(spot.offset - box.start, box.length))
        return box.caret(offset), box.left, self.top_of(at)

    def box_of(self, spot: Spot) -> int:
        """Return the number of the box that holds a place."""
        block = max(0, min(spot.block, len(self._firsts) - 1))
        first = self._firsts[block]
        end = self._firsts[block + 1] if block + 1 < len(self._firsts) else len(self.boxes)
        found = bisect_right(self.boxes, spot.offset, first, end, key=lambda box: box.start) - 1
        return max(first, found)

    def leaf(self, at: int) -> Leaf:
        """Return the leaf that a box shows."""
        return self._leaves[at]

    def number_of(self, block: int, leaf: int) -> int | None:
        """Return the number of the box for a leaf of a block, where there is one."""
        if block < len(self._firsts) and self._firsts[block] + leaf < len(self._leaves):
            return self._firsts[block] + leaf
        return None

    def end(self) -> Spot:
        """Return the place after the last character."""
        if not self.boxes:
            return Spot(0, 0)
        last = self.boxes[-1]
        return Spot(last.block, last.start + last.length)

    def buttons(self, item_id: str, origin: QPoint, top: int, bottom: int) -> list[Button]:
        """Return what can be pressed between two heights."""
        found: list[Button] = []
        for at, y in self.visible(top, bottom):
            box = self.boxes[at]
            found += box.buttons(item_id, origin + QPoint(box.left, y + box.gap))
        return found

    def _face_of(self, leaf: Leaf) -> Face:
        if isinstance(leaf, Paragraph) and any(isinstance(one, QuoteFrame) for one in leaf.frames):
            return self._type.quote
        return self._face

    def _cut(self, boxes: int, blocks: int) -> None:
        del self.boxes[boxes:]
        del self._leaves[boxes:]
        del self._firsts[blocks:]
        self._heights.truncate(boxes)
        del self._exact[boxes:]

    def _append(self, blocks: Sequence[Block], block: int, leaf: int) -> None:
        for number in range(block, len(blocks)):
            if number >= len(self._firsts):
                self._firsts.append(len(self.boxes))
            leaves = blocks[number].leaves
            for at in range(leaf, len(leaves)):
                self._add(leaves[at], number, at)
            leaf = 0

    def _add(self, leaf: Leaf, block: int, number: int) -> None:
        box = make_box(leaf, self._type, self._face_of(leaf))
        box.block, box.number = block, number
        before = self.boxes[-1] if self.boxes else None
        if number and before is not None:
            box.start = before.start + before.length + 1
        if self._gaps:
            above = self._leaves[-1] if self._leaves else None
            box.gap = frames.gap(above, leaf, same_block=number > 0)
        box.left = frames.indent(leaf.frames, self._type)
        box.place(max(self._width - box.left, 60))
        self.boxes.append(box)
        self._leaves.append(leaf)
        self._heights.append(box.gap + box.height)
        self._exact.append(False)

    def _grow(self, blocks: Sequence[Block], change: Change, at: int) -> bool:
        """Let a growing table or code block take up its new lines, where it is the same one."""
        leaf = blocks[change.block].leaves[change.leaf]
        box = self.boxes[at]
        if self._leaves[at] is not leaf or not isinstance(box, CodeBox | TableBox):
            return False
        box.grow(change.line)
        self._heights.set(at, box.gap + box.height)
        self._exact[at] = False
        return True

    def _replace(self, blocks: Sequence[Block], number: int) -> bool:
        """Show one block anew in its place; not possible where its leaves are more or fewer."""
        first = self._firsts[number]
        end = self._firsts[number + 1] if number + 1 < len(self._firsts) else len(self.boxes)
        leaves = blocks[number].leaves
        if len(leaves) != end - first:
            return False
        start = 0
        for at, leaf in enumerate(leaves, first):
            old = self.boxes[at]
            box = make_box(leaf, self._type, self._face_of(leaf))
            box.block, box.number, box.left, box.gap = number, at - first, old.left, old.gap
            box.start = start
            box.place(old.width)
            start += box.length + 1
            self.boxes[at], self._leaves[at], self._exact[at] = box, leaf, False
            self._heights.set(at, box.gap + box.height)
        return True


def _within(selected: Range | None, box: Box) -> Range | None:
    """Return a block's selected stretch as the box counts."""
    if selected is None:
        return None
    start = max(selected.start - box.start, 0)
    end = min(selected.end - box.start, box.length)
    if start > box.length or end < 0 or (start >= end and box.length != 0):
        return None
    return Range(start, max(start, end))
