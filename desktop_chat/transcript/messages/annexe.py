"""What an answer brought beside its text: tool calls, which unfold, and the sources it names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPen

from desktop_chat.markdown.blocks import Inline
from desktop_chat.transcript.blocks.buttons import paint_focus, paint_words
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.flow import Flow
from desktop_chat.transcript.text.links import link_target
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from desktop_chat.transcript.blocks.box import Canvas
    from desktop_chat.transcript.items import Item, Source, ToolCall
    from desktop_chat.transcript.text.typography import Typography

CHEVRON: Final = 12
INDENT: Final = 16
PAD: Final = 12
GAP: Final = 4
ARGUMENTS_LIMIT: Final = 8000
"""Characters of arguments that are laid out; a copy holds all of them."""
MOST_CALLS: Final = 50
FEW: Final = 6
"""So many sources are listed at once; of more, some are folded away."""
ALL_SOURCES: Final = -1
"""What stands for the rest of the sources among what is unfolded."""
SOURCES: Final = "Sources"
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def call_name(call: ToolCall) -> str:
    """Return what the row of a call says."""
    name = " ".join(call.name.split())
    return f"Tool call: {name}" if name else "Tool call"


def shown_arguments(arguments: str) -> str:
    """Return arguments with a line for each field, where they are the JSON that they should be."""
    try:
        found = json.loads(arguments) if len(arguments) <= ARGUMENTS_LIMIT else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict | list):
        return arguments
    return json.dumps(found, ensure_ascii=False, indent=2)


def listed(sources: Sequence[Source], *, whole: bool) -> Sequence[Source]:
    """Return the sources that are shown."""
    return sources if whole or len(sources) <= FEW else sources[: FEW - 1]


def source_words(source: Source) -> str:
    """Return what is read of a source: its title, or its address where it has none."""
    return " ".join(source.title.split()) or source.href


def source_target(item_id: str, number: int, source: Source) -> Target | None:
    """Return what pressing a source does; None where its address is of no kind that is opened."""
    if link_target(source.href) is None:
        return None
    words = source_words(source)
    return Target(Kind.LINK, item_id, href=source.href, words=words, leaf=number)


class Annexe:
    """Laid out to a width. `unfolded` holds the numbers of the calls whose arguments are shown."""

    def __init__(
        self, item: Item, type_: Typography, width: int, unfolded: Collection[int]
    ) -> None:
        self._item = item
        self._type = type_
        self._width = width
        self._calls: list[tuple[Button, str]] = []
        self._arguments: list[tuple[QRect, Flow]] = []
        self._words: list[tuple[Button, str]] = []
        self._sources: list[tuple[QRect, Button | None, str, str]] = []
        self._head: QRect | None = None
        self.height = 0
        for number, call in enumerate(item.calls[:MOST_CALLS]):
            self._add_call(number, call, unfolded=number in unfolded)
        if item.sources:
            self._add_sources(whole=ALL_SOURCES in unfolded)

    def buttons(self, origin: QPoint) -> list[Button]:
        """Return what can be pressed, in reading order, as seen from `origin`."""
        pressed = [one for one, _ in (*self._calls, *self._words)]
        pressed += [one for _, one, _, _ in self._sources if one is not None]
        pressed.sort(key=lambda one: (one.rect.top(), one.rect.left()))
        return [
            Button(one.target, one.rect.translated(origin), one.name, one.description)
            for one in pressed
        ]

    def paint(self, canvas: Canvas, origin: QPoint) -> None:
        """Paint with the left top at `origin`."""
        canvas.painter.translate(origin)
        for button, beside in self._calls:
            self._paint_call(canvas, button, beside)
        for rect, flow in self._arguments:
            self._paint_arguments(canvas, rect, flow)
        if self._head is not None:
            canvas.painter.setFont(self._type.small.font)
            canvas.painter.setPen(canvas.type.colour("ink_faint"))
            canvas.painter.drawText(self._head, _LEFT, SOURCES)
        for rect, source, words, host in self._sources:
            self._paint_source(canvas, rect, source, (words, host))
        for button, role in self._words:
            paint_words(canvas, button, self._type.ui, role)
            paint_focus(canvas, button)
        canvas.painter.translate(-origin)

    def _add_call(self, number: int, call: ToolCall, *, unfolded: bool) -> None:
        target = Target(Kind.CALL, self._item.id, leaf=number)
        name = call_name(call)
        width = self._chevron + round(self._type.ui.metrics.horizontalAdvance(name)) + 8
        rect = QRect(0, self.height, min(width, self._width), self._type.side)
        state = "shown" if unfolded else "folded"
        beside = "" if unfolded else " ".join(call.arguments[: self._width].split())
        self._calls.append((Button(target, rect, name, state), beside))
        self.height += self._type.side
        if unfolded:
            self._add_arguments(number, call)

    def _add_arguments(self, number: int, call: ToolCall) -> None:
        text = shown_arguments(call.arguments)[:ARGUMENTS_LIMIT] or "No arguments"
        inner = self._width - INDENT - 2 * PAD
        flow = Flow(Inline(text), self._type.code, self._type, inner)
        card = QRect(INDENT, self.height, self._width - INDENT, flow.height + 2 * PAD)
        self._arguments.append((card, flow))
        self.height = card.bottom() + 1
        copy = "Copy arguments"
        width = round(self._type.ui.metrics.horizontalAdvance(copy)) + 1
        rect = QRect(INDENT, self.height, width, self._type.side)
        target = Target(Kind.COPY_CALL, self._item.id, leaf=number)
        self._words.append((Button(target, rect, copy), "link"))
        self.height += self._type.side + GAP

    def _add_sources(self, *, whole: bool) -> None:
        sources = self._item.sources
        self.height += GAP if self._calls else 0
        self._head = QRect(0, self.height, self._width, self._type.side)
        self.height += self._type.side
        for number, source in enumerate(listed(sources, whole=whole)):
            self._add_source(number, source)
        if len(sources) > FEW:
            words = "Show fewer sources" if whole else f"Show all {len(sources)} sources"
            width = round(self._type.ui.metrics.horizontalAdvance(words)) + 1
            rect = QRect(0, self.height, width, self._type.side)
            target = Target(Kind.SOURCES, self._item.id)
            self._words.append((Button(target, rect, words), "ink_soft"))
            self.height += self._type.side

    def _add_source(self, number: int, source: Source) -> None:
        metrics = self._type.ui.metrics
        row = QRect(0, self.height, self._width, self._type.side)
        left = round(metrics.horizontalAdvance("000")) + 4
        place = link_target(source.href)
        # Without a title the words are the address itself; where it may not be opened, both show.
        host = (place.place if place is not None else source.href) if source.title.strip() else ""
        room = self._width - left
        beside = min(round(metrics.horizontalAdvance(host)) + 12, room // 3) if host else 0
        elide = Qt.TextElideMode.ElideRight
        words = metrics.elidedText(source_words(source), elide, room - beside)
        host = metrics.elidedText(host, elide, max(0, beside - 12))
        width = round(metrics.horizontalAdvance(words)) + 1
        rect = QRect(left, self.height, width, self._type.side)
        target = source_target(self._item.id, number, source)
        name = source_words(source)
        button = Button(target, rect, name, source.href) if target is not None else None
        self._sources.append((rect, button, words, host))
        self.height = row.bottom() + 1

    @property
    def _chevron(self) -> int:
        return self._type.px(CHEVRON)

    def _paint_call(self, canvas: Canvas, button: Button, beside: str) -> None:
        painter, type_, rect = canvas.painter, canvas.type, button.rect
        ink = type_.colour("ink" if button.target == canvas.hovered else "ink_soft")
        mark = Mark.DOWN if button.description == "shown" else Mark.RIGHT
        size = self._chevron
        box = QRectF(-size / 4, rect.top() + (rect.height() - size) / 2, size, size)
        draw_mark(painter, mark, box, ink)
        painter.setFont(type_.ui.font)
        painter.setPen(ink)
        painter.drawText(rect.adjusted(size, 0, 0, 0), _LEFT, button.name)
        left = rect.right() + 4
        if beside and left < self._width:
            room = self._width - left
            text = type_.ui.metrics.elidedText(beside, Qt.TextElideMode.ElideRight, room)
            painter.setPen(type_.colour("ink_faint"))
            painter.drawText(QRect(left, rect.top(), room, rect.height()), _LEFT, text)
        paint_focus(canvas, button)

    def _paint_arguments(self, canvas: Canvas, rect: QRect, flow: Flow) -> None:
        painter, type_ = canvas.painter, canvas.type
        painter.setPen(QPen(type_.colour("line"), 1))
        painter.setBrush(type_.colour("code"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        at = QRectF(rect.adjusted(PAD, PAD, 0, 0)).topLeft()
        flow.draw(painter, at, type_.colour("ink"), None)

    def _paint_source(
        self, canvas: Canvas, rect: QRect, button: Button | None, said: tuple[str, str]
    ) -> None:
        painter, type_ = canvas.painter, canvas.type
        words, host = said
        number = str(next(at for at, one in enumerate(self._sources, 1) if one[0] is rect))
        painter.setFont(type_.ui.font)
        painter.setPen(type_.colour("ink_faint"))
        painter.drawText(QRect(0, rect.top(), rect.left(), rect.height()), _LEFT, number)
        if host:
            left = rect.right() + 12
            room = QRect(left, rect.top(), self._width - left, rect.height())
            painter.drawText(room, _LEFT, host)
        ink = type_.colour("link" if button is not None else "ink_soft")
        painter.setPen(ink)
        painter.drawText(rect, _LEFT, words)
        if button is not None:
            y = rect.center().y() + type_.ui.metrics.ascent() / 2 + 1
            painter.fillRect(QRectF(rect.left(), round(y), rect.width(), 1), ink)
            paint_focus(canvas, button)
