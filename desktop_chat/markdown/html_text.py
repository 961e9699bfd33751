"""Leaves as HTML for other programs: every style stands inline, nothing is fetched or run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import (
    Align,
    Code,
    Frame,
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
    is_left_to_right,
    is_right_to_left,
)
from desktop_chat.markdown.colouring import Highlighter
from desktop_chat.markdown.inline import safe_href

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.markdown.highlight import Runs

MAX_COLOURED = 1000
"""Lines of a code block that are coloured for a copy."""

_MONO = "font-family:Consolas,Menlo,'DejaVu Sans Mono',monospace"
# With a ground of its own goes an ink of its own: the receiver's may be light.
_CODE = f"{_MONO};color:#1d1d1b;background:#f2f2ef;padding:0 3px"
_PRE = (
    f"{_MONO};color:#1d1d1b;background:#f7f7f5;border:1px solid #e2e2dd;padding:8px;"
    "white-space:pre-wrap"
)
_QUOTE = "margin:0 0 0 8px;padding-left:12px;border-left:3px solid #c9c9c3"
_MIRRORED_QUOTE = "margin:0 8px 0 0;padding-right:12px;border-right:3px solid #c9c9c3"
_CELL = "border:1px solid #c9c9c3;padding:4px 8px"
_FORMULA = re.compile(r"\s*[=+\-@]")
_NUMBER = re.compile(r"\s*[-+]?[\d.,\s]*\d\s*%?\s*$")
_TEXT_CELL = ' sdnum="1033;0;@"'
"""So says LibreOffice that a cell is text; Excel has it in the style. Neither computes it then."""
_TAGS = ((Style.STRONG, "strong"), (Style.EMPHASIS, "em"), (Style.STRIKE, "s"))
_COLOURS = {
    "keyword": "#8b2f8f",
    "constant": "#8b2f8f",
    "function": "#1b57a0",
    "string": "#2a6b2e",
    "number": "#92500c",
    "comment": "#66665f",
    "type": "#0f6470",
    "builtin": "#0f6470",
    "operator": "#4d4d48",
    "tag": "#a3282f",
    "removed": "#a3282f",
    "attribute": "#6b5400",
    "added": "#1f6b39",
}
"""Those of the light theme: a copy mostly lands on white."""


def html_text(blocks: Sequence[Sequence[Leaf]]) -> str:
    """Return blocks as a fragment of HTML."""
    return "\n".join("".join(_Writer().write(leaves)) for leaves in blocks)


def html_inline(inline: Inline) -> str:
    """Return running text as HTML."""
    pieces: list[str] = []
    at = 0
    for span in inline.spans:
        pieces.append(_text(inline.text[at : span.start]))
        pieces.append(_span(span, inline.text[span.start : span.end]))
        at = span.end
    pieces.append(_text(inline.text[at:]))
    return "".join(pieces)


def html_words(inline: Inline) -> str:
    """Return words without what they stood in; their direction is their own."""
    turn = _turn(inline.text, mirrored=False)
    return f"<span{turn}>{html_inline(inline)}</span>" if turn else html_inline(inline)


def html_code(lines: Sequence[str], language: str, *, mirrored: bool = False) -> str:
    """Return a code block in colours, which runs to the right whatever is around it."""
    coloured = Highlighter(language).colours(lines) if len(lines) <= MAX_COLOURED else []
    rows = [_code_line(line, runs) for line, runs in zip(lines, coloured, strict=False)]
    rows += [escape(line) for line in lines[len(rows) :]]
    turn = ' dir="ltr"' if mirrored else ""
    return f'<pre{turn} style="{_PRE}"><code>' + "\n".join(rows) + "</code></pre>"


@dataclass(slots=True)
class _Container:
    """A quote, or a list with the item of it that is open."""

    style: ListStyle | None
    """None for a quote."""
    mirrored: bool
    """Whether it runs to the left."""
    inside: bool
    """Whether the open item does."""


class _Writer:
    """Writes the leaves of one block, opening and closing the containers between them."""

    def __init__(self) -> None:
        self._open: list[_Container] = []
        self._pieces: list[str] = []

    @property
    def _mirrored(self) -> bool:
        """Whether what is written next runs to the left unless it says otherwise."""
        return bool(self._open) and self._open[-1].inside

    def write(self, leaves: Sequence[Leaf]) -> list[str]:
        """Return the pieces of HTML."""
        for leaf in leaves:
            self._go_to(leaf.frames, _words(leaf))
            self._pieces.append(_leaf(leaf, mirrored=self._mirrored))
        self._close(0)
        return self._pieces

    def _go_to(self, frames: Sequence[Frame], words: str) -> None:
        """Leave and enter containers until exactly these are open; these words follow in them."""
        same = 0
        for frame, container in zip(frames, self._open, strict=False):
            style = container.style
            if isinstance(frame, ItemFrame) and frame.list is style:
                if frame.marker:
                    self._next_item(same, frame, words)
            elif isinstance(frame, ItemFrame) or style is not None:
                break
            same += 1
        self._close(same)
        for frame in frames[same:]:
            self._enter(frame, words)

    def _next_item(self, depth: int, frame: ItemFrame, words: str) -> None:
        self._close(depth + 1)
        container = self._open[depth]
        turn = _turn(words, mirrored=container.mirrored)
        container.inside = container.mirrored != bool(turn)
        self._pieces.append(f"</li><li{turn}>{_task(frame)}")

    def _enter(self, frame: Frame, words: str) -> None:
        turn = _turn(words, mirrored=self._mirrored)
        mirrored = self._mirrored != bool(turn)
        if not isinstance(frame, ItemFrame):
            self._open.append(_Container(None, mirrored, mirrored))
            style = _MIRRORED_QUOTE if mirrored else _QUOTE
            self._pieces.append(f'<blockquote{turn} style="{style}">')
            return
        self._open.append(_Container(frame.list, mirrored, mirrored))
        number = re.match(r"\d+", frame.marker)
        start = f' start="{number[0]}"' if number and number[0] != "1" else ""
        tag = f"ol{start}" if frame.list.ordered else "ul"
        self._pieces.append(f"<{tag}{turn}><li>{_task(frame)}")

    def _close(self, depth: int) -> None:
        while len(self._open) > depth:
            style = self._open.pop().style
            ends = (
                "</blockquote>" if style is None else f"</li></{'ol' if style.ordered else 'ul'}>"
            )
            self._pieces.append(ends)


def _task(frame: ItemFrame) -> str:
    return "" if frame.task is None else "☑ " if frame.task else "☐ "


def _words(leaf: Leaf) -> str:
    """Return the text that tells in which direction a leaf runs."""
    match leaf:
        case Paragraph() | Heading():
            return leaf.inline.text
        case Table():
            return "".join(cell.text for cell in leaf.header)
        case _:
            return ""


def _turn(words: str, *, mirrored: bool) -> str:
    """Return the attribute for what runs the other way than what it stands in."""
    if mirrored:
        return ' dir="ltr"' if is_left_to_right(words) else ""
    return ' dir="rtl"' if is_right_to_left(words) else ""


def _leaf(leaf: Leaf, *, mirrored: bool) -> str:
    """Return a leaf; `mirrored`: what it stands in runs to the left."""
    turn = _turn(_words(leaf), mirrored=mirrored)
    match leaf:
        case Paragraph():
            text = html_inline(leaf.inline)
            if _is_bare(leaf):
                return f"<div{turn}>{text}</div>" if turn else text
            return f"<p{turn}>{text}</p>"
        case Heading():
            return f"<h{leaf.level}{turn}>{html_inline(leaf.inline)}</h{leaf.level}>"
        case Code():
            return html_code(leaf.lines, leaf.language, mirrored=mirrored)
        case Table():
            return _table(leaf, turn, mirrored=mirrored != bool(turn))
        case Rule():
            return "<hr>"


def _is_bare(leaf: Paragraph) -> bool:
    """Return whether a paragraph is the line of a tight item."""
    inner = leaf.frames[-1] if leaf.frames else None
    return isinstance(inner, ItemFrame) and inner.list.tight


def _table(table: Table, turn: str, *, mirrored: bool) -> str:
    rows = []
    if any(cell.text for cell in table.header):
        rows.append(_row(table.header, table.aligns, "th", mirrored=mirrored))
    rows += [_row(row, table.aligns, "td", mirrored=mirrored) for row in table.rows]
    return f'<table{turn} style="border-collapse:collapse">' + "".join(rows) + "</table>"


def _row(cells: Sequence[Inline], aligns: Sequence[Align], tag: str, *, mirrored: bool) -> str:
    written = []
    for cell, align in zip(cells, aligns, strict=False):
        side = "" if align is Align.NONE else f";text-align:{align.value}"
        # A cell that runs as its table does says so too: not every reader passes it down.
        turn = _turn(cell.text, mirrored=mirrored and not is_right_to_left(cell.text))
        text, style = turn, _CELL + side
        if _FORMULA.match(cell.text) and not _NUMBER.match(cell.text):
            text, style = text + _TEXT_CELL, style + ";mso-number-format:'\\@'"
        written.append(f'<{tag}{text} style="{style}">{html_inline(cell)}</{tag}>')
    return "<tr>" + "".join(written) + "</tr>"


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _span(span: Span, text: str) -> str:
    written = _text(text)
    if span.style & Style.CODE:
        written = f'<code style="{_CODE}">{written}</code>'
    for style, tag in _TAGS:
        if span.style & style:
            written = f"<{tag}>{written}</{tag}>"
    if span.style & (Style.NOTE | Style.NOTE_LABEL):
        written = f"<sup>{written}</sup>"
    href = safe_href(span.href)
    return f'<a href="{escape(href)}">{written}</a>' if href else written


def _code_line(line: str, runs: Runs) -> str:
    pieces: list[str] = []
    at = 0
    for run in runs:
        text = escape(line[run.start : run.end])
        pieces.append(escape(line[at : run.start]))
        pieces.append(f'<span style="color:{_COLOURS[run.role]}">{text}</span>')
        at = run.end
    pieces.append(escape(line[at:]))
    return "".join(pieces)
