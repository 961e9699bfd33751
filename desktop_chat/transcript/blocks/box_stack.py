"""Boxes one under the other: exact heights where one looks, else estimates; what stands where."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPoint

from desktop_chat.transcript.text.heights import Heights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.markdown.blocks import Leaf
    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.text.flow import Caret

NEAR: Final = 40
"""Boxes among which a known one is looked for."""


class Spot(NamedTuple):
    """A place in a column's text."""

    block: int
    offset: int


class BoxStack:
    """Holds boxes and their leaves. Their text is addressed by (block, offset in visible text)."""

    def __init__(self) -> None:
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

    def renew(self) -> bool:
        """Forget layouts that wait for formulas; whether there were any."""
        # Not those in view alone: whoever asked where a place stands had its box laid out, too.
        renewed = [box.renew() for box in self.boxes]
        return any(renewed)

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
        if 0 <= block < len(self._firsts) and self._firsts[block] + leaf < len(self._leaves):
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

    def _cut(self, boxes: int, blocks: int) -> None:
        del self.boxes[boxes:]
        del self._leaves[boxes:]
        del self._firsts[blocks:]
        self._heights.truncate(boxes)
        del self._exact[boxes:]

    def _known_at(self, at: int) -> int:
        for near in range(at, min(at + NEAR, len(self.boxes))):
            if self._exact[near]:
                return near
        return at
