"""Leaves as clean text: no markup, lists with their markers, tables with tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import (
    Code,
    Heading,
    Inline,
    ItemFrame,
    Leaf,
    Paragraph,
    Rule,
    Table,
)
from desktop_chat.markdown.leaves import BULLET

if TYPE_CHECKING:
    from collections.abc import Sequence


def plain_text(blocks: Sequence[Sequence[Leaf]]) -> str:
    """Return blocks as text."""
    return "\n\n".join(filter(None, map(_plain_block, blocks)))


def table_cells(table: Table) -> str:
    """Return a table as rows of cells with tabs between them."""
    header = [table.header] if any(cell.text for cell in table.header) else []
    return "\n".join("\t".join(map(_cell, row)) for row in (*header, *table.rows))


def item_marker(frame: ItemFrame) -> str:
    """Return the marker as it is typed."""
    marker = "-" if frame.marker == BULLET else frame.marker
    task = "" if frame.task is None else " [x]" if frame.task else " [ ]"
    return marker + task


def item_width(frame: ItemFrame) -> int:
    """Return how far the content of an item is indented."""
    if frame.marker:
        return len(frame.marker) + 1
    return 3 if frame.list.ordered else 2


def stands_close(before: Leaf, leaf: Leaf) -> bool:
    """Return whether no blank line stands between two leaves of one block."""
    shared = [
        ours.list
        for ours, theirs in zip(leaf.frames, before.frames, strict=False)
        if isinstance(ours, ItemFrame)
        and isinstance(theirs, ItemFrame)
        and ours.list is theirs.list
    ]
    if not shared or not shared[-1].tight:
        return False
    if len(leaf.frames) > len(before.frames):
        return True
    new_item = any(isinstance(frame, ItemFrame) and frame.marker for frame in leaf.frames)
    return new_item or not (isinstance(before, Paragraph) and isinstance(leaf, Paragraph))


def _plain_block(leaves: Sequence[Leaf]) -> str:
    pieces: list[str] = []
    before: Leaf | None = None
    for leaf in leaves:
        if isinstance(leaf, Rule):
            continue
        if before is not None:
            pieces.append("\n" if stands_close(before, leaf) else "\n\n")
        pieces.append(_plain_leaf(leaf))
        before = leaf
    return "".join(pieces)


def _plain_leaf(leaf: Paragraph | Heading | Code | Table) -> str:
    first = rest = ""
    for frame in leaf.frames:
        if isinstance(frame, ItemFrame):
            blank = " " * item_width(frame)
            first += f"{item_marker(frame)} " if frame.marker else blank
            rest += blank
    match leaf:
        case Code():
            return _under(first, "\n".join(leaf.lines))
        case Table():
            return _under(first, table_cells(leaf))
        case _:
            return first + leaf.inline.text.replace("\n", "\n" + rest)


def _under(marker: str, text: str) -> str:
    """Return code or cells, which are not indented, under the marker of their item."""
    return f"{marker.rstrip()}\n{text}" if marker.strip() else text


def _cell(cell: Inline) -> str:
    return cell.text.replace("\t", " ").replace("\n", " ")
