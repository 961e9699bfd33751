"""Markdown as flat data: blocks made of leaves, ready to be laid out without looking deeper.

A **block** is one top-level piece of markdown. A **leaf** is a piece that is laid out by itself: a
paragraph, a heading, a code block, a table, a rule. A list or a quote is one block of many leaves,
each of which names the containers that it stands in, outermost first; so nesting costs nothing
when a list grows. Positions in text are offsets into the *visible* text, in Python characters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntFlag
from typing import Final, NamedTuple
from unicodedata import bidirectional


class Style(IntFlag):
    """How a run of text looks."""

    PLAIN = 0
    STRONG = 1
    EMPHASIS = 2
    STRIKE = 4
    CODE = 8
    LINK = 16
    IMAGE = 32
    """The alternative text of an image, which is never fetched."""
    MATH = 64
    """The LaTeX source of a formula, delimiters included; always together with `CODE`."""
    NOTE = 128
    """A reference to a footnote: its label in square brackets."""
    NOTE_LABEL = 256
    """The label of a footnote, in square brackets, where its text begins."""


class Span(NamedTuple):
    """A styled run of visible text, `start <= offset < end`."""

    start: int
    end: int
    style: Style
    href: str = ""
    around: str = ""
    """Of an image that stands in a link: where that leads."""
    title: str = ""
    """Of an image: what is said of it besides the words that stand for it."""


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text with its styles, sorted and never overlapping. A hard break is a line feed."""

    text: str = ""
    spans: tuple[Span, ...] = ()


class Align(Enum):
    """Alignment of a table's column."""

    NONE = "none"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(slots=True, eq=False)
class ListStyle:
    """What all items of one list share. `tight` may become False while the list still grows."""

    ordered: bool = False
    tight: bool = True


@dataclass(frozen=True, slots=True)
class QuoteFrame:
    """The leaf stands in a block quote."""


@dataclass(frozen=True, slots=True)
class ItemFrame:
    """The leaf stands in a list item."""

    list: ListStyle
    marker: str = ""
    """`•`, `3.`, or empty on every leaf of the item but its first."""
    task: bool | None = None
    """On the first leaf of a task item: whether it is done."""


Frame = QuoteFrame | ItemFrame


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `continues`: a further segment of a paragraph too long to lay out at once."""

    inline: Inline
    frames: tuple[Frame, ...] = ()
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    inline: Inline
    frames: tuple[Frame, ...] = ()


MATH_LANGUAGE = "math"
"""The language of a `Code` leaf that holds displayed mathematics, its delimiters left out."""


@dataclass(slots=True, eq=False)
class Code:
    """A code block. While `open`, lines are appended, and the last one may still change."""

    language: str
    lines: list[str] = field(default_factory=list)
    open: bool = False
    frames: tuple[Frame, ...] = ()


@dataclass(slots=True, eq=False)
class Table:
    """A table. While it streams, rows are appended, and the last one may still change."""

    aligns: tuple[Align, ...]
    header: tuple[Inline, ...]
    rows: list[tuple[Inline, ...]] = field(default_factory=list)
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""

    frames: tuple[Frame, ...] = ()


Leaf = Paragraph | Heading | Code | Table | Rule


@dataclass(slots=True, eq=False)
class Block:
    """One top-level piece: its leaves, and where its source stands in the message's text."""

    leaves: list[Leaf]
    start: int
    """Offset of its first line in the source text."""
    end: int
    """Offset after its last line in the source text."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one feeding changed: everything from (block, leaf, line) on, and the named blocks.

    `line` counts lines of a `Code` or rows of a `Table` leaf that stayed as they were, so that a
    layout of a growing one appends. Everything before the point is the very same data as before.
    """

    block: int
    leaf: int = 0
    line: int = 0
    also: tuple[int, ...] = ()
    """Earlier blocks that were read again, because a label they mention was defined late."""


STRONG_AFTER: Final = 200
"""Characters among which one that has a direction is looked for."""


def is_right_to_left(text: str) -> bool:
    """Return whether a text's first letter is of a script that runs to the left."""
    return not text.isascii() and _first_strong(text) in ("R", "AL")


def is_left_to_right(text: str) -> bool:
    """Return whether a text's first letter is of a script that runs to the right."""
    return _first_strong(text) == "L"


def _first_strong(text: str) -> str:
    found = (bidirectional(one) for one in text[:STRONG_AFTER])
    return next((one for one in found if one in ("L", "R", "AL")), "")


def visible_text(block: Block) -> str:
    """Return the block's text as a person sees it: what selection, find and speech count in.

    Leaves are joined by one line feed, rows of a table by a line feed, cells by a tab. Markers of
    lists are not part of it.
    """
    return "\n".join(leaf_text(leaf) for leaf in block.leaves)


def leaf_text(leaf: Leaf) -> str:
    """Return the visible text of one leaf; a rule has none."""
    match leaf:
        case Paragraph() | Heading():
            return leaf.inline.text
        case Code():
            return "\n".join(leaf.lines)
        case Table():
            rows = [leaf.header, *leaf.rows]
            return "\n".join("\t".join(cell.text for cell in row) for row in rows)
        case Rule():
            return ""
