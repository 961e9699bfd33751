"""Leaves as HTML for other programs: every style stands inline, nothing is fetched or run."""

from __future__ import annotations

import re
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


def html_code(lines: Sequence[str], language: str) -> str:
    """Return a code block in colours."""
    coloured = Highlighter(language).colours(lines) if len(lines) <= MAX_COLOURED else []
    rows = [_code_line(line, runs) for line, runs in zip(lines, coloured, strict=False)]
    rows += [escape(line) for line in lines[len(rows) :]]
    return f'<pre style="{_PRE}"><code>' + "\n".join(rows) + "</code></pre>"


class _Writer:
    """Writes the leaves of one block, opening and closing the containers between them."""

    def __init__(self) -> None:
        self._open: list[ListStyle | None] = []
        """The list of each open item; None for a quote."""
        self._pieces: list[str] = []

    def write(self, leaves: Sequence[Leaf]) -> list[str]:
        """Return the pieces of HTML."""
        for leaf in leaves:
            self._go_to(leaf.frames)
            self._pieces.append(_leaf(leaf))
        self._close(0)
        return self._pieces

    def _go_to(self, frames: Sequence[Frame]) -> None:
        """Leave and enter containers until exactly these are open."""
        same = 0
        for frame, style in zip(frames, self._open, strict=False):
            if isinstance(frame, ItemFrame) and frame.list is style:
                if frame.marker:
                    self._next_item(same, frame)
            elif isinstance(frame, ItemFrame) or style is not None:
                break
            same += 1
        self._close(same)
        for frame in frames[same:]:
            self._enter(frame)

    def _next_item(self, depth: int, frame: ItemFrame) -> None:
        self._close(depth + 1)
        self._pieces.append(f"</li><li>{_task(frame)}")

    def _enter(self, frame: Frame) -> None:
        if not isinstance(frame, ItemFrame):
            self._open.append(None)
            self._pieces.append(f'<blockquote style="{_QUOTE}">')
            return
        self._open.append(frame.list)
        number = re.match(r"\d+", frame.marker)
        start = f' start="{number[0]}"' if number and number[0] != "1" else ""
        tag = f"ol{start}" if frame.list.ordered else "ul"
        self._pieces.append(f"<{tag}><li>{_task(frame)}")

    def _close(self, depth: int) -> None:
        while len(self._open) > depth:
            style = self._open.pop()
            ends = (
                "</blockquote>" if style is None else f"</li></{'ol' if style.ordered else 'ul'}>"
            )
            self._pieces.append(ends)


def _task(frame: ItemFrame) -> str:
    return "" if frame.task is None else "☑ " if frame.task else "☐ "


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Paragraph():
            text = html_inline(leaf.inline)
            return text if _is_bare(leaf) else f"<p>{text}</p>"
        case Heading():
            return f"<h{leaf.level}>{html_inline(leaf.inline)}</h{leaf.level}>"
        case Code():
            return html_code(leaf.lines, leaf.language)
        case Table():
            return _table(leaf)
        case Rule():
            return "<hr>"


def _is_bare(leaf: Paragraph) -> bool:
    """Return whether a paragraph is the line of a tight item."""
    inner = leaf.frames[-1] if leaf.frames else None
    return isinstance(inner, ItemFrame) and inner.list.tight


def _table(table: Table) -> str:
    rows = []
    if any(cell.text for cell in table.header):
        rows.append(_row(table.header, table.aligns, "th"))
    rows += [_row(row, table.aligns, "td") for row in table.rows]
    return '<table style="border-collapse:collapse">' + "".join(rows) + "</table>"


def _row(cells: Sequence[Inline], aligns: Sequence[Align], tag: str) -> str:
    written = []
    for cell, align in zip(cells, aligns, strict=False):
        side = "" if align is Align.NONE else f";text-align:{align.value}"
        text, style = "", _CELL + side
        if _FORMULA.match(cell.text) and not _NUMBER.match(cell.text):
            text, style = _TEXT_CELL, style + ";mso-number-format:'\\@'"
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
