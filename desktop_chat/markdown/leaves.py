"""From block tokens to leaves: the tree of containers becomes frames on each leaf."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
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
    Paragraph,
    QuoteFrame,
    Rule,
    Span,
    Style,
    Table,
)
from desktop_chat.markdown.formulas import BLOCK as MATH_BLOCK
from desktop_chat.markdown.formulas import OPEN as OPEN_FORMULA
from desktop_chat.markdown.grammar import unescaped
from desktop_chat.markdown.inline import InlineMemo
from desktop_chat.markdown.levels import ItemLevel, Level, ListLevel, ListStyles, QuoteLevel
from desktop_chat.markdown.notes import OPEN as NOTE_OPEN
from desktop_chat.markdown.running_text import RunningText, TextMemo, join
from desktop_chat.markdown.spacing import ENDS_EMPTY, LOOSE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

BULLET = "•"
LIST_OPENS = ("bullet_list_open", "ordered_list_open")
STUB_TEXT = "x"
"""Stands at the start of a paragraph for lines of it that were read before."""

_BOX = re.compile(r"\[([ xX])\][ \t]+")
_ALIGNS = {f"text-align:{align.value}": align for align in Align}


@dataclass(slots=True)
class Reading:
    """What is kept from one reading of a text to the next."""

    memo: InlineMemo = field(default_factory=InlineMemo)
    texts: TextMemo = field(default_factory=TextMemo)
    styles: ListStyles = field(default_factory=ListStyles)
    note: Callable[[str], None] | None = None
    """Told of running text with brackets, which may mention a link that is defined later."""


class LeafBuilder:
    """Walks over tokens and appends leaves. Its `levels` may be taken over by a later walk."""

    def __init__(
        self,
        reading: Reading,
        levels: Sequence[Level] = (),
        resumed: RunningText | None = None,
        unfinished: int | None = None,
    ) -> None:
        self.leaves: list[Leaf] = []
        self.levels: list[Level] = [replace(level) for level in levels]
        self._reading = reading
        self._resumed = resumed
        self._unfinished = unfinished
        self._label = Inline()
        """That of the footnote which begins with the next paragraph."""

    def walk(self, tokens: Sequence[Token], start: int, end: int) -> None:
        """Take in `tokens[start:end]`."""
        at = start
        while at < end:
            at = self._step(tokens, at)

    def go_on(self, tokens: Sequence[Token], skip: int) -> None:
        """Pass over stubs: the lists they stand for may have become loose."""
        lists = [level for level in self.levels if isinstance(level, ListLevel)]
        opened = [at for at in range(skip) if tokens[at].type in LIST_OPENS]
        for level, at in zip(lists, opened, strict=True):
            self._reading.styles.turn(level.style, tight=level.tight and is_tight(tokens, at))

    def settle(self, source: str) -> RunningText:
        """Take in the first lines of a paragraph for good; append what of it is done."""
        text = self._resumed.copy() if self._resumed else RunningText(self._reading.memo)
        text.extend(self._noted(self._without_stub(self._without_box(source))))
        begun = text.begun
        for inline in text.take_done():
            self.leaves.append(Paragraph(inline, self._frames(), begun))
            begun = True
        return text

    def levels_for_good(self) -> list[Level]:
        """Return the open containers, to go on with when more lines are there."""
        levels = [replace(level) for level in self.levels]
        for level in levels:
            if isinstance(level, ListLevel):
                level.tight = level.style.tight
        return levels

    def _step(self, tokens: Sequence[Token], at: int) -> int:
        """Take in the piece that begins at a token and return where the next one begins."""
        token = tokens[at]
        match token.type:
            case "paragraph_open":
                text = self._text(self._without_box(tokens[at + 1].content))
                self._segments(text, self._grows(token))
                return at + 3
            case "heading_open":
                content = tokens[at + 1].content
                # Until the line under it was there, it was a paragraph with its box.
                underlined = token.markup in ("=", "-")
                self._heading(token, self._without_box(content) if underlined else content)
                return at + 3
            case "table_open":
                return self._table(tokens, at)
            case "fence" | "code_block" | "hr":
                self._code_or_rule(token)
            case _ if token.type == MATH_BLOCK:
                lines = token.content.split("\n")
                is_open = token.markup == OPEN_FORMULA
                self.leaves.append(Code(MATH_LANGUAGE, lines, is_open, self._frames()))
            case _:
                self._container(tokens, at)
        return at + 1

    def _container(self, tokens: Sequence[Token], at: int) -> None:
        token = tokens[at]
        match token.type:
            case "blockquote_open":
                self.levels.append(QuoteLevel())
            case _ if token.type in LIST_OPENS:
                self._open_list(tokens, at)
            case "list_item_open":
                self._open_item()
            case _ if token.type == NOTE_OPEN:
                self._open_note(tokens, at)
            case "note_close":
                pass
            case _:
                self._close()

    def _open_list(self, tokens: Sequence[Token], at: int) -> None:
        token = tokens[at]
        ordered = token.type.startswith("ordered")
        number = int(token.attrs.get("start", 1))
        style = self._reading.styles.take(ordered=ordered, tight=is_tight(tokens, at))
        self.levels.append(ListLevel(style, number, token.markup if ordered else ""))

    def _open_item(self) -> None:
        level = self.levels[-1]
        assert isinstance(level, ListLevel)  # noqa: S101
        marker = f"{level.number}{level.delimiter}" if level.style.ordered else BULLET
        level.number += 1
        self.levels.append(ItemLevel(level.style, marker))

    def _open_note(self, tokens: Sequence[Token], at: int) -> None:
        """Show the label of a footnote at the start of its text, or by itself."""
        label = tokens[at].content
        self._label = Inline(label, (Span(0, len(label), Style.NOTE_LABEL),))
        if tokens[at + 1].type != "paragraph_open":
            self._segment(Inline(), continues=False)

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

    def _heading(self, token: Token, content: str) -> None:
        text = self._text(content)
        if text.raw is None:
            self._segments(text, self._grows(token))
        else:
            level = int(token.tag[1:])
            self.leaves.append(Heading(level, self._inline(text.raw), self._frames()))

    def _segments(self, text: RunningText, growing: bool) -> None:  # noqa: FBT001
        begun = text.begun
        for inline in text.inlines(growing=growing):
            self._segment(inline, continues=begun)
            begun = True

    def _segment(self, inline: Inline, *, continues: bool) -> None:
        label, self._label = self._label, Inline()
        if label.text and inline.text:
            label = join(label, Inline(" "))
        self.leaves.append(Paragraph(join(label, inline), self._frames(), continues))

    def _text(self, content: str) -> RunningText:
        """Return the text of a paragraph; the first one may go on with what was read before."""
        content = self._noted(self._without_stub(content))
        resumed, self._resumed = self._resumed, None
        return self._reading.texts.read(self._reading.memo, content, resumed)

    def _without_stub(self, content: str) -> str:
        if self._resumed is None:
            return content
        return content.removeprefix(STUB_TEXT).removeprefix("\n")

    def _without_box(self, content: str) -> str:
        """Take the box from the start of an item's first paragraph: the item is a task."""
        level = self.levels[-1] if self.levels else None
        if self._resumed is not None or not isinstance(level, ItemLevel) or not level.marker:
            return content
        box = _BOX.match(content)
        if box is None:
            return content
        level.task = box[1] != " "
        return content[box.end() :]

    def _inline(self, content: str) -> Inline:
        return self._reading.memo.read(self._noted(content))

    def _noted(self, content: str) -> str:
        if "[" in content and self._reading.note:
            self._reading.note(content)
        return content

    def _code_or_rule(self, token: Token) -> None:
        if token.type == "hr":
            self.leaves.append(Rule(self._frames()))
            return
        words = unescaped(token.info).split(maxsplit=1)
        language = words[0] if words else ""
        is_open = token.type == "fence" and self._grows(token) and not is_closed(token)
        self.leaves.append(Code(language, code_lines(token), is_open, self._frames()))

    def _grows(self, token: Token) -> bool:
        """Return whether a piece reaches the end of a text that still arrives."""
        return (
            self._unfinished is not None
            and token.map is not None
            and token.map[1] >= self._unfinished
        )

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
                cells.append(self._inline(token.content))
            elif token.type == "tr_close" and cells is not header:
                rows.append(tuple(cells))
            elif token.type == "tr_open" and header:
                cells = []
            end += 1
        self.leaves.append(Table(tuple(aligns), tuple(header), rows, self._frames()))
        return end + 1


def code_lines(token: Token) -> list[str]:
    """Return the lines of a code block."""
    return token.content.removesuffix("\n").split("\n") if token.content else []


def is_closed(fence: Token) -> bool:
    """Return whether a fence has its closing line."""
    assert fence.map is not None  # noqa: S101
    return fence.map[1] - fence.map[0] - 1 > len(code_lines(fence))


def is_tight(tokens: Sequence[Token], at: int) -> bool:
    """Return whether no blank line stands between the pieces of the list that opens here."""
    level = tokens[at].level
    ended_empty = False
    for index in range(at + 1, len(tokens)):
        token = tokens[index]
        if token.level == level and token.nesting < 0:
            break
        if token.type == "list_item_open" and token.level == level + 1:
            if ended_empty or token.meta.get(LOOSE):
                return False
            ended_empty = token.meta.get(ENDS_EMPTY, True)
    return True
