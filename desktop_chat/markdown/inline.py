"""Running text: from its source to visible text with styles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Inline, Span, Style
from desktop_chat.markdown.formulas import INLINE as MATH_INLINE
from desktop_chat.markdown.grammar import inline_tokens
from desktop_chat.markdown.limits import LONGEST_TITLE
from desktop_chat.markdown.notes import REFERENCE as NOTE_REFERENCE

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

    from markdown_it.token import Token

_SAFE = re.compile(r"https?://.|mailto:.", re.IGNORECASE)
_MARKUP = re.compile(r"[&*<\[\\_`]|~~|\$\$|  \n|://|mailto:|www\.|@", re.IGNORECASE)
_SOFT_BREAK = re.compile(r" ?\n[ \t]*")

_MARKS = {"strong": Style.STRONG, "em": Style.EMPHASIS, "s": Style.STRIKE}

_STYLES = {
    "code_inline": Style.CODE,
    MATH_INLINE: Style.CODE | Style.MATH,
    NOTE_REFERENCE: Style.NOTE,
}


def safe_href(address: str) -> str:
    """Return the address if a click may open it: http, https and mailto alone; else nothing."""
    return address if _SAFE.match(address) else ""


def read_inline(
    content: str, references: MutableMapping[str, object], *, dollar_maths: bool = False
) -> Inline:
    """Read one run of text."""
    if not _MARKUP.search(content) and not (dollar_maths and "$" in content):
        return Inline(_SOFT_BREAK.sub(" ", content) if "\n" in content else content)
    return _flatten(inline_tokens(content, references, dollar_maths=dollar_maths))


class InlineMemo:
    """Reads runs of text, and the same one again for nothing."""

    SIZE = 256

    def __init__(self, *, dollar_maths: bool = False) -> None:
        self.dollar_maths = dollar_maths
        """Whether `$…$` is mathematics."""
        self._known: dict[str, Inline] = {}
        self._references: MutableMapping[str, object] = {}
        self._labels: frozenset[str] = frozenset()

    def define(self, references: MutableMapping[str, object], labels: frozenset[str]) -> bool:
        """Set which links are defined; `labels` are those that may differ from last time."""
        self._references = references
        if labels == self._labels:
            return False
        self._labels = labels
        self._known.clear()
        return True

    def read(self, content: str) -> Inline:
        """Read one run of text."""
        known = self._known.get(content)
        if known is None:
            if len(self._known) >= self.SIZE:
                self._known.clear()
            known = self._known[content] = read_inline(
                content, self._references, dollar_maths=self.dollar_maths
            )
        return known

    def forget(self) -> None:
        """Read everything anew: other links are defined now."""
        self._known.clear()


class _Flattener:
    """Collects text and the styles that stand over it."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._marks = dict.fromkeys(_MARKS.values(), 0)
        self._links: list[str] = []

    def result(self) -> Inline:
        return Inline("".join(self._text), tuple(self._spans))

    def mark(self, style: Style, nesting: int) -> None:
        self._marks[style] += nesting

    def open_link(self, address: str) -> None:
        self._links.append(safe_href(address))

    def close_link(self) -> None:
        self._links.pop()

    def add(self, text: str, extra: Style = Style.PLAIN, href: str = "", title: str = "") -> None:
        """Append visible text in the styles that are open now."""
        if not text:
            return
        style, around = extra, ""
        for mark, depth in self._marks.items():
            if depth:
                style |= mark
        if self._links and self._links[-1]:
            around = self._links[-1] if extra & Style.IMAGE else ""
            style |= Style.LINK
            href = href or self._links[-1]
        start, self._length = self._length, self._length + len(text)
        self._text.append(text)
        if style:
            self._add_span(Span(start, self._length, style, href, around, title))

    def _add_span(self, span: Span) -> None:
        last = self._spans[-1] if self._spans else None
        if last and last.end == span.start and last[2:] == span[2:]:
            self._spans[-1] = last._replace(end=span.end)
        else:
            self._spans.append(span)


def _flatten(tokens: Sequence[Token]) -> Inline:
    out = _Flattener()
    for token in tokens:
        if token.nesting:
            _turn(out, token)
        elif token.type == "image":
            _add_image(out, token)
        else:
            out.add(_shown(token), _STYLES.get(token.type, Style.PLAIN))
    return out.result()


def _turn(out: _Flattener, token: Token) -> None:
    """Open or close what stands over the following text."""
    if token.type == "link_open":
        out.open_link(str(token.attrs.get("href", "")))
    elif token.type == "link_close":
        out.close_link()
    else:
        out.mark(_MARKS[token.tag], token.nesting)


def _shown(token: Token) -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    return token.content.replace("\n", " ")


def _add_image(out: _Flattener, token: Token) -> None:
    address = str(token.attrs.get("src", ""))
    alternative = _flatten(token.children or []).text.strip()
    shown = alternative or (address if len(address) < 200 else "image")
    title = " ".join(str(token.attrs.get("title", ""))[:LONGEST_TITLE].split())
    out.add(shown, Style.IMAGE | Style.LINK, address, title)
