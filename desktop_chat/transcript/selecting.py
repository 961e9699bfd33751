"""Selecting by command and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from desktop_chat.markdown.blocks import leaf_text, visible_text
from desktop_chat.transcript import copying, hovering
from desktop_chat.transcript.message import TEXT, Place
from desktop_chat.transcript.selection import Point, Selection

if TYPE_CHECKING:
    from desktop_chat.transcript.document import Document
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


def extend(view: Stage, key: Qt.Key) -> bool:
    """Move the end of the selection by a character, a line or a page."""
    held = view.selection
    if held is None or key not in _STEPS:
        return False
    head = _moved(view, held.head, key)
    view.select(Selection(held.anchor, head))
    _show(view, head)
    copying.publish_selection(view)
    return True


_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (-1, 0),
    Qt.Key.Key_End: (1, 0),
    Qt.Key.Key_PageUp: (0, -20),
    Qt.Key.Key_PageDown: (0, 20),
}


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


def _moved(view: Stage, head: Point, key: Qt.Key) -> Point:
    across, down = _STEPS[key]
    if down:
        return _below(view, head, down)
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        return _line_end(view, head, end=key == Qt.Key.Key_End)
    return _beside(view, head, across)


def _beside(view: Stage, head: Point, step: int) -> Point:
    """Return the next or previous character, over the ends of blocks and messages."""
    message = view.document.messages[head.message]
    place = head.place
    blocks = message.blocks
    length = len(visible_text(blocks[place.block])) if place.block < len(blocks) else 0
    offset = place.offset + step
    if 0 <= offset <= length:
        return Point(head.message, place._replace(offset=offset))
    block = place.block + step
    if 0 <= block < len(blocks):
        offset = 0 if step > 0 else len(visible_text(blocks[block]))
        return Point(head.message, place._replace(block=block, offset=offset))
    number = head.message + step
    if not 0 <= number < len(view.document.messages):
        return head
    ends = whole(view.document, number, number)
    return ends.first if step > 0 else ends.last


def _below(view: Stage, head: Point, lines: int) -> Point:
    at = _caret(view, head)
    line = view.type.body.line
    found = hovering.point_at(view, QPoint(round(at[0]), round(at[1] + at[2] / 2 + lines * line)))
    return found or head


def _line_end(view: Stage, head: Point, *, end: bool) -> Point:
    at = _caret(view, head)
    x = view.width() if end else 0
    return hovering.point_at(view, QPoint(x, round(at[1] + at[2] / 2))) or head


def _caret(view: Stage, head: Point) -> tuple[float, float, float]:
    """Return where a place stands in the viewport: x, y and height."""
    message = view.document.messages[head.message]
    message.build()
    rect = message.caret(head.place)
    y = view.document.top(head.message) + rect.top() - view.scroller.scroll
    return view.column_left + rect.left(), y, rect.height()


def _show(view: Stage, head: Point) -> None:
    from desktop_chat.transcript import code_acts  # noqa: PLC0415 - which selects nothing itself

    code_acts.show(view, head)
