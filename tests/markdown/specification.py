"""The examples of the specifications of CommonMark and GitHub, and their HTML as plain values.

What the HTML of an example means is brought to the shape in which blocks are compared: leaves
with their containers, and running text as runs in a style. So it is our blocks that are held to
the specification, and not what some library makes of them.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

from desktop_chat.markdown.blocks import (
    Align,
    Code,
    Heading,
    Inline,
    ItemFrame,
    Leaf,
    ListStyle,
    Paragraph,
    Style,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.markdown.blocks import Block, Frame

FOLDER = Path(sys.prefix) / "share/specification"
_FENCE = "`" * 32
_EXAMPLE = re.compile(
    rf"^{_FENCE} example(?: \w+)*\n(.*?)^\.\n(.*?)^{_FENCE}$|^#+ ([^\n]+)$", re.M | re.S
)


class Example(NamedTuple):
    """One example: its place, what is written and what it means."""

    number: int
    section: str
    source: str
    html: str


def examples(name: str) -> list[Example]:
    """Return the examples of a specification."""
    text = (FOLDER / name).read_text("utf-8").replace("→", "\t")
    found: list[Example] = []
    section = ""
    for match in _EXAMPLE.finditer(text):
        if match[3]:
            section = match[3].strip()
        else:
            found.append(Example(len(found) + 1, section, match[1], match[2]))
    return found


Run = tuple[str, Style, str]
Shape = tuple[object, ...]

_INLINE = {"strong": Style.STRONG, "em": Style.EMPHASIS, "code": Style.CODE, "del": Style.STRIKE}
_HEADING = re.compile("h[1-6]")


@dataclass
class _List:
    ordered: bool
    number: int
    index: int


@dataclass
class _Item:
    parent: _List
    marker: str
    task: bool | None = None


@dataclass
class _Text:
    """Running text that is being collected."""

    kind: tuple[object, ...]
    frames: tuple[object, ...]
    runs: list[Run] = field(default_factory=list)

    def add(self, text: str, style: Style, href: str) -> None:
        last = self.runs[-1] if self.runs else None
        if last and last[1:] == (style, href):
            self.runs[-1] = (last[0] + text, style, href)
        elif text:
            self.runs.append((text, style, href))

    def shape(self) -> Shape:
        runs = list(self.runs)
        if runs and runs[-1][1] == Style.PLAIN:
            text = runs.pop()[0].rstrip(" ")
            runs += [(text, Style.PLAIN, "")] if text else []
        return (*self.kind, self.frames, tuple(runs))


class _Reader(HTMLParser):
    """Reads the HTML of an example into blocks of leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[list[Shape]] = []
        self._open: list[_List | _Item | str] = []
        self._seen: list[int] = []
        self._text: _Text | None = None
        self._marks: list[Style] = []
        self._links: list[str] = []
        self._code: list[str] | None = None
        self._language = ""
        self._lists = 0
        self._broken = False
        self._table: tuple[list[Align], list[list[tuple[Run, ...]]]] | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _INLINE and self._code is None:
            self._marks.append(_INLINE[tag])
            self._running()
        elif tag == "a":
            self._links.append(values.get("href", ""))
            self._running()
        elif tag == "img":
            self._running().add(
                values.get("alt") or values.get("src", ""),
                self._style() | Style.IMAGE | Style.LINK,
                values.get("src", ""),
            )
        elif tag == "br":
            self._say("\n")
            self._broken = True
        elif tag == "input":
            item = self._open[-1]
            assert isinstance(item, _Item)
            item.task = "checked" in values
        elif tag == "code":
            self._language = values.get("class", "").removeprefix("language-")
        else:
            self._open_block(tag, values)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _INLINE and self._code is None:
            self._marks.pop()
        elif tag == "a":
            self._links.pop()
        elif tag == "p" or _HEADING.fullmatch(tag):
            self._end_text()
        elif tag == "pre":
            self._end_code()
        elif tag in ("th", "td"):
            self._end_cell()
        elif tag == "table":
            self._end_table()
        elif tag in ("ul", "ol", "li", "blockquote"):
            self._end_container(tag)

    @override
    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code.append(data)
            return
        if self._text is None and (self._table is not None or not data.strip()):
            return
        if self._broken:
            data = data.removeprefix("\n")
            self._broken = False
        data = data.replace("\n", " ")
        self._say(data if self._running().runs or self._marks else data.lstrip(" "))

    def _say(self, text: str) -> None:
        link = self._links[-1] if self._links else ""
        style = self._style() | (Style.LINK if link else Style.PLAIN)
        self._running().add(text, style, link)

    def _open_block(self, tag: str, values: dict[str, str]) -> None:
        if tag in ("tr", "th", "td"):
            self._open_cell(tag, values)
            return
        self._end_text()
        if tag in ("blockquote", "ul", "ol", "li"):
            self._open_container(tag, int(values.get("start", 1)))
        elif tag == "p":
            self._text = _Text(("paragraph",), self._frames(tight=False))
        elif _HEADING.fullmatch(tag):
            self._text = _Text(("heading", int(tag[1])), self._frames())
        elif tag == "hr":
            self._add(("rule", self._frames()))
        elif tag == "pre":
            self._code, self._language = [], ""
        elif tag == "table":
            self._table = ([], [])

    def _open_container(self, tag: str, start: int) -> None:
        if not self._open:
            self.blocks.append([])
        if tag == "blockquote":
            self._open.append("quote")
            self._seen.append(self._count())
        elif tag == "li":
            parent = self._open[-1]
            assert isinstance(parent, _List)
            self._open.append(_Item(parent, str(parent.number) if parent.ordered else "•"))
            self._seen.append(self._count())
            parent.number += 1
        else:
            self._open.append(_List(tag == "ol", start, self._lists))
            self._lists += 1

    def _open_cell(self, tag: str, values: dict[str, str]) -> None:
        assert self._table is not None
        aligns, rows = self._table
        if tag == "tr":
            rows.append([])
            return
        if tag == "th":
            aligns.append(Align(values.get("align", "none")))
        self._text = _Text(("cell",), ())

    def _end_cell(self) -> None:
        assert self._table is not None
        assert self._text is not None
        self._table[1][-1].append(self._text.shape()[-1])  # type: ignore[arg-type]
        self._text = None

    def _end_table(self) -> None:
        assert self._table is not None
        aligns, rows = self._table
        self._table = None
        self._add(("table", self._frames(), tuple(aligns), tuple(map(tuple, rows))))

    def _end_code(self) -> None:
        assert self._code is not None
        content = "".join(self._code)
        lines = tuple(content.removesuffix("\n").split("\n")) if content else ()
        self._code = None
        self._add(("code", self._frames(), self._language, lines))

    def _end_container(self, tag: str) -> None:
        self._end_text()
        if tag in ("li", "blockquote") and self._seen.pop() == self._count():
            self._add(("paragraph", self._frames(), ()))
        self._open.pop()

    def _end_text(self) -> None:
        if self._text is not None:
            text, self._text = self._text, None
            self._add(text.shape())

    def _running(self) -> _Text:
        if self._text is None:
            self._text = _Text(("paragraph",), self._frames(tight=True))
        return self._text

    def _style(self) -> Style:
        style = Style.PLAIN
        for mark in self._marks:
            style |= mark
        return style

    def _count(self) -> int:
        return sum(map(len, self.blocks))

    def _add(self, leaf: Shape) -> None:
        if self._open:
            self.blocks[-1].append(leaf)
        else:
            self.blocks.append([leaf])

    def _frames(self, *, tight: bool | None = None) -> tuple[object, ...]:
        frames: list[object] = []
        for one in self._open:
            if one == "quote":
                frames.append("quote")
            elif isinstance(one, _Item):
                frames.append((one.parent.index, one.parent.ordered, one.marker, one.task))
                one.marker, one.task = "", None
        if frames and isinstance(self._open[-1], _Item):
            frames.append(tight)
        return tuple(frames)


