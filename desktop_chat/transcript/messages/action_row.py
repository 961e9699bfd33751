"""The row of actions of one message: Copy, Copy as, Regenerate, ‹ 2 / 3 ›, more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt

from desktop_chat.transcript.blocks.buttons import (
    CHEVRON,
    ICON,
    paint_focus,
    paint_icon,
    paint_labelled,
    paint_opening,
)
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.marks import ACTION_MARKS, Mark

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.blocks.box import Canvas
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.text.typography import Typography

GAP: Final = 2
VERSION_ACTIONS: Final = (Action.PREVIOUS_VERSION, Action.NEXT_VERSION)
LABELLED: Final = (Action.COPY, Action.COPY_AS)
OPENS: Final = (Action.COPY_AS, Action.REGENERATE_WITH)
"""What opens a menu, which its mark tells."""


def in_order(item: Item) -> list[Action]:
    """Return the actions of a message as they stand beside each other."""
    last = [one for one in item.actions if one is Action.MORE]
    first = [one for one in item.actions if one not in VERSION_ACTIONS and one not in last]
    return [*first, *(VERSION_ACTIONS if item.versions > 1 else ()), *last]


class ActionRow:
    """Where the buttons of a message stand, counted from the row's left."""

    def __init__(self, item: Item, type_: Typography, *, room: int = 0) -> None:
        self._item = item
        self._words = room > 0
        self._type = type_
        self._copied = round(type_.small.metrics.horizontalAdvance("Copied"))
        self._buttons: list[tuple[Button, Mark]] = []
        self._count = QRect()
        self.width = 0
        self._arrange()
        if self.width > room > 0:
            self._words = False
            self._arrange()

    def buttons(self, origin: QPoint) -> list[Button]:
        """Return the buttons as seen from `origin`."""
        return [_moved(button, origin) for button, _ in self._buttons]

    def paint(self, canvas: Canvas, origin: QPoint) -> None:
        """Paint the row with its left top at `origin`."""
        for button, mark in self._buttons:
            placed = _moved(button, origin)
            action = button.target.action
            if self._words and action in LABELLED:
                words = "Copied" if button.target == canvas.confirmed else button.name
                paint = paint_opening if action in OPENS else paint_labelled
                paint(canvas, placed, mark, words)
            elif action in OPENS:
                paint_icon(canvas, placed, mark, CHEVRON)
            else:
                paint_icon(canvas, placed, mark)
            paint_focus(canvas, placed)
        if not self._count.isNull():
            canvas.painter.setPen(canvas.type.colour("ink_soft"))
            canvas.painter.setFont(canvas.type.small.font)
            area = QRectF(self._count.translated(origin))
            words = f"{self._item.version} / {self._item.versions}"
            canvas.painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def _arrange(self) -> None:
        self._buttons.clear()
        self.width = 0
        for action in in_order(self._item):
            if action is Action.PREVIOUS_VERSION:
                self._add_versions()
            elif action is not Action.NEXT_VERSION:
                self._add(action)

    def _add(self, action: Action) -> None:
        labelled = self._words and action in LABELLED
        side = self._type.side
        width = side
        if labelled:
            words = round(self._type.small.metrics.horizontalAdvance(action.value))
            mark = self._type.px(CHEVRON if action in OPENS else ICON)
            width = 6 + mark + 5 + max(self._copied, words) + 8
        elif action is Action.REGENERATE_WITH:
            # It belongs to the button before it.
            self.width -= GAP
            width = side - 8
        target = Target(Kind.ACTION, self._item.id, action=action)
        button = Button(target, QRect(self.width, 0, width, side), action.value)
        self._buttons.append((button, ACTION_MARKS.get(action, Mark.CONTINUE)))
        self.width += width + GAP

    def _add_versions(self) -> None:
        self._add(Action.PREVIOUS_VERSION)
        words = f"{self._item.versions} / {self._item.versions}"
        width = round(self._type.small.metrics.horizontalAdvance(words)) + 8
        self._count = QRect(self.width, 0, width, self._type.side)
        self.width += width + GAP
        self._add(Action.NEXT_VERSION)


def _moved(button: Button, origin: QPoint) -> Button:
    return Button(button.target, button.rect.translated(origin), button.name, button.description)
