"""The dialect of markdown that models write, and how it is read into tokens.

CommonMark with the tables, struck text, task lists, footnotes and bare links of GitHub, and with
mathematics. Raw HTML is text.
"""

from __future__ import annotations

import re
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt, helpers
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import normalizeReference, unescapeAll
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import lheading, paragraph
from markdown_it.rules_core import StateCore, linkify
from markdown_it.token import Token
from typing_extensions import override

from desktop_chat.markdown.addresses import ADDRESS_SIGN, find_bare_addresses
from desktop_chat.markdown.formulas import DOLLARS, GROWING, add_formulas
from desktop_chat.markdown.limits import MAX_NESTING
from desktop_chat.markdown.notes import add_notes
from desktop_chat.markdown.references import PLACES, bounded_reference
from desktop_chat.markdown.spacing import ENDS_EMPTY, LOOSE
from desktop_chat.markdown.tables import ROWS_BEFORE, bounded_table

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

__all__ = [
    "address_reader",
    "block_tokens",
    "compile_addresses",
    "inline_tokens",
    "normalizeReference",
    "reader",
    "unescapeAll",
]


BLANKS = " \t\n"
"""All that is blank for markdown; Python takes more for it."""
_PLAIN_DATA = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]+")
_DATA = re.compile(r"data:[A-Za-z0-9+/=;,:._-]*+")
"""An address that holds data: nothing in it is escaped, and it may be a megabyte."""
_MANY_TILDES = re.compile(r"~{3,}")


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


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a paragraph; lines of blanks that markdown does not take for any stay in it."""
    found = paragraph(state, start, end, silent)
    token = state.tokens[-2]
    if found and token.content.count("\n") + 1 != state.line - start:
        lines = state.getLines(start, state.line, state.blkIndent, keepLastLF=False)
        token.content = lines.strip(BLANKS)
    return found


def _lheading(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a heading with a line under it, and keep lines of such blanks in it too."""
    parent = state.parentType
    found = lheading(state, start, end, silent)
    # It leaves its own behind where it finds nothing: then lists read otherwise after a paragraph.
    state.parentType = parent
    if found and state.tokens[-2].content.count("\n") + 2 != state.line - start:
        lines = state.getLines(start, state.line - 1, state.blkIndent, keepLastLF=False)
        state.tokens[-2].content = lines.strip(BLANKS)
    return found


def _push_plain(state: StateBlock, start: int, end: int) -> None:
    """Read everything to the end of the container as one paragraph, whatever it holds."""
    content = state.getLines(start, end, state.blkIndent, keepLastLF=False).strip(BLANKS)
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
    if _DATA.fullmatch(url):
        return url
    if _PLAIN_DATA.fullmatch(url):
        # It is normal, and to find that out letter by letter took a second a megabyte.
        return url
    try:
        return normalizeLink(url)
    except (ValueError, IndexError):
        return url


def _destination(text: str, start: int, end: int) -> object:
    """Return where a link leads; data in the address are passed over at once."""
    data = _DATA.match(text, start, end)
    if data is None or text[data.end() : data.end() + 1] != ")" or data.end() == end:
        return helpers.parseLinkDestination(text, start, end)
    return SimpleNamespace(ok=True, pos=data.end(), str=data[0])


def _any_link(_url: str) -> bool:
    """Take every address for one, even an empty one; which are opened is not decided here."""
    return True


def _many_tildes(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Read three tildes and more as text: two alone strike."""
    found = _MANY_TILDES.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


@cache
def reader() -> MarkdownIt:
    """Return the one reader of this dialect."""
    md = MarkdownIt("commonmark")
    block = _Blocks()
    block.ruler.at("reference", bounded_reference)
    block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    block.ruler.at("paragraph", _paragraph)
    block.ruler.at("lheading", _lheading)
    md.block = block
    md.configure("commonmark")
    md.options.update({"html": False, "maxNesting": MAX_NESTING, "linkify": True})
    md.enable(["table", "strikethrough", "linkify"])
    md.normalizeLink = _normal_link  # type: ignore[method-assign]
    md.validateLink = _any_link  # type: ignore[method-assign,assignment]
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkDestination=_destination,
        parseLinkLabel=helpers.parseLinkLabel,
        parseLinkTitle=helpers.parseLinkTitle,
    )
    md.inline.ruler.before("strikethrough", "many_tildes", _many_tildes)
    add_formulas(md)
    add_notes(md)
    return md


@cache
def address_reader() -> MarkdownIt:
    """Return the reader once it finds bare addresses, for which it first needs 20 ms."""
    md = reader()
    assert md.linkify is not None  # noqa: S101
    find_bare_addresses(md.linkify)
    return md


def compile_addresses() -> None:
    """Let another finder of addresses compile its patterns, which are kept for all."""
    finder = MarkdownIt("commonmark", {"linkify": True}).linkify
    assert finder is not None  # noqa: S101
    find_bare_addresses(finder)
    finder.match("http://example.org www.example.org one@example.org")


def block_tokens(
    source: str,
    references: MutableMapping[str, object],
    rows_before: Mapping[int, int],
    growing: int | None,
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Return the tokens of a text's block structure, and the lines that hold definitions."""
    tokens: list[Token] = []
    definitions: list[tuple[int, int]] = []
    env = {
        "references": references,
        ROWS_BEFORE: rows_before,
        PLACES: definitions,
        GROWING: growing,
    }
    md = reader()
    md.block.parse(source, md, env, tokens)
    return tokens, definitions


def inline_tokens(
    content: str, references: MutableMapping[str, object], *, dollar_maths: bool
) -> list[Token]:
    """Return the tokens of one run of text; if asked for, `$…$` is mathematics."""
    md = reader()
    children: list[Token] = []
    env = {"references": references, DOLLARS: dollar_maths}
    md.inline.parse(content, md, env, children)
    if not any(one.type == "text" and ADDRESS_SIGN.search(one.content) for one in children):
        return children
    token = Token("inline", "", 0, content=content, children=children)
    linkify(StateCore(content, address_reader(), env, [token]))
    return token.children or []
