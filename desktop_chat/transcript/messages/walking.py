"""Where a place in the conversation goes when it moves by a character, a word, a paragraph."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTextBoundaryFinder

from desktop_chat.markdown.blocks import leaf_text, visible_text
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import REASONING, TEXT, Place
from desktop_chat.transcript.messages.selection import Point
from desktop_chat.transcript.text.utf16 import Units

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.messages.document import Document

NEAR: Final = 500
"""Characters around a place among which its neighbours are looked for."""


class Unit(Enum):
    """How far a step goes."""

    CHARACTER = "character"
    WORD = "word"
    PARAGRAPH = "paragraph"
    EVERYTHING = "everything"


_Kind = QTextBoundaryFinder.BoundaryType
_Reason = QTextBoundaryFinder.BoundaryReason


def step(document: Document, point: Point, unit: Unit, way: int) -> Point:
    """Return the place one unit further (1) or back (-1), over the ends of blocks and messages."""
    blocks = texts(document, point)
    place = point.place
    text = visible_text(blocks[place.block]) if place.block < len(blocks) else ""
    offset = max(0, min(place.offset, len(text)))
    if unit is Unit.EVERYTHING:
        return _edge(document, point, way)
    if offset == (len(text) if way > 0 else 0):
        return _neighbour(document, point, unit, way)
    if unit is Unit.PARAGRAPH:
        return _at(point, place.block, _leaf_edge(blocks[place.block], offset, way))
    found = _at(point, place.block, _beside(text, offset, unit, way))
    drawn = drawn_around(document, found)
    if drawn is None or found.place.offset == drawn[0]:
        return found
    return _at(point, place.block, drawn[1] if way > 0 else drawn[0])


def drawn_around(document: Document, point: Point) -> tuple[int, int] | None:
    """Return the ends, in its block, of the formula that a place is in, where one is drawn."""
    for part, column, _, _ in document.messages[point.message].columns():
        if part == point.place.part and column.boxes:
            box = column.boxes[column.box_of(point.place.spot)]
            drawn = box.drawn_at(point.place.offset - box.start)
            return (box.start + drawn.start, box.start + drawn.end) if drawn else None
    return None


def texts(document: Document, point: Point) -> list[Block]:
    """Return the blocks that a place is counted in."""
    message = document.messages[point.message]
    if point.place.part == REASONING and isinstance(message, Answer):
        return message.fold.blocks.blocks if message.fold is not None else []
    return message.blocks


def _at(point: Point, block: int, offset: int) -> Point:
    return Point(point.message, Place(point.place.part, block, offset))


def _beside(text: str, offset: int, unit: Unit, way: int) -> int:
    """Return the next boundary in a line; the end of a line is one."""
    first = max(text.rfind("\n", 0, offset) + 1, offset - NEAR)
    end = text.find("\n", offset)
    last = min(end if end >= 0 else len(text), offset + NEAR)
    if (way > 0 and offset == last) or (way < 0 and offset == first):
        return offset + way
    line = text[first:last]
    units = Units(line)
    at = units.to_units(offset - first)
    kind = _Kind.Word if unit is Unit.WORD else _Kind.Grapheme
    finder = QTextBoundaryFinder(kind, line)
    finder.setPosition(at)
    move = finder.toNextBoundary if way > 0 else finder.toPreviousBoundary
    found = move()
    while unit is Unit.WORD and found > 0 and not finder.boundaryReasons() & _Reason.StartOfItem:
        found = move()
    if found < 0:
        return last if way > 0 else first
    return first + units.to_offset(found)


def _leaf_edge(block: Block, offset: int, way: int) -> int:
    """Return where the next piece of a block begins, or this one, or the one before."""
    starts, at = [], 0
    for leaf in block.leaves:
        starts.append(at)
        at += len(leaf_text(leaf)) + 1
    if way > 0:
        return next((start for start in starts if start > offset), at - 1)
    return next(start for start in reversed(starts) if start < offset)


def _neighbour(document: Document, point: Point, unit: Unit, way: int) -> Point:
    """Return where the next block begins, or the one before ends; of a message, if need be."""
    blocks = texts(document, point)
    block = point.place.block + way
    if 0 <= block < len(blocks):
        return _entered(point, block, blocks[block], unit, way)
    number = point.message + way
    while point.place.part == TEXT and 0 <= number < len(document.messages):
        there = Point(number, Place(TEXT, 0, 0))
        blocks = texts(document, there)
        if blocks:
            block = 0 if way > 0 else len(blocks) - 1
            return _entered(there, block, blocks[block], unit, way)
        number += way
    return point


def _entered(point: Point, number: int, block: Block, unit: Unit, way: int) -> Point:
    """Return where a block is entered: by paragraphs backwards, where its last one begins."""
    if way > 0:
        return _at(point, number, 0)
    end = len(visible_text(block))
    back = unit is Unit.PARAGRAPH and end
    return _at(point, number, _leaf_edge(block, end, -1) if back else end)


def _edge(document: Document, point: Point, way: int) -> Point:
    if point.place.part == REASONING or not document.messages:
        blocks = texts(document, point)
        last = max(len(blocks) - 1, 0)
        end = len(visible_text(blocks[last])) if blocks else 0
        return _at(point, last if way > 0 else 0, end if way > 0 else 0)
    if way < 0:
        return Point(0, Place(TEXT, 0, 0))
    number = len(document.messages) - 1
    blocks = document.messages[number].blocks
    end = len(visible_text(blocks[-1])) if blocks else 0
    return Point(number, Place(TEXT, max(len(blocks) - 1, 0), end))
