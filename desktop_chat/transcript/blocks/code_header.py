"""The header of a code block: its language at the left, Wrap, Save… and Copy at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from desktop_chat.transcript.blocks.buttons import paint_ground
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.blocks.box import Canvas
    from desktop_chat.transcript.text.typography import Typography

EDGE: Final = 16
GAP: Final = 16
CHECK: Final = 10
CHECK_GAP: Final = 3
SHADOW: Final = 6
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
WORDS: Final = {Kind.WRAP_CODE: "Wrap", Kind.SAVE_CODE: "Save…", Kind.COPY_CODE: "Copy"}


class Slot(NamedTuple):
    """Where a button of the header stands."""

    kind: Kind
    left: int
    width: int


def slots(type_: Typography, width: int) -> list[Slot]:
    """Return the buttons of a header of some width; Copy is the last one to be left out."""
    metrics = type_.small.metrics
    copy, copied = (round(metrics.horizontalAdvance(one)) for one in ("Copy", "Copied"))
    room = max(copy + GAP, copied + type_.px(CHECK) + CHECK_GAP + 4)
    found = [Slot(Kind.COPY_CODE, width - EDGE - copy - (room - copy) // 2, room)]
    right = width - EDGE - copy - GAP
    for kind in (Kind.SAVE_CODE, Kind.WRAP_CODE):
        words = round(metrics.horizontalAdvance(WORDS[kind]))
        if right - words < EDGE:
            break
        left = right - words - GAP // 2
        # Copy needs some of the gap for its check.
        end = min(right + GAP // 2, found[0].left)
        found.insert(0, Slot(kind, left, end - left))
        right -= words + GAP
    return found


def buttons(
    placed: list[Slot], type_: Typography, target: Target, description: str, origin: QPoint
) -> list[Button]:
    """Return the buttons, with `target` telling which block they belong to."""
    height = type_.card_header - 4
    return [
        Button(
            Target(one.kind, target.item_id, block=target.block, leaf=target.leaf),
            QRect(one.left, 2, one.width, height).translated(origin),
            WORDS[one.kind],
            description,
        )
        for one in placed
    ]


def paint_button(canvas: Canvas, button: Button, *, wrapping: bool) -> None:
    """Paint a button of a header at its own place."""
    painter, type_ = canvas.painter, canvas.type
    hot = paint_ground(canvas, button)
    done = button.target == canvas.confirmed
    on = wrapping and button.target.kind is Kind.WRAP_CODE
    rect = QRectF(button.rect)
    painter.setFont(type_.small.font)
    painter.setPen(type_.colour("accent" if on else "ink" if hot or done else "ink_soft"))
    if button.target.kind is not Kind.COPY_CODE:
        # The right side may be short, for the sake of Copy.
        area = QRectF(rect.left() + GAP // 2, rect.top(), rect.width() + GAP, rect.height())
        painter.drawText(area, LEFT, button.name)
    elif done:
        _paint_copied(canvas, rect)
    else:
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, button.name)


def _paint_copied(canvas: Canvas, rect: QRectF) -> None:
    painter, type_ = canvas.painter, canvas.type
    words = type_.small.metrics.horizontalAdvance("Copied")
    check = type_.px(CHECK)
    left = rect.center().x() - (words + check + CHECK_GAP) / 2
    mark = QRectF(left, rect.center().y() - check / 2, check, check)
    draw_mark(painter, Mark.CHECK, mark, type_.colour("success"))
    painter.setPen(type_.colour("ink"))
    area = QRectF(mark.right() + CHECK_GAP, rect.top(), words + 2, rect.height())
    painter.drawText(area, LEFT, "Copied")


def paint(canvas: Canvas, width: int, top: int, words: str, room: int) -> None:
    """Paint the header, at its place or, lower, over the lines that scroll beneath it."""
    painter, type_ = canvas.painter, canvas.type
    height = type_.card_header
    line = type_.colour("line")
    if top > 0:
        painter.fillRect(QRectF(0, top, width, height), type_.colour("code"))
        painter.fillRect(QRectF(0, top, 1, height), line)
        painter.fillRect(QRectF(width - 1, top, 1, height), line)
        _paint_shadow(painter, QRectF(1, top + height + 1, width - 2, SHADOW), line)
    painter.fillRect(QRectF(1, top + height, width - 2, 1), line)
    painter.setFont(type_.small.font)
    painter.setPen(type_.colour("ink_soft"))
    shown = type_.small.metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(EDGE, top, room + 2, height), LEFT, shown)


def paint_card(canvas: Canvas, width: int, height: int) -> QRectF:
    """Paint the ground of a card and its edge."""
    painter, type_ = canvas.painter, canvas.type
    card = QRectF(0.5, 0.5, width - 1, height - 1)
    painter.setPen(QPen(type_.colour("line"), 1))
    painter.setBrush(type_.colour("code"))
    painter.drawRoundedRect(card, 8, 8)
    return card


def _paint_shadow(painter: QPainter, area: QRectF, colour: QColor) -> None:
    clear = QColor(colour)
    clear.setAlpha(0)
    strong = QColor(colour)
    strong.setAlpha(160)
    fade = QLinearGradient(0, area.top(), 0, area.bottom())
    fade.setColorAt(0, strong)
    fade.setColorAt(1, clear)
    painter.fillRect(area, fade)
