"""What a copy holds: the same thing as text, as HTML, as markdown and, for a table, as cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Block, Code, Heading, Leaf, Paragraph, Table
from desktop_chat.markdown.csv_text import table_csv
from desktop_chat.markdown.html_text import html_code, html_text, html_words
from desktop_chat.markdown.intake import normal
from desktop_chat.markdown.markdown_text import markdown_block, markdown_words
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.plain_text import plain_text, table_cells
from desktop_chat.markdown.selecting import Place, SelectedBlock, select, whole_leaves

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Flavours:
    """One copy in all its kinds."""

    plain: str
    html: str
    markdown: str
    tsv: str = ""
    """Cells with tabs between them; empty unless a table alone was copied."""
    csv: str = ""
    """The same cells as comma-separated values."""


def message_flavours(source: str, *, dollar_maths: bool = False) -> Flavours:
    """Return a whole message; if asked for, `$…$` is mathematics in it."""
    blocks = parse(source, dollar_maths=dollar_maths)
    leaves = [whole_leaves(block.leaves) for block in blocks]
    return _written(leaves, normal(source).strip("\n"))


def part_flavours(
    blocks: Sequence[Block],
    source: str,
    start: tuple[int, int],
    end: tuple[int, int],
    *,
    alone: bool = True,
) -> Flavours:
    """Return what stands between two places, each a block and an offset in its visible text.

    `alone`: nothing else is copied with it, so that a part of one piece comes as bare words.
    """
    selected = [
        SelectedBlock(whole_leaves(part.leaves), part.source)
        for part in select(blocks, source, Place(*start), Place(*end))
    ]
    if alone and len(selected) == 1 and len(selected[0].leaves) == 1:
        leaf = selected[0].leaves[0]
        words = _leaf_flavours(leaf)
        # All of a heading is one still: a title copied into a report keeps its rank.
        if words and not (isinstance(leaf, Heading) and selected[0].source):
            return words
    leaves = [part.leaves for part in selected]
    markdown = "\n\n".join(part.source or markdown_block(part.leaves) for part in selected)
    return _written(leaves, markdown)


def code_flavours(text: str, language: str) -> Flavours:
    """Return a code block."""
    lines = text.split("\n")
    return Flavours(text, html_code(lines, language), markdown_block([Code(language, lines)]))


def table_flavours(table: Table) -> Flavours:
    """Return a table, without what it stands in."""
    alone: list[Leaf] = [Table(table.aligns, table.header, table.rows)]
    return _written([alone], markdown_block(alone))


def _written(blocks: Sequence[Sequence[Leaf]], markdown: str) -> Flavours:
    alone = blocks[0][0] if len(blocks) == 1 and len(blocks[0]) == 1 else None
    cells = (table_cells(alone), table_csv(alone)) if isinstance(alone, Table) else ("", "")
    return Flavours(plain_text(blocks), html_text(blocks), markdown, *cells)


def _leaf_flavours(leaf: Leaf) -> Flavours | None:
    """Return a part within one leaf: words and code come without what stands around them."""
    match leaf:
        case Paragraph() | Heading():
            words = leaf.inline
            return Flavours(words.text, html_words(words), markdown_words(words))
        case Code():
            text = "\n".join(leaf.lines)
            return Flavours(text, html_code(leaf.lines, leaf.language), text)
        case _:
            return None
