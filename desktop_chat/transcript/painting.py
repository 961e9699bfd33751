"""Paints what is visible of a conversation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QLinearGradient

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from desktop_chat.transcript.blocks.box import Canvas, Range
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.messages.selection import Selection
    from desktop_chat.transcript.text.grounds import MessageMarks

EDGE: Final = 16
"""Over so much height the text fades out at the view's bottom."""


def paint(
    canvas: Canvas,
    document: Document,
    selection: Selection | None,
    shows_actions: Callable[[int], bool],
    marks: Callable[[str], MessageMarks | None] | None = None,
) -> int | None:
    """Paint the messages that stand between the canvas's heights.

    Returns the number of a message that did not let itself be painted: it stands as plain text
    now, has another height, and all is to be painted again. The painter is of no use any more.
    """
    painter = canvas.painter
    for number, y in document.visible(canvas.top, canvas.bottom):
        here = canvas.moved(y)
        here.actions = shows_actions(number)
        if marks is not None:
            here.hits = marks(document.messages[number].item.id)

        def selected(part: int, block: int, number: int = number) -> Range | None:
            return selection.part_of(number, part, block) if selection is not None else None

        painter.translate(0, y)
        if not document.attempt(number, partial(_painted, here, selected)):
            return number
        painter.translate(0, -y)
    return None


def fade_out(painter: QPainter, surface: QColor, width: int, bottom: int) -> None:
    """Let what goes on below the view fade out: no line ends against what stands there."""
    clear = QColor(surface)
    clear.setAlpha(0)
    fade = QLinearGradient(0, bottom - EDGE, 0, bottom)
    fade.setColorAt(0, clear)
    fade.setColorAt(1, surface)
    painter.fillRect(QRect(0, bottom - EDGE, width, EDGE), fade)


def _painted(
    canvas: Canvas, selected: Callable[[int, int], Range | None], message: Message
) -> None:
    message.paint(canvas, selected)
