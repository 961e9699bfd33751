"""What the Tab key stops at in a message, in reading order: links and everything to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect

from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.targets import Button
from desktop_chat.transcript.text.linked import link_press

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.targets import Target


def stops(message: Message, after: Target | None, step: int) -> Iterator[Button]:
    """Yield what comes next in a message, from its edge or from a target in it.

    A message may hold a hundred thousand links: only the boxes on the way are asked for theirs.
    The rectangle of a link is that of its whole paragraph until `exact` is asked.
    """
    sections = _Sections(message)
    first = sections.of(after) if after is not None else None
    at = first if first is not None else 0 if step > 0 else sections.count - 1
    passed = first is None
    while 0 <= at < sections.count:
        for stop in sections.stops(at)[::step]:
            if passed:
                yield stop
            passed = passed or stop.target == after
        passed = passed or at == first
        at += step


def exact(message: Message, stop: Button) -> QRect:
    """Return where a stop really is."""
    for part, column, left, top in message.columns():
        number = column.number_of(stop.target.block, stop.target.leaf)
        if part != TEXT or stop.target.start < 0 or number is None:
            continue
        box = column.boxes[number]
        for link in box.links():
            if link.start == stop.target.start:
                caret = box.caret(link.start)
                x, y = left + box.left + round(caret.x), top + column.top_of(number) + caret.top
                return QRect(x, y, 1, caret.height)
    return stop.rect


class _Sections:
    """A message as the buttons above its text, its boxes, and the buttons below."""

    def __init__(self, message: Message) -> None:
        self._message = message
        texts = [one for one in message.columns() if one[0] == TEXT]
        answered = isinstance(message, Answer) and bool(texts)
        self._column = texts[0][1] if answered else None
        self._origin = QPoint(texts[0][2], texts[0][3]) if answered else QPoint()
        others = message.buttons(0, message.height)
        inside = self._column is not None
        self._others = [one for one in others if not (inside and one.target.block >= 0)]
        top = self._origin.y()
        self._above = [one for one in self._others if inside and one.rect.top() < top]
        self._below = [one for one in self._others if one not in self._above]
        self.count = (len(self._column.boxes) if self._column is not None else 0) + 2

    def of(self, target: Target) -> int | None:
        """Return the section that a target is in."""
        if self._column is not None and target.block >= 0:
            number = self._column.number_of(target.block, target.leaf)
            return number + 1 if number is not None else None
        if any(one.target == target for one in self._above):
            return 0
        return self.count - 1 if any(one.target == target for one in self._below) else None

    def stops(self, section: int) -> list[Button]:
        """Return the stops of a section."""
        if section == 0:
            return self._above
        if section == self.count - 1 or self._column is None:
            return self._below
        at = section - 1
        box = self._column.boxes[at]
        item_id = self._message.item.id
        origin = self._origin + QPoint(box.left, self._column.top_of(at))
        place = QRect(origin.x(), origin.y(), box.width, box.height)
        return [*_links(item_id, box, place), *box.buttons(item_id, origin)]


def _links(item_id: str, box: Box, place: QRect) -> list[Button]:
    pressed = [link_press(item_id, box.block, box.number, link) for link in box.links()]
    return [Button(target, place, target.words, target.href) for target in pressed]
