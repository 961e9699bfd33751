"""A column of boxes from blocks: built, grown at its end, laid out and painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import (
    Code,
    Heading,
    Paragraph,
    QuoteFrame,
    Rule,
    Table,
)
from desktop_chat.transcript.blocks import frames
from desktop_chat.transcript.blocks.box import Box, Canvas, Range
from desktop_chat.transcript.blocks.box_stack import BoxStack, Spot
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.code_state import CodeStates
from desktop_chat.transcript.blocks.formula import FormulaBox
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.blocks.rule import RuleBox
from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.text.heights import Heights
from desktop_chat.transcript.text.languages import is_formula
from desktop_chat.transcript.text.linked import has_other_pictures, pictures_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_chat.markdown.blocks import Block, Change, Leaf
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.text.typography import Face, Typography


def make_box(leaf: Leaf, type_: Typography, face: Face) -> Box:
    """Return the box that shows a leaf, its images as their words alone."""
    match leaf:
        case Heading(level=level, inline=inline):
            return ProseBox(inline, type_.heading(level), type_)
        case Paragraph(inline=inline):
            return ProseBox(inline, face, type_)
        case Code() if is_formula(leaf):
            return FormulaBox(leaf, type_)
        case Code():
            return CodeBox(leaf, type_)
        case Table():
            return TableBox(leaf, type_)
        case Rule():
            return RuleBox()


class Column(BoxStack):
    """The boxes of blocks, which follow the changes of the blocks."""

    def __init__(self, type_: Typography, face: Face, width: int, *, gaps: bool = True) -> None:
        super().__init__()
        self._type = type_
        self._face = face
        self._gaps = gaps
        self._width = width
        self._wide = width
        self.states = CodeStates()
        self.find_picture: Callable[[str], Picture | None] | None = None
        """Gives the image at an address; without it, images are their words alone."""

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
        if not change.also:
            return first_new
        earliest = min(change.also)
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

    def resized(self, at: int) -> None:
        """Take another size of a box."""
        box = self.boxes[at]
        self._place(box, self._leaves[at])
        self._heights.set(at, box.gap + box.height)
        self._exact[at] = False

    def reach(self, block: int, offset: int) -> None:
        """Unfold what a place is folded away in."""
        if not 0 <= block < self.block_count:
            return
        at = self.box_of(Spot(block, offset))
        box = self.boxes[at]
        if isinstance(box, CodeBox) and box.hides(offset - box.start):
            box.fold(on=False)
            self.resized(at)

    def set_wide(self, wide: int) -> None:
        """Take how wide code and tables may grow, before there are any."""
        self._wide = max(wide, self._width)

    def refit(self, address: str) -> None:
        """Take another height of the boxes that show an image."""
        for at, box in enumerate(self.boxes):
            if address in box.pictures:
                box.fit_pictures()
                self._heights.set(at, box.gap + box.height)

    def set_width(self, width: int, wide: int = 0) -> None:
        """Lay everything out to another width."""
        if (width, wide or width) != (self._width, self._wide):
            self._width, self._wide = width, wide or width
            for box, leaf in zip(self.boxes, self._leaves, strict=True):
                self._place(box, leaf)
            self._heights = Heights(box.gap + box.height for box in self.boxes)
            self._exact = [False] * len(self.boxes)

    def paint(self, canvas: Canvas, selected: Callable[[int], Range | None]) -> None:
        """Paint what is visible; `selected` tells the selected stretch of a block."""
        for at, y in self.visible(canvas.top, canvas.bottom):
            box, leaf = self.boxes[at], self._leaves[at]
            self._live.add(at)
            painter = canvas.painter
            painter.translate(0, y)
            if leaf.frames:
                above = self._leaves[at - 1] if box.number else None
                place = frames.Slot(self._width, frames.shared(above, leaf), self._face_of(leaf))
                frames.paint_frames(canvas, box, leaf, place)
            painter.translate(box.left, box.gap)
            here = canvas.moved(y + box.gap)
            if canvas.hits is not None:
                here.lit = canvas.hits.on(canvas.part, box.block, box.start)
            box.paint(here, _within(selected(box.block), box))
            painter.translate(-box.left, -y - box.gap)

    def _face_of(self, leaf: Leaf) -> Face:
        if isinstance(leaf, Paragraph) and any(isinstance(one, QuoteFrame) for one in leaf.frames):
            return self._type.quote
        return self._face

    def _make(self, leaf: Leaf) -> Box:
        images = pictures_in(leaf) if self.find_picture is not None else []
        if not images or self.find_picture is None:
            return make_box(leaf, self._type, self._face_of(leaf))
        from desktop_chat.transcript.blocks.illustrated import illustrated  # noqa: PLC0415 - few have any

        found = [(image, self.find_picture(image.address)) for image in images]
        pictures = [(image, one) for image, one in found if one is not None]
        face = self._type.heading(leaf.level) if isinstance(leaf, Heading) else self._face_of(leaf)
        return illustrated(leaf, face, self._type, pictures)

    def _append(self, blocks: Sequence[Block], block: int, leaf: int) -> None:
        for number in range(block, len(blocks)):
            if number >= len(self._firsts):
                self._firsts.append(len(self.boxes))
            leaves = blocks[number].leaves
            for at in range(leaf, len(leaves)):
                self._add(leaves[at], number, at)
            leaf = 0

    def _add(self, leaf: Leaf, block: int, number: int) -> None:
        box = self._make(leaf)
        box.block, box.number = block, number
        before = self.boxes[-1] if self.boxes else None
        if number and before is not None:
            box.start = before.start + before.length + 1
        if self._gaps:
            above = self._leaves[-1] if self._leaves else None
            box.gap = frames.gap(above, leaf, same_block=number > 0)
        if isinstance(box, CodeBox):
            box.take(self.states.of(block, number), arriving=self.states.arriving)
        self._place(box, leaf)
        self.boxes.append(box)
        self._leaves.append(leaf)
        self._heights.append(box.gap + box.height)
        self._exact.append(False)

    def _place(self, box: Box, leaf: Leaf) -> None:
        """Let a box stand in the column, or, if it is wide and there is room, beyond it."""
        box.inset = frames.indent(leaf.frames, self._type)
        # Its containers stand where its text begins.
        box.left = 0 if box.inset and frames.is_mirrored(leaf) else box.inset
        box.place(max(self._width - box.inset, 60))
        self._widen(box, leaf)

    def _widen(self, box: Box, leaf: Leaf) -> None:
        wished = min(box.natural_width, self._wide)
        if wished > self._width and not leaf.frames and wished != box.width:
            box.left = -(wished - self._width) // 2
            box.place(wished)

    def _grow(self, blocks: Sequence[Block], change: Change, at: int) -> bool:
        """Let a growing table or code block take up its new lines, where it is the same one."""
        leaf = blocks[change.block].leaves[change.leaf]
        box = self.boxes[at]
        if self._leaves[at] is not leaf or not isinstance(box, CodeBox | TableBox):
            return False
        if isinstance(leaf, Code) and is_formula(leaf):
            return False
        new = leaf.rows[max(change.line - 1, 0) :] if isinstance(leaf, Table) else []
        if self.find_picture is not None and has_other_pictures(new, box.pictures):
            return False
        box.grow(change.line)
        self._widen(box, leaf)
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
            box = self._make(leaf)
            box.block, box.number, box.gap = number, at - first, old.gap
            box.start = start
            if isinstance(box, CodeBox):
                box.take(self.states.of(number, box.number), arriving=self.states.arriving)
            self._place(box, leaf)
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
