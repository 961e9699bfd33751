"""From block tokens to leaves: the tree of containers becomes frames on each leaf."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import (
    MATH_LANGUAGE,
    Align,
    Code,
    Frame,
    Heading,
    Inline,
    ItemFrame,
    Leaf,
    ListStyle,
    Paragraph,
    QuoteFrame,
    Rule,
    Table,
)
from desktop_chat.markdown.formulas import BLOCK as MATH_BLOCK
from desktop_chat.markdown.grammar import ENDS_EMPTY, LOOSE
from desktop_chat.markdown.segments import SEGMENT, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

BULLET = "•"

_ALIGNS = {f"text-align:{align.value}": align for align in Align}


@dataclass(slots=True)
class QuoteLevel:
    """An open quote."""

    empty: bool = True


@dataclass(slots=True)
class ListLevel:
    """An open list, and what the next item in it needs."""

    style: ListStyle
    number: int
    delimiter: str


@dataclass(slots=True)
class ItemLevel:
    """An open item. The marker waits for the item's first leaf."""

    style: ListStyle
    marker: str
    task: bool | None


Level = QuoteLevel | ListLevel | ItemLevel


class LeafBuilder:
    """Walks over tokens and appends leaves. Its `levels` may be taken over by a later walk."""

    def __init__(self, read: Callable[[str], Inline], levels: Sequence[Level] = ()) -> None:
        self.leaves: list[Leaf] = []
        self.levels: list[Level] = [replace(level) for level in levels]
        self._read = read

    def walk(self, tokens: Sequence[Token], start: int, end: int) -> None:
        """Take in `tokens[start:end]`."""
        at = start
        while at < end:
            at = self._step(tokens, at)

    def _step(self, tokens: Sequence[Token], at: int) -> int:
        """Take in the piece that begins at a token and return where the next one begins."""
        token = tokens[at]
        match token.type:
            case "paragraph_open":
                self._paragraph(tokens[at + 1].content)
                return at + 3
            case "heading_open":
                self._heading(int(token.tag[1:]), tokens[at + 1].content)
                return at + 3
            case "table_open":
                return self._table(tokens, at)
            case "fence" | "code_block" | "hr":
                self._code_or_rule(token)
            case _ if token.type == MATH_BLOCK:
                lines = token.content.split("\n")
                self.leaves.append(Code(MATH_LANGUAGE, lines, frames=self._frames()))
            case _:
                self._container(tokens, at)
        return at + 1

    def _container(self, tokens: Sequence[Token], at: int) -> None:
        token = tokens[at]
        match token.type:
            case "blockquote_open":
                self.levels.append(QuoteLevel())
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(tokens, at)
            case "list_item_open":
                self._open_item(token)
            case _:
                self._close()

    def _open_list(self, tokens: Sequence[Token], at: int) -> None:
        token = tokens[at]
        ordered = token.type.startswith("ordered")
        number = int(token.attrs.get("start", 1))
        style = ListStyle(ordered, is_tight(tokens, at))
        self.levels.append(ListLevel(style, number, token.markup if ordered else ""))

    def _open_item(self, token: Token) -> None:
        level = self.levels[-1]
        assert isinstance(level, ListLevel)  # noqa: S101
        marker = f"{level.number}{level.delimiter}" if level.style.ordered else BULLET
        level.number += 1
        task = token.meta.get("checked")
        self.levels.append(ItemLevel(level.style, marker, task))

    def _close(self) -> None:
        """Leave a container; one that held nothing is still seen."""
        level = self.levels[-1]
        unseen = (isinstance(level, ItemLevel) and level.marker) or (
            isinstance(level, QuoteLevel) and level.empty
        )
        if unseen:
            self.leaves.append(Paragraph(Inline(), self._frames()))
        self.levels.pop()

    def _frames(self) -> tuple[Frame, ...]:
        """Return the containers of the next leaf, using up the markers that wait for it."""
        frames: list[Frame] = []
        for level in self.levels:
            if isinstance(level, QuoteLevel):
                level.empty = False
                frames.append(QuoteFrame())
            elif isinstance(level, ItemLevel):
                frames.append(ItemFrame(level.style, level.marker, level.task))
                level.marker = ""
                level.task = None
        return tuple(frames)

    def _paragraph(self, content: str) -> None:
        for index, piece in enumerate(segments(content)):
            self.leaves.append(Paragraph(self._read(piece), self._frames(), index > 0))

    def _heading(self, level: int, content: str) -> None:
        if len(content) > SEGMENT:
            self._paragraph(content)
        else:
            self.leaves.append(Heading(level, self._read(content), self._frames()))

    def _code_or_rule(self, token: Token) -> None:
        if token.type == "hr":
            self.leaves.append(Rule(self._frames()))
            return
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
        lines = token.content.removesuffix("\n").split("\n") if token.content else []
        self.leaves.append(Code(language, lines, frames=self._frames()))

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        header: list[Inline] = []
        rows: list[tuple[Inline, ...]] = []
        aligns: list[Align] = []
        cells = header
        end = at + 1
        while tokens[end].type != "table_close":
            token = tokens[end]
            if token.type == "th_open":
                aligns.append(_ALIGNS.get(str(token.attrs.get("style", "")), Align.NONE))
            elif token.type == "inline":
                cells.append(self._read(token.content))
            elif token.type == "tr_close" and cells is not header:
                rows.append(tuple(cells))
            elif token.type == "tr_open" and header:
                cells = []
            end += 1
        self.leaves.append(Table(tuple(aligns), tuple(header), rows, self._frames()))
        return end + 1


def is_tight(tokens: Sequence[Token], at: int) -> bool:
    """Return whether no blank line stands between the pieces of the list that opens here."""
    level = tokens[at].level
    ended_empty = False
    for token in tokens[at + 1 :]:
        if token.level == level and token.nesting < 0:
            break
        if token.type == "list_item_open" and token.level == level + 1:
            if ended_empty or token.meta.get(LOOSE):
                return False
            ended_empty = token.meta.get(ENDS_EMPTY, True)
    return True
