"""Blocks as plain values, to compare them: the real ones are told apart by identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import (
    Block,
    Code,
    Frame,
    Heading,
    ItemFrame,
    Leaf,
    Paragraph,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def signature(blocks: Sequence[Block]) -> list[tuple[int, int, list[object]]]:
    """Return the place of each block and what its leaves say."""
    return [(block.start, block.end, [_leaf(leaf) for leaf in block.leaves]) for block in blocks]


def _leaf(leaf: Leaf) -> object:
    frames = tuple(_frame(frame) for frame in leaf.frames)
    match leaf:
        case Paragraph():
            return ("paragraph", leaf.inline, leaf.continues, frames)
        case Heading():
            return ("heading", leaf.level, leaf.inline, frames)
        case Code():
            return ("code", leaf.language, tuple(leaf.lines), leaf.open, frames)
        case Table():
            return ("table", leaf.aligns, leaf.header, tuple(leaf.rows), frames)
        case _:
            return ("rule", frames)


def _frame(frame: Frame) -> object:
    if isinstance(frame, ItemFrame):
        return (frame.list.ordered, frame.list.tight, frame.marker, frame.task)
    return "quote"
