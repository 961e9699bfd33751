"""The row under a long code block, which shows all of its lines or the first ones alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt

from desktop_chat.transcript.blocks.buttons import paint_ground
from desktop_chat.transcript.targets import Button, Target
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.blocks.box import Canvas
    from desktop_chat.transcript.text.typography import Typography

CHEVRON: Final = 12
PAD: Final = 8


def name(lines: int, *, folded: bool) -> str:
    """Return what the button is called."""
    return f"Show all {lines:,} lines" if folded else "Show less"


def button(
    target: Target, words: str, description: str, type_: Typography, origin: QPoint
) -> Button:
    """Return the button, in a row as high as a header whose left top is at `origin`."""
    mark = type_.px(CHEVRON)
    width = round(type_.small.metrics.horizontalAdvance(words)) + mark + 4 + 2 * PAD
    rect = QRect(8, 2, width, type_.card_header - 4).translated(origin)
    return Button(target, rect, words, description)


def paint(canvas: Canvas, placed: Button, *, folded: bool) -> None:
    """Paint the button at its own place."""
    painter, type_ = canvas.painter, canvas.type
    hot = paint_ground(canvas, placed)
    rect = QRectF(placed.rect)
    ink = type_.colour("ink" if hot else "ink_soft")
    size = type_.px(CHEVRON)
    chevron = QRectF(rect.left() + PAD, rect.center().y() - size / 2, size, size)
    draw_mark(painter, Mark.DOWN if folded else Mark.UP, chevron, ink)
    painter.setPen(ink)
    painter.setFont(type_.small.font)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect.adjusted(PAD + size + 4, 0, 0, 0), flags, placed.name)
