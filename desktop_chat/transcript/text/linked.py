"""The links in a leaf's text: where each stands and where it leads, without any layout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.markdown.blocks import Heading, Paragraph, Style, Table
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from desktop_chat.markdown.blocks import Inline, Leaf, Span


MOST_PICTURES = 20
"""Images of one paragraph or table that get a place of their own; more are their words alone."""


class Link(NamedTuple):
    """One link, `start <= offset < end`, however many styles are in it."""

    start: int
    end: int
    href: str
    words: str
    """What a person reads."""


def links_in(inline: Inline, at: int = 0) -> list[Link]:
    """Return the links of running text that begins at an offset."""
    found: list[Link] = []
    for span in inline.spans:
        href = _href(span)
        if not href:
            continue
        start, end = at + span.start, at + span.end
        if found and found[-1].end == start and found[-1].href == href:
            start = found.pop().start
        found.append(Link(start, end, href, inline.text[start - at : end - at]))
    return found


def links_in_rows(rows: Iterable[tuple[Inline, ...]]) -> list[Link]:
    """Return the links of a table's cells, as its visible text counts."""
    found: list[Link] = []
    at = 0
    for row in rows:
        for cell in row:
            if cell.spans:
                found += links_in(cell, at)
            at += len(cell.text) + 1
    return found


class Image(NamedTuple):
    """An image in a text: the words for it, where it is, and its title."""

    words: str
    address: str
    title: str


def pictures_in(leaf: Leaf) -> list[Image]:
    """Return the images in a leaf, the first of them."""
    match leaf:
        case Paragraph(inline=inline) | Heading(inline=inline):
            return _pictures((inline,)) if inline.spans else []
        case Table(header=header, rows=rows):
            return _pictures(cell for row in (header, *rows) for cell in row if cell.spans)
        case _:
            return []


def has_other_pictures(rows: Iterable[tuple[Inline, ...]], known: Collection[str]) -> bool:
    """Whether rows that came add an image to those that a table shows."""
    if len(known) >= MOST_PICTURES:
        return False
    cells = (cell for row in rows for cell in row if cell.spans)
    return any(image.address not in known for image in _pictures(cells))


def _pictures(inlines: Iterable[Inline]) -> list[Image]:
    found: dict[str, Image] = {}
    for inline in inlines:
        for span in inline.spans:
            if span.style & Style.IMAGE and span.href and len(found) < MOST_PICTURES:
                words = inline.text[span.start : span.end]
                found.setdefault(span.href, Image(words, span.href, span.title))
    return list(found.values())


def link_press(item_id: str, block: int, leaf: int, link: Link) -> Target:
    """Return what stands for a link where it can be pressed."""
    known = Target(Kind.LINK, item_id, href=link.href, words=link.words)
    return replace(known, block=block, leaf=leaf, start=link.start)


def _href(span: Span) -> str:
    if not span.style & Style.LINK:
        return ""
    return span.around if span.style & Style.IMAGE else span.href
