"""What assistive technology is told of running text: links, images and formulas are nodes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.markdown.blocks import Style
from desktop_chat.transcript.spoken.facts import FORMULA, IMAGE, LINK, Facts, Key, Role
from desktop_chat.transcript.text.linked import MOST_PICTURES, Link, link_press, links_in
from desktop_chat.transcript.text.links import link_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.markdown.blocks import Inline

DELIMITERS = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$"))


class Piece(NamedTuple):
    """Something in running text that is more than its words."""

    start: int
    end: int
    part: str
    words: str
    href: str = ""
    title: str = ""

    def link(self, at: int) -> Link:
        """Return it as a link, in a text that begins at an offset of its leaf."""
        return Link(at + self.start, at + self.end, self.href, self.words)


class Texts:
    """What stands in running texts: the last one is kept, for all its pieces are asked for."""

    def __init__(self) -> None:
        self._last: Inline | None = None
        self._pieces: tuple[Piece, ...] = ()

    def pieces(self, inline: Inline) -> tuple[Piece, ...]:
        """Return what stands in a text, in reading order."""
        if not inline.spans:
            return ()
        if self._last is not inline:
            self._last = inline
            self._pieces = tuple(sorted(_pieces(inline)))
        return self._pieces

    def keys(self, key: Key, inline: Inline) -> tuple[Key, ...]:
        """Return the nodes below a text."""
        found = self.pieces(inline)
        return tuple(
            Key(key.item_id, (*key.path, at), part=one.part) for at, one in enumerate(found)
        )

    def piece(self, key: Key, inline: Inline) -> Piece | None:
        """Return what a node below a text stands for, where it is still there."""
        found, at = self.pieces(inline), key.path[-1]
        return found[at] if at < len(found) and found[at].part == key.part else None


def told(key: Key, piece: Piece, at: int) -> Facts:
    """Return what is told of a link or formula in a text that begins at an offset of its leaf."""
    if piece.part == FORMULA:
        return Facts(Role.Equation, piece.words, "formula")
    target = link_press(key.item_id, key.path[0], key.path[1], piece.link(at))
    return Facts(Role.Link, piece.words, _shown_address(piece.href), target=target)


def _pieces(inline: Inline) -> Iterator[Piece]:
    for link in links_in(inline):
        yield Piece(link.start, link.end, LINK, link.words, link.href)
    shown: set[str] = set()
    for span in inline.spans:
        words = inline.text[span.start : span.end]
        if span.style & Style.MATH:
            yield Piece(span.start, span.end, FORMULA, _bare(words))
        new = span.style & Style.IMAGE and span.href and span.href not in shown
        if new and len(shown) < MOST_PICTURES:
            shown.add(span.href)
            yield Piece(span.start, span.end, IMAGE, words, span.href, span.title)


def _bare(source: str) -> str:
    """Return the source of a formula without what encloses it."""
    for opener, closer in DELIMITERS:
        if source.startswith(opener) and source.endswith(closer):
            return source[len(opener) : -len(closer)].strip()
    return source


def _shown_address(href: str) -> str:
    """Return where a link leads in letters that cannot be mistaken for others."""
    target = link_target(href)
    return target.address if target is not None else href
