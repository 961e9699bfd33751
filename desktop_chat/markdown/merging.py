"""Puts what was read anew into the blocks that are shown, and finds where they first differ.

Whatever is equal stays the very same object, so that a layout made for it stays good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.markdown.blocks import Block, Change, Code, Leaf, Table

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Fresh:
    """A block as it was read now, from some leaf on."""

    start: int
    end: int = 0
    keep: int = 0
    """Leaves before the ones that were read."""
    grown: int | None = None
    """If the first leaf goes on with one that is there: its lines or rows that stay."""
    leaves: list[Leaf] = field(default_factory=list)
    restyled: bool = False
    """A list in it became loose, so that every leaf may stand elsewhere."""
    is_open: bool = False
    """Only its settled leaves are here."""
    partial: bool = False
    """The last of them goes on."""

    def take(self, rest: Fresh) -> None:
        """Append the rest of an open block, as it was read for show."""
        leaves = rest.leaves
        if self.partial and self.leaves and leaves and _extend(self.leaves[-1], leaves[0]):
            leaves = leaves[1:]
        self.leaves += leaves
        self.end = max(self.end, rest.end)
        self.restyled = self.restyled or rest.restyled
        self.is_open = False


def _extend(leaf: Leaf, rest: Leaf) -> bool:
    """Append the lines or rows of a leaf that goes on."""
    if isinstance(leaf, Code) and isinstance(rest, Code):
        leaf.lines += rest.lines
        leaf.open = rest.open
        return True
    if isinstance(leaf, Table) and isinstance(rest, Table):
        leaf.rows += rest.rows
        return True
    return False


class _Difference(NamedTuple):
    leaf: int
    line: int = 0


def merge(blocks: list[Block], index: int, fresh: Sequence[Fresh]) -> Change | None:
    """Replace the blocks from an index on and say where they first differ."""
    change: Change | None = None
    for number, block in enumerate(fresh, index):
        if number < len(blocks):
            difference = merge_block(blocks[number], block)
        else:
            blocks.append(Block(block.leaves, block.start, block.end))
            difference = _Difference(0)
        if difference and change is None:
            change = Change(number, *difference)
    after = index + len(fresh)
    if after < len(blocks):
        del blocks[after:]
        change = change or Change(after)
    return change


def merge_block(block: Block, fresh: Fresh) -> _Difference | None:
    """Replace the leaves that were read anew and say where they first differ."""
    block.start, block.end = fresh.start, fresh.end
    difference: _Difference | None = None
    for offset, leaf in enumerate(fresh.leaves):
        place = fresh.keep + offset
        if place >= len(block.leaves):
            block.leaves.append(leaf)
            same: int | None = 0
        else:
            kept = fresh.grown or 0 if offset == 0 else 0
            same = _merge_leaf(block.leaves, place, leaf, kept)
        if same is not None and difference is None:
            difference = _Difference(place, same)
    after = fresh.keep + len(fresh.leaves)
    if after < len(block.leaves):
        del block.leaves[after:]
        difference = difference or _Difference(after)
    return _Difference(0) if fresh.restyled else difference


def _merge_leaf(leaves: list[Leaf], place: int, new: Leaf, kept: int) -> int | None:
    """Put a leaf in its place; return how many of its lines stay, or None if all is the same."""
    old = leaves[place]
    if isinstance(old, Code) and isinstance(new, Code):
        if (old.language, old.frames) == (new.language, new.frames):
            same = _merge_rows(old.lines, new.lines, kept)
            if same is None and old.open != new.open:
                same = len(old.lines)
            old.open = new.open
            return same
    elif isinstance(old, Table) and isinstance(new, Table):
        head = (old.aligns, old.header, old.frames)
        if head == (new.aligns, new.header, new.frames):
            return _merge_rows(old.rows, new.rows, kept)
    elif old == new:
        return None
    leaves[place] = new
    return 0


def _merge_rows(old: list, new: list, kept: int) -> int | None:  # type: ignore[type-arg]
    """Replace the rows from `kept` on; return the first one that differs, if any."""
    at = 0
    while at < len(new) and kept + at < len(old) and old[kept + at] == new[at]:
        at += 1
    if at == len(new) and kept + at == len(old):
        return None
    old[kept + at :] = new[at:]
    return kept + at
