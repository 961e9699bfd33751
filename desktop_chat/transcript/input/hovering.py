"""What is under the pointer: places in the text, links, buttons, tooltips, sideways scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from desktop_chat.transcript.input import address_strip
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.question import Question
from desktop_chat.transcript.messages.selection import Point
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.linked import link_press

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.stage import Stage

WHEEL_LINES: Final = 3
NOTCH: Final = 120


def point_at(view: Stage, at: QPoint) -> Point | None:
    """Return the place in the text that is nearest to a point of the viewport."""
    found = message_at(view, at)
    if found is None:
        return None
    number, message, inside = found
    return Point(number, message.place_at(inside.x(), inside.y()))


def message_at(view: Stage, at: QPoint) -> tuple[int, Message, QPoint] | None:
    """Return the message at a point of the viewport, its number, and the point as it counts."""
    document = view.document
    if not document.messages:
        return None
    y = at.y() + view.scroller.scroll
    number = document.at(y)
    message = document.messages[number]
    if not message.built:
        return None
    return number, message, QPoint(at.x() - view.column_left, y - document.top(number))


def target_at(view: Stage, at: QPoint) -> Target | None:
    """Return the button or link at a point of the viewport."""
    found = message_at(view, at)
    if found is None:
        return None
    _, message, inside = found
    button = _button_at(message, inside)
    if button is not None:
        return button.target
    found_box = message.box_at(inside.x(), inside.y())
    if found_box is None:
        return None
    box, x, y = found_box
    link = box.link_at(x, y)
    return link_press(message.item.id, box.block, box.number, link) if link is not None else None


def margin_at(view: Stage, at: QPoint) -> str:
    """Return the question whose bubble is at a point beside its text, if it may be edited."""
    found = message_at(view, at)
    if found is None or not isinstance(found[1], Question):
        return ""
    question, inside = found[1], found[2]
    beside = question.bubble().contains(inside) and question.box_at(inside.x(), inside.y()) is None
    return question.item.id if beside and Action.EDIT in question.item.actions else ""


def hover(view: Stage, at: QPoint) -> None:
    """Take note of what is under the pointer, and show it."""
    found = message_at(view, at)
    number = found[0] if found is not None else -1
    target = target_at(view, at)
    if (number, target) != (view.hovered_message, view.hovered):
        view.hovered_message, view.hovered = number, target
        view.viewport().update()
        address_strip.show(view)
    box = found[1].box_at(found[2].x(), found[2].y()) if found is not None else None
    view.show_bar(box[0].sideways if box is not None else None)
    shape = _shape(target, box)
    if view.viewport().cursor().shape() is not shape:
        view.viewport().setCursor(shape)


def leave(view: Stage) -> None:
    """Forget what was under the pointer."""
    view.show_bar(None)
    view.hovered, view.hovered_message = None, -1
    view.viewport().update()
    address_strip.show(view)


def box_under(view: Stage, at: QPoint) -> tuple[Message, Box, float, float] | None:
    """Return the message and the box at a point of the viewport; the point as the box counts."""
    found = message_at(view, at)
    box = found[1].box_at(found[2].x(), found[2].y()) if found is not None else None
    return (found[1], *box) if found is not None and box is not None else None


def tooltip(view: Stage, at: QPoint) -> str:
    """Return what the tooltip at a point says: names of icons, details."""
    found = message_at(view, at)
    if found is None:
        return ""
    _, message, inside = found
    if isinstance(message, Answer) and message.header_rect().contains(inside):
        return message.item.tooltip
    button = _button_at(message, inside)
    if button is not None and button.tip:
        return _to_the_letter(button.tip)
    return button.name if button is not None and button.target.kind is Kind.ACTION else ""


def _to_the_letter(words: str) -> str:
    """Return what a tooltip shows as these words: it is never read as markup."""
    if "<" not in words:
        return words
    from html import escape  # noqa: PLC0415 - for the few that need it, 2 ms

    return f"<qt>{escape(words)}</qt>"


def wheel(view: Stage, event: QWheelEvent) -> None:
    """Scroll the conversation, or sideways the code or table under the pointer."""
    # X11 drivers report pixels that mean nothing.
    known = QGuiApplication.platformName() != "xcb"
    pixels, angle = event.pixelDelta() if known else QPoint(), event.angleDelta()
    step = WHEEL_LINES * view.type.body.line
    dx = pixels.x() or round(angle.x() / NOTCH * step)
    dy = pixels.y() or round(angle.y() / NOTCH * step)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not dx:
        dx, dy = dy, 0
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        event.ignore()
        return
    if dx and abs(dx) >= abs(dy) and _scroll_sideways(view, event.position().toPoint(), -dx):
        return
    if dy:
        view.scroll_by(-dy)
        hover(view, event.position().toPoint())


def _scroll_sideways(view: Stage, at: QPoint, dx: int) -> bool:
    found = box_under(view, at)
    bar = found[1].sideways if found is not None else None
    if bar is None or not bar.move(dx):
        return False
    view.show_bar(bar)
    view.viewport().update()
    return True


def _shape(target: Target | None, box: tuple[Box, float, float] | None) -> Qt.CursorShape:
    if target is not None:
        bar = target.kind is Kind.SIDEWAYS
        return Qt.CursorShape.ArrowCursor if bar else Qt.CursorShape.PointingHandCursor
    if box is None:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.OpenHandCursor if box[0].grip(*box[1:]) else Qt.CursorShape.IBeamCursor


def _button_at(message: Message, inside: QPoint) -> Button | None:
    for button in message.buttons(inside.y() - 1, inside.y() + 1):
        if button.rect.contains(inside):
            return button
    return None
