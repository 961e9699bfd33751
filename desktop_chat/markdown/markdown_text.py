"""Leaves as markdown again, for a part of an answer that has no source of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import (
    MATH_LANGUAGE,
    Align,
    Code,
    Heading,
    Inline,
    ItemFrame,
    Leaf,
    ListStyle,
    Paragraph,
    Rule,
    Span,
    Style,
    Table,
)
from desktop_chat.markdown.plain_text import item_marker, item_width, stands_close

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERBATIM = Style.CODE | Style.IMAGE | Style.NOTE
_MARKS = ((Style.STRONG, "**"), (Style.EMPHASIS, "*"), (Style.STRIKE, "~~"))
_SPECIAL = re.compile(r"[\\`*<]|~(?=~)|\$(?=\$)|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])", re.ASCII)
_LINK_START = re.compile(r"\[(?=[^\[\]]*\][(:\[])|(?<=\])[(:\[]")
_LINE_START = re.compile(
    r"(?m)^(\s*)(?:(#{1,6}(?=\s|$)|[-+](?=\s|$|[-+ ]*$)|>|=+\s*$)|(\d{1,9})([.)]))"
)
_DELIMITER = {Align.NONE: "---", Align.LEFT: ":--", Align.CENTER: ":-:", Align.RIGHT: "--:"}


def markdown_text(blocks: Sequence[Sequence[Leaf]]) -> str:
    """Return blocks as markdown."""
    return "\n\n".join(map(markdown_block, blocks))


def markdown_block(leaves: Sequence[Leaf]) -> str:
    """Return the leaves of one block as markdown."""
    lines: list[str] = []
    before: Leaf | None = None
    widths: dict[ListStyle, int] = {}
    for leaf in leaves:
        if before is not None and not stands_close(before, leaf):
            lines.append(_shared_prefix(before, leaf, widths).rstrip())
        first, rest = _prefixes(leaf, widths)
        head, *others = _lines(leaf)
        lines.append((first + head).rstrip() if not head else first + head)
        lines += [rest + line if line else rest.rstrip() for line in others]
        before = leaf
    return "\n".join(lines)


def fenced(lines: Sequence[str], language: str) -> list[str]:
    """Return code between fences that do not occur in it."""
    longest = max((len(run) for line in lines for run in re.findall(r"`{3,}", line)), default=2)
    fence = "`" * (longest + 1)
    return [fence + language, *lines, fence]


def _prefixes(leaf: Leaf, widths: dict[ListStyle, int]) -> tuple[str, str]:
    """Return what stands before the first line of a leaf, and before its others.

    `widths` are those of the markers before, by list.
    """
    first = rest = ""
    for frame in leaf.frames:
        if not isinstance(frame, ItemFrame):
            first, rest = first + "> ", rest + "> "
            continue
        if frame.marker:
            widths[frame.list] = item_width(frame)
        width = widths.get(frame.list, item_width(frame))
        first += f"{item_marker(frame)} " if frame.marker else " " * width
        rest += " " * width
    return first, rest


def _shared_prefix(before: Leaf, leaf: Leaf, widths: dict[ListStyle, int]) -> str:
    """Return the prefix of the blank line between two leaves: the quotes that go on."""
    prefix = ""
    for ours, theirs in zip(leaf.frames, before.frames, strict=False):
        if isinstance(ours, ItemFrame) and isinstance(theirs, ItemFrame):
            if ours.list is not theirs.list or ours.marker:
                break
            prefix += " " * widths.get(ours.list, item_width(ours))
        elif type(ours) is type(theirs):
            prefix += "> "
        else:
            break
    return prefix


def _lines(leaf: Leaf) -> list[str]:
    match leaf:
        case Paragraph():
            # Blanks that a part begins with would push the content of its item further in.
            return markdown_words(leaf.inline).lstrip(" \t").split("\n")
        case Heading():
            text = markdown_inline(leaf.inline).replace("\\\n", " ")
            return ["#" * leaf.level + " " + re.sub(r"#+$", r"\\\g<0>", text)]
        case Code():
            if leaf.language == MATH_LANGUAGE:
                return ["$$", *leaf.lines, "$$"]
            return fenced(leaf.lines, leaf.language)
        case Table():
            return _table(leaf)
        case Rule():
            return ["***" if leaf.frames else "---"]


def _escape_start(found: re.Match[str]) -> str:
    if found[3]:
        return f"{found[1]}{found[3]}\\{found[4]}"
    return f"{found[1]}\\{found[2]}"


def _table(table: Table) -> list[str]:
    rows = [table.header, *table.rows]
    written = [[markdown_inline(cell).replace("|", "\\|") for cell in row] for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in written]
    delimiter = " | ".join(_DELIMITER[align] for align in table.aligns)
    return [head, f"| {delimiter} |", *body]


def markdown_words(inline: Inline) -> str:
    """Return running text as markdown that stands by itself."""
    text = markdown_inline(inline)
    # A break before nothing is none: its backslash would show.
    while text.endswith("\\\n"):
        text = text[:-2]
    return _LINE_START.sub(_escape_start, text)


def markdown_inline(inline: Inline) -> str:
    """Return running text as markdown."""
    return _InlineWriter().write(inline)


class _InlineWriter:
    """Writes runs of text, opening and closing the marks that stand over them."""

    def __init__(self) -> None:
        self._out = ""
        self._open: list[tuple[Style, str]] = []
        self._href = ""

    def write(self, inline: Inline) -> str:
        at = 0
        for span in inline.spans:
            if at < span.start:
                self._run(inline.text[at : span.start], Span(0, 0, Style.PLAIN))
            self._run(inline.text[span.start : span.end], span)
            at = span.end
        self._run(inline.text[at:], Span(0, 0, Style.PLAIN))
        return self._out

    def _run(self, text: str, span: Span) -> None:
        linked = span.href if span.style & Style.LINK and not span.style & Style.IMAGE else ""
        if self._href != linked:
            self._turn(Style.PLAIN)
            self._end_link()
        stripped = text if span.style & Style.CODE else text.lstrip(" ")
        self._turn(span.style, " " * (len(text) - len(stripped)), linked)
        written = _written(stripped, span)
        if linked and not span.style & _VERBATIM:
            written = written.replace("[", "&#91;").replace("]", "&#93;")
        self._out += written

    def _turn(self, style: Style, blanks: str = "", linked: str = "") -> None:
        """Close what is over, open what begins; blanks stand outside of marks."""
        while any(not style & mark for mark, _ in self._open):
            _, closing = self._open.pop()
            seen = self._out.rstrip(" \n")
            self._out = seen + closing + self._out[len(seen) :]
        self._out += blanks
        if linked and not self._href:
            self._href = linked
            if self._out.endswith("!"):
                self._out = self._out[:-1] + "\\!"
            self._out += "["
        for mark, sign in _MARKS:
            if style & mark and (mark, sign) not in self._open:
                self._open.append((mark, sign))
                self._out += sign

    def _end_link(self) -> None:
        if self._href:
            self._out += f"]({_address(self._href)})"
        self._href = ""


def _written(text: str, span: Span) -> str:
    if span.style & Style.IMAGE:
        title = _escaped(span.title).replace('"', "&quot;")
        told = f' "{title}"' if title else ""
        return f"![{_escaped(text)}]({_address(span.href)}{told})"
    if span.style & Style.MATH:
        return text
    if span.style & Style.CODE:
        return _code(text)
    if span.style & (Style.NOTE | Style.NOTE_LABEL) and text[0] + text[-1] == "[]":
        return f"[^{text[1:]}" + (":" if span.style & Style.NOTE_LABEL else "")
    return _escaped(text).replace("\n", "\\\n")


def _escaped(text: str) -> str:
    r"""Escape what would be markup; a bracket by its number, since `\[` begins a formula."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _LINK_START.sub(lambda found: f"&#{ord(found[0])};", escaped)


def _code(text: str) -> str:
    if not text:
        return ""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    ticks = "`" * (longest + 1)
    spaced = text[0] == text[-1] == " " and text.strip(" ")
    pad = " " if spaced or "`" in (text[0], text[-1]) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _address(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()]", address) else address
