"""The dialect of markdown that models write, and how it is read into tokens.

CommonMark with the tables, struck text, task lists and bare links of GitHub, and with mathematics.
Raw HTML is text. The reading library is imported when the first text is read, not at start-up.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.parser_block import ParserBlock
from typing_extensions import override

from desktop_chat.markdown.formulas import add_formulas
from desktop_chat.markdown.references import PLACES, bounded_reference
from desktop_chat.markdown.tables import ROWS_BEFORE, bounded_table

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

MAX_NESTING = 40
"""Containers within containers; what is deeper is shown as plain text."""

LOOSE = "loose"
ENDS_EMPTY = "ends_empty"


class _Blocks(ParserBlock):
    """Reads blocks; notes on each list item what makes a list loose, and never drops deep text."""

    @override
    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        item = state.tokens[-1] if state.tokens else None
        if item is not None and item.type != "list_item_open":
            item = None
        if state.level >= MAX_NESTING - 1:
            _push_plain(state, startLine, endLine)
        else:
            super().tokenize(state, startLine, endLine)
        if item is not None:
            item.meta[LOOSE] = not state.tight
            ends_empty = state.line - startLine > 1 and state.isEmpty(state.line - 1)
            item.meta[ENDS_EMPTY] = ends_empty


def _push_plain(state: StateBlock, start: int, end: int) -> None:
    """Read everything to the end of the container as one paragraph, whatever it holds."""
    content = state.getLines(start, end, state.blkIndent, keepLastLF=False).strip()
    state.line = end
    if not content:
        return
    token = state.push("paragraph_open", "p", 1)
    token.map = [start, end]
    token = state.push("inline", "", 0)
    token.content = content
    token.map = [start, end]
    token.children = []
    state.push("paragraph_close", "p", -1)


def _normal_link(url: str) -> str:
    """Return the address with everything but plain characters escaped; as it is if it cannot be."""
    try:
        return normalizeLink(url)
    except (ValueError, IndexError):
        return url


@cache
def reader() -> MarkdownIt:
    """Return the one reader of this dialect."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    block = _Blocks()
    block.ruler.at("reference", bounded_reference)
    block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    md.block = block
    md.configure("commonmark")
    md.options.update({"html": False, "maxNesting": MAX_NESTING, "linkify": True})
    md.options["tasklists"] = True
    md.enable(["table", "strikethrough", "linkify"])
    md.normalizeLink = _normal_link  # type: ignore[method-assign]
    md.validateLink = bool  # type: ignore[method-assign,assignment]
    assert md.linkify is not None  # noqa: S101
    md.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for schema in ("ftp:", "//"):
        md.linkify.add(schema, None)
    add_formulas(md)
    return md


class BlockReading(NamedTuple):
    """The block structure of a text."""

    tokens: list[Token]
    definitions: list[tuple[int, int]]
    """The lines of each link definition, the line after it."""


def read_blocks(
    source: str,
    references: MutableMapping[str, object],
    rows_before: Mapping[int, int] | None = None,
) -> BlockReading:
    """Read the block structure of a text; link definitions go into `references`.

    `rows_before`: by the line of a table, how many of its rows were read before and left out.
    """
    tokens: list[Token] = []
    definitions: list[tuple[int, int]] = []
    env = {"references": references, ROWS_BEFORE: rows_before or {}, PLACES: definitions}
    md = reader()
    md.block.parse(source, md, env, tokens)
    return BlockReading(tokens, definitions)
