"""What the mouse may hold: the bar of a wide block, a code block or selected words to drag out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QApplication
from typing_extensions import override

from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.input import code_acts, hovering
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.selection import Selection
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.blocks.sideways import Sideways
    from desktop_chat.transcript.stage import Stage


class Hold(Protocol):
    """Something that was taken hold of."""

    def move(self, at: QPoint) -> bool:
        """Follow the pointer; whether it is still held."""

    def release(self) -> None:
        """Let go of it."""


def take_hold(view: Stage, at: QPoint) -> Hold | None:
    """Return what can be held at a point of the viewport."""
    target = hovering.target_at(view, at)
    if target is not None and target.kind is Kind.IMAGE:
        return _Picture(view, target, at)
    found = hovering.box_under(view, at)
    if found is None:
        return None
    message, box, x, y = found
    bar = box.sideways
    if bar is not None and bar.needed and bar.area.contains(round(x), round(y)):
        return _Bar(view, bar, at.x() - x, x)
    if _is_selected(view, at):
        return _Words(view, at)
    if isinstance(message, Answer) and box.grip(x, y):
        target = Target(Kind.SAVE_CODE, message.item.id, block=box.block, leaf=box.number)
        return _Block(view, target, at)
    return None


def _is_selected(view: Stage, at: QPoint) -> bool:
    """Whether selected words are under the pointer."""
    held, point = view.selection, hovering.point_at(view, at)
    if held is None or not view.has_selection() or point is None:
        return False
    return held.first <= point <= held.last and not held.is_beside(point)


class _Bar:
    def __init__(self, view: Stage, bar: Sideways, left: float, x: float) -> None:
        self._view = view
        self._bar = bar
        self._left = left
        self._grip = bar.press(x)
        bar.held = True
        view.viewport().update()

    def move(self, at: QPoint) -> bool:
        self._bar.drag(at.x() - self._left, self._grip)
        self._view.viewport().update()
        return True

    def release(self) -> None:
        self._bar.held = False
        self._view.viewport().update()


class _Block:
    def __init__(self, view: Stage, target: Target, at: QPoint) -> None:
        self._view = view
        self._target = target
        self._at = at

    def move(self, at: QPoint) -> bool:
        if (at - self._at).manhattanLength() < QApplication.startDragDistance():
            return True
        from desktop_chat.transcript.input import dragging  # noqa: PLC0415 - with the first drag

        offered = code_acts.offer(self._view, self._target)
        if offered is not None:
            dragging.drag(self._view, offered)
        return False

    def release(self) -> None:
        pass


class _Words:
    """Selected words: carried away as a copy, or, where it was a mere click, selected no more."""

    def __init__(self, view: Stage, at: QPoint) -> None:
        self._view = view
        self._at = at

    def move(self, at: QPoint) -> bool:
        if (at - self._at).manhattanLength() < QApplication.startDragDistance():
            return True
        from desktop_chat.transcript.input import dragging  # noqa: PLC0415 - with the first drag

        flavours = copying.selected(self._view)
        if flavours is not None:
            dragging.drag_words(self._view, flavours)
        return False

    def release(self) -> None:
        point = hovering.point_at(self._view, self._at)
        self._view.select(Selection(point, point) if point is not None else None)


class _Picture(_Block):
    @override
    def move(self, at: QPoint) -> bool:
        if (at - self._at).manhattanLength() < QApplication.startDragDistance():
            return True
        from desktop_chat.transcript.input import dragging, picture_acts  # noqa: PLC0415 - as above

        picture = self._view.pictures().of(self._target.item_id, self._target.href)
        dragging.drag(self._view, picture_acts.offer(picture))
        return False