def expected(html: str) -> list[list[Shape]]:
    """Return the blocks that the HTML of an example means."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader._end_text()
    return reader.blocks


def shapes(blocks: Iterable[Block]) -> list[list[Shape]]:
    """Return our blocks in the same shape."""
    lists: dict[ListStyle, int] = {}
    return [[_shape(leaf, lists) for leaf in block.leaves] for block in blocks]


def _shape(leaf: Leaf, lists: dict[ListStyle, int]) -> Shape:
    frames = tuple(_frame(frame, lists) for frame in leaf.frames)
    last = leaf.frames[-1] if leaf.frames else None
    match leaf:
        case Paragraph():
            if isinstance(last, ItemFrame):
                frames = (*frames, last.list.tight if leaf.inline.text else None)
            return ("paragraph", frames, _runs(leaf.inline))
        case Heading():
            return ("heading", leaf.level, _open_end(frames, last), _runs(leaf.inline))
        case Code():
            return ("code", _open_end(frames, last), leaf.language, tuple(leaf.lines))
        case Table():
            rows = tuple(tuple(map(_runs, row)) for row in (leaf.header, *leaf.rows))
            return ("table", _open_end(frames, last), leaf.aligns, rows)
        case _:
            return ("rule", _open_end(frames, last))


def _open_end(frames: tuple[object, ...], last: Frame | None) -> tuple[object, ...]:
    """Leave open whether a list is tight: HTML says it of paragraphs alone."""
    return (*frames, None) if isinstance(last, ItemFrame) else frames


def _frame(frame: Frame, lists: dict[ListStyle, int]) -> object:
    if not isinstance(frame, ItemFrame):
        return "quote"
    index = lists.setdefault(frame.list, len(lists))
    return (index, frame.list.ordered, frame.marker.rstrip(".)"), frame.task)


def _runs(inline: Inline) -> tuple[Run, ...]:
    runs: list[Run] = []
    at = 0
    for span in inline.spans:
        if span.start > at:
            runs.append((inline.text[at : span.start], Style.PLAIN, ""))
        runs.append((inline.text[span.start : span.end], span.style, span.href))
        at = span.end
    if at < len(inline.text):
        runs.append((inline.text[at:], Style.PLAIN, ""))
    return tuple(runs)
