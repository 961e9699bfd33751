"""What stands at one point of the conversation, or where the keyboard is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect

from desktop_chat.transcript.input import hovering, stops
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.targets import Button, Kind

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Leaf
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Target


@dataclass(frozen=True, slots=True)
class Under:
    """One place: its message, the piece of its text, and the button or link on it."""

    message: Message
    leaf: Leaf | None = None
    target: Target | None = None
    at: tuple[int, int] = (-1, -1)
    """Which block and which leaf of it that piece is."""


def under_pointer(view: Stage, at: QPoint) -> Under | None:
    """Return what stands at a point of the viewport."""
    found = hovering.message_at(view, at)
    if found is None:
        return None
    _, message, inside = found
    leaf, number = _leaf_at(message, inside)
    return Under(message, leaf, hovering.target_at(view, at), number)


def under_focus(view: Stage) -> Under | None:
    """Return what the keyboard is at: a button or link, else the end of the selection."""
    document, target = view.document, view.focused
    if target is not None and document.has(target.item_id):
        message = document.messages[document.number(target.item_id)]
        return Under(message, _leaf_of(message, target), target, (target.block, target.leaf))
    if view.selection is not None and view.has_selection():
        return Under(document.messages[view.selection.head.message])
    return None


def focus_place(view: Stage) -> QPoint:
    """Return where a menu for the keyboard opens, in the viewport."""
    if view.focused is not None:
        return below(view, view.focused)
    if view.selection is None or not view.has_selection():
        return QPoint(view.column_left, 0)
    head, document = view.selection.head, view.document
    message = document.messages[head.message]
    message.build()
    rect = message.caret(head.place)
    y = round(rect.bottom()) + document.top(head.message) - view.scroller.scroll
    y = max(0, min(y, view.viewport().height()))
    return QPoint(round(rect.left()) + view.column_left, y)


def below(view: Stage, target: Target) -> QPoint:
    """Return the place under the left end of a button, in the viewport."""
    document = view.document
    number = document.number(target.item_id)
    message = document.messages[number]
    shift = QPoint(view.column_left, document.top(number) - view.scroller.scroll)
    if target.start >= 0:
        return stops.exact(message, Button(target, QRect(), "")).bottomLeft() + shift
    for button in message.buttons(0, message.height):
        if button.target == target:
            return button.rect.bottomLeft() + shift + QPoint(0, 3)
    return shift


def _leaf_at(message: Message, inside: QPoint) -> tuple[Leaf | None, tuple[int, int]]:
    for part, column, _, top in message.columns():
        if part == TEXT and column.boxes and top <= inside.y() < top + column.height:
            at = column.box_at(inside.y() - top)
            return column.leaf(at), (column.boxes[at].block, column.boxes[at].number)
    return None, (-1, -1)


def _leaf_of(message: Message, target: Target) -> Leaf | None:
    if target.kind is Kind.ACTION or not 0 <= target.block < len(message.blocks):
        return None
    leaves = message.blocks[target.block].leaves
    return leaves[target.leaf] if 0 <= target.leaf < len(leaves) else None
