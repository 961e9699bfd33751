"""Selecting by command and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import leaf_text, visible_text
from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.messages import walking
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.walking import Unit
    from desktop_chat.transcript.stage import Stage


def whole(document: Document, first: int, last: int) -> Selection:
    """Return the selection of all text from one message to another."""
    blocks = document.messages[last].blocks
    end = len(visible_text(blocks[-1])) if blocks else 0
    tail = Place(TEXT, max(len(blocks) - 1, 0), end)
    return Selection(Point(first, Place(TEXT, 0, 0)), Point(last, tail))


def select_all(view: Stage) -> None:
    """Select the whole conversation."""
    view.feed.flush()
    view.select(_everything(view.document))
    copying.publish_selection(view)


def select_more(view: Stage) -> None:
    """Select the message at hand; asked again, the whole conversation."""
    view.feed.flush()
    view.select(_more(view))
    copying.publish_selection(view)


def text_around(document: Document, point: Point) -> tuple[str, int]:
    """Return the text of the leaf at a place, and where in its block it begins."""
    for part, column, _, _ in document.messages[point.message].columns():
        if part == point.place.part and column.boxes:
            at = column.box_of(point.place.spot)
            return leaf_text(column.leaf(at)), column.boxes[at].start
    return "", 0


def extend(view: Stage, unit: Unit, way: int) -> None:
    """Move the end of the selection by a character, a word or a paragraph."""
    held = _held(view)
    if held is not None:
        _select(view, Selection(held.anchor, walking.step(view.document, held.head, unit, way)))


def extend_down(view: Stage, pixels: int) -> None:
    """Move the end of the selection down, or up, to the nearest place there."""
    held = _held(view)
    if held is None:
        return
    x, y, height = _caret(view, held.head)
    goal = x if held.goal is None else held.goal
    head = _place_at(view, goal, y + height / 2 + pixels)
    _select(view, Selection(held.anchor, head, goal))


def extend_line(view: Stage, way: int) -> None:
    """Move the end of the selection to where its line begins or ends."""
    held = _held(view)
    if held is not None:
        _, y, height = _caret(view, held.head)
        head = _place_at(view, view.document.geometry.width if way > 0 else 0, y + height / 2)
        _select(view, Selection(held.anchor, head))


def _everything(document: Document) -> Selection | None:
    """Return the selection of the whole conversation."""
    return whole(document, 0, len(document.messages) - 1) if document.messages else None


def _more(view: Stage) -> Selection | None:
    """Return the selection of the message at hand, or of everything where that is selected."""
    document = view.document
    if not document.messages:
        return None
    at = view.selection.head.message if view.selection is not None else -1
    if at < 0:
        at = view.hovered_message
    if at < 0:
        at = len(document.messages) - 1
    one = whole(document, at, at)
    held = view.selection
    covered = held is not None and held.first <= one.first and held.last >= one.last
    return _everything(document) if covered else one


def _held(view: Stage) -> Selection | None:
    """Return what is selected, or an empty one where the person reads."""
    view.feed.flush()
    if view.selection is not None or not view.document.messages:
        return view.selection
    if view.focused is not None and view.document.has(view.focused.item_id):
        start = Point(view.document.number(view.focused.item_id), Place(TEXT, 0, 0))
    else:
        start = _place_at(view, 0, view.scroller.scroll)
    return Selection(start, start)


def _select(view: Stage, selection: Selection) -> None:
    view.select(selection)
    _show(view, selection.head)
    copying.publish_selection(view)


def _place_at(view: Stage, x: float, y: float) -> Point:
    """Return the place nearest to a point of the conversation, which is laid out for it."""
    document = view.document
    y = max(0, min(round(y), document.height - 1))
    number = document.at(y)
    message = document.messages[number]
    message.build()
    inside = y - document.top(number)
    message.settle(inside - view.scroller.view, inside + view.scroller.view)
    document.measured(number)
    return Point(number, message.place_at(x, y - document.top(number)))


def _caret(view: Stage, head: Point) -> tuple[float, float, float]:
    """Return where a place stands in the conversation: x, y and height."""
    message = view.document.messages[head.message]
    message.build()
    rect = message.caret(head.place)
    return rect.left(), view.document.top(head.message) + rect.top(), rect.height()


def _show(view: Stage, head: Point) -> None:
    _, top, height = _caret(view, head)
    view.scroller.show(round(top), round(top + height))
    view.refresh()
