"""A part of some blocks, from one place in their visible text to another, as leaves again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.markdown.blocks import (
    Block,
    Code,
    Frame,
    Heading,
    Inline,
    ItemFrame,
    Leaf,
    ListStyle,
    Paragraph,
    Rule,
    Table,
    leaf_text,
    visible_text,
)
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.running_text import clip_inline, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Place(NamedTuple):
    """An end of a selection: a block, and an offset in its visible text."""

    block: int
    offset: int


class SelectedBlock(NamedTuple):
    """What of a block is selected."""

    leaves: list[Leaf]
    source: str = ""
    """The block's own markdown, if all of it is selected and it means the same by itself."""


def select(blocks: Sequence[Block], source: str, start: Place, end: Place) -> list[SelectedBlock]:
    """Return what stands between two places, block by block; blocks with nothing are left out."""
    selected: list[SelectedBlock] = []
    for index in range(start.block, min(end.block, len(blocks) - 1) + 1):
        first = start.offset if index == start.block else 0
        last = end.offset if index == end.block else None
        block = blocks[index]
        leaves = _select_leaves(block, first, last)
        whole = first == 0 and (last is None or last >= len(visible_text(block)))
        if leaves:
            selected.append(SelectedBlock(leaves, _own_source(block, source) if whole else ""))
    return selected


def whole_leaves(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Return leaves in which the segments of long paragraphs are one again."""
    joined: list[Leaf] = []
    for leaf in leaves:
        last = joined[-1] if joined else None
        if isinstance(leaf, Paragraph) and leaf.continues and isinstance(last, Paragraph):
            joined[-1] = replace(last, inline=join(last.inline, leaf.inline))
        else:
            joined.append(leaf)
    return joined


def _own_source(block: Block, source: str) -> str:
    """Return the markdown of a block, unless its links are defined elsewhere."""
    own = source[block.start : block.end]
    if "[" not in own:
        return own
    alone = parse(own)
    return own if len(alone) == 1 and visible_text(alone[0]) == visible_text(block) else ""


def _select_leaves(block: Block, first: int, last: int | None) -> list[Leaf]:
    selected: list[Leaf] = []
    markers: dict[ListStyle, str] = {}
    at = 0
    for leaf in block.leaves:
        size = len(leaf_text(leaf))
        begin, end = max(first - at, 0), size if last is None else min(last - at, size)
        frames = tuple(_marked(leaf.frames, markers))
        passed = not size and first <= at and (last is None or last > at)
        if begin < end or passed:
            selected.append(_clip(leaf, begin, end, leaf.frames if selected else frames))
        at += size + 1
    return selected


def _marked(frames: Iterable[Frame], markers: dict[ListStyle, str]) -> Iterator[Frame]:
    """Give the item in which a selection begins its marker, though that stands further up."""
    for frame in frames:
        if isinstance(frame, ItemFrame):
            markers[frame.list] = frame.marker or markers.get(frame.list, "")
            yield replace(frame, marker=markers[frame.list])
        else:
            yield frame


def _clip(leaf: Leaf, begin: int, end: int, frames: tuple[Frame, ...]) -> Leaf:
    match leaf:
        case Paragraph():
            return Paragraph(clip_inline(leaf.inline, begin, end), frames, leaf.continues)
        case Heading():
            return Heading(leaf.level, clip_inline(leaf.inline, begin, end), frames)
        case Code():
            lines = "\n".join(leaf.lines)[begin:end].split("\n")
            return Code(leaf.language, lines, frames=frames)
        case Table():
            return _clip_table(leaf, begin, end, frames)
        case Rule():
            return Rule(frames)


def _clip_table(table: Table, begin: int, end: int, frames: tuple[Frame, ...]) -> Leaf:
    """Return the rows that are touched; a part of one cell alone is running text."""
    rows: list[tuple[Inline, ...]] = []
    at = 0
    touched: list[Inline] = []
    for row in (table.header, *table.rows):
        cells = []
        for cell in row:
            size = len(cell.text)
            first, last = max(begin - at, 0), min(end - at, size)
            clipped = clip_inline(cell, first, last) if first < last else Inline()
            touched += [clipped] if clipped.text else []
            cells.append(clipped)
            at += size + 1
        rows.append(tuple(cells))
    if len(touched) == 1 and end - begin == len(touched[0].text):
        return Paragraph(touched[0], frames)
    header, *others = rows
    others = [row for row in others if any(cell.text for cell in row)]
    return Table(table.aligns, header, others, frames)
