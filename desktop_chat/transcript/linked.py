"""The links in a leaf's text: where each stands and where it leads, without any layout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.markdown.blocks import Style
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.markdown.blocks import Inline, Span


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


def link_press(item_id: str, block: int, leaf: int, link: Link) -> Target:
    """Return what stands for a link where it can be pressed."""
    known = Target(Kind.LINK, item_id, href=link.href, words=link.words)
    return replace(known, block=block, leaf=leaf, start=link.start)


def _href(span: Span) -> str:
    if not span.style & Style.LINK:
        return ""
    return span.around if span.style & Style.IMAGE else span.href
