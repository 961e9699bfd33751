"""Small buttons painted by us: icons in a square, and words that look like links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from desktop_chat.transcript.blocks.box import Canvas
    from desktop_chat.transcript.text.typography import Face

ICON: Final = 15
CHEVRON: Final = 10
"""Of marks beside text of the ordinary size; they grow with it."""


def paint_ground(canvas: Canvas, button: Button) -> bool:
    """Paint what tells that a button is under the pointer; return whether it is."""
    hot = button.target == canvas.hovered
    if hot:
        canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        canvas.painter.setBrush(canvas.type.colour("hover"))
        canvas.painter.drawRoundedRect(QRectF(button.rect), 6, 6)
    return hot


def paint_icon(canvas: Canvas, button: Button, mark: Mark, size: int = ICON) -> None:
    """Paint a button that is a mark alone."""
    hot = paint_ground(canvas, button)
    done = button.target == canvas.confirmed
    ink = "success" if done else "ink" if hot else "ink_soft"
    side = canvas.type.px(size)
    box = QRectF(0, 0, side, side)
    box.moveCenter(QRectF(button.rect).center())
    draw_mark(canvas.painter, Mark.CHECK if done else mark, box, canvas.type.colour(ink))


def paint_labelled(canvas: Canvas, button: Button, mark: Mark, words: str) -> None:
    """Paint a button with a mark and words."""
    hot = paint_ground(canvas, button)
    done = button.target == canvas.confirmed
    rect = QRectF(button.rect)
    ink = canvas.type.colour("ink" if hot or done else "ink_soft")
    icon = canvas.type.px(ICON)
    box = QRectF(rect.left() + 6, rect.center().y() - icon / 2, icon, icon)
    colour = canvas.type.colour("success") if done else ink
    draw_mark(canvas.painter, Mark.CHECK if done else mark, box, colour)
    canvas.painter.setPen(ink)
    canvas.painter.setFont(canvas.type.small.font)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    canvas.painter.drawText(rect.adjusted(6 + icon + 5, 0, 0, 0), flags, words)


def paint_opening(canvas: Canvas, button: Button, mark: Mark, words: str) -> None:
    """Paint a button with words, and behind them the mark of what opens a menu."""
    hot = paint_ground(canvas, button)
    done = button.target == canvas.confirmed
    rect = QRectF(button.rect)
    ink = canvas.type.colour("ink" if hot or done else "ink_soft")
    canvas.painter.setPen(ink)
    canvas.painter.setFont(canvas.type.small.font)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    canvas.painter.drawText(rect.adjusted(8, 0, 0, 0), flags, words)
    size = canvas.type.px(CHEVRON)
    box = QRectF(rect.right() - 8 - size, rect.center().y() - size / 2, size, size)
    colour = canvas.type.colour("success") if done else ink
    draw_mark(canvas.painter, Mark.CHECK if done else mark, box, colour)


def paint_words(canvas: Canvas, button: Button, face: Face, ink: str) -> None:
    """Paint a button that looks like a link; underlined under the pointer."""
    done = button.target == canvas.confirmed
    painter, rect = canvas.painter, QRectF(button.rect)
    painter.setFont(face.font)
    painter.setPen(canvas.type.colour(ink))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect, flags, "Copied" if done else button.name)
    if button.target == canvas.hovered:
        y = rect.center().y() + face.metrics.ascent() / 2 + 1
        painter.fillRect(QRectF(rect.left(), round(y), rect.width(), 1), canvas.type.colour(ink))


def paint_message_focus(canvas: Canvas, item_id: str, rect: QRect) -> None:
    """Paint the ring around what stands for a whole message, where the keyboard went to it."""
    button = Button(Target(Kind.MESSAGE, item_id), rect.adjusted(-3, -3, 3, 3), "")
    paint_focus(canvas, button)


def paint_focus(canvas: Canvas, button: Button) -> None:
    """Paint the ring of the keyboard's focus."""
    if button.target != canvas.focused:
        return
    canvas.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    canvas.painter.setPen(QPen(canvas.type.colour("focus"), 2))
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
    canvas.painter.drawRoundedRect(QRectF(button.rect).adjusted(-1, -1, 1, 1), 6, 6)
