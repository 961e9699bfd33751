"""What the scroll bar marks: the person's questions, and what was found; bounded by its pixels."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.transcript.items import Side
from desktop_chat.transcript.messages.message import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.transcript.find.finder import Finder
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.text.hits import Hit, Hits

APART: Final = 6
"""Pixels a question needs on average: closer ticks would be a line that tells nothing."""
MERGED: Final = 3


class QuestionTick(NamedTuple):
    """A question's tick: its height in the bar, and the message's number."""

    y: int
    number: int


def question_ticks(view: Stage, height: int) -> list[QuestionTick]:
    """Return the ticks of the questions in a bar of a height; none where they stand too close."""
    document, numbers = view.document, list[int]()
    for number in range(len(document.messages)):
        if document.messages.side(number) is Side.PERSON:
            numbers.append(number)
            if len(numbers) * APART > height:
                return []
    ticks: list[QuestionTick] = []
    whole = max(view.scroller.maximum + view.scroller.view, 1)
    for number in numbers:
        y = document.top(number) * height // whole
        if not ticks or y - ticks[-1].y >= MERGED:
            ticks.append(QuestionTick(y, number))
    return ticks


class FoundTicks:
    """The heights of hits in a bar; reckoned anew where they may have moved by a pixel."""

    def __init__(self) -> None:
        self._known = (0, 0, 0)
        """For which hits, bar and conversation."""
        self._ticks: list[int] = []

    def ticks(self, view: Stage, finder: Finder, height: int) -> list[int]:
        """Return the ticks from the top, one a pixel at most."""
        whole = max(view.scroller.maximum + view.scroller.view, 1)
        revision, bar, before = self._known
        moved = abs(whole - before) * height > whole
        if finder.revision != revision or bar != height or moved:
            self._known = (finder.revision, height, whole)
            self._ticks = _found(view.document, finder, height / whole)
        return self._ticks


def _found(document: Document, finder: Finder, scale: float) -> list[int]:
    """Return the ticks; of messages that share a pixel it is only asked whether any has a hit."""
    ticks: set[int] = set()
    number, count = 0, len(document.messages)
    last = int(document.height * scale)
    while number < count:
        top = document.top(number)
        y = int(top * scale)
        next_ = count if y == last else document.at(ceil((y + 1) / scale))
        if next_ <= number:
            ticks.update(_ticks_in(document, finder, number, scale))
            number += 1
        else:
            if finder.any_between(number, next_):
                ticks.add(y)
            number = next_
    return sorted(ticks)


def _ticks_in(document: Document, finder: Finder, number: int, scale: float) -> Iterator[int]:
    """Yield the ticks of one message."""
    hits = finder.hits(document.messages.ids[number])
    if hits is None:
        return
    top, height = document.top(number), document.height_of(number)
    # More places than the message has pixels in the bar cannot be told apart.
    room = int(height * scale) + 1
    message = document.messages.known(number)
    shown = message if message is not None and message.built else None
    for at in range(0, len(hits), max(1, len(hits) // room)):
        yield int((top + _y(shown, hits, at, height)) * scale)


def _y(message: Message | None, hits: Hits, at: int, height: int) -> float:
    """Return about how far down in a message a hit stands."""
    known = _y_of_box(message, hits[at]) if message is not None else None
    return known if known is not None else hits.depth(at) * height


def _y_of_box(message: Message, hit: Hit) -> float | None:
    for part, column, _, top in message.columns():
        if part == hit.part and column.boxes:
            at = column.box_of(Place(*hit.begin).spot)
            box = column.boxes[at]
            share = (hit.start - box.start) / max(box.length, 1)
            return top + column.top_of(at) + min(max(share, 0.0), 1.0) * box.height
    return None
