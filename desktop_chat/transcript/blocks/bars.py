"""What tells that wide code and wide tables scroll: thin bars below, fading at the sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient

from desktop_chat.transcript.targets import Button, Kind, Target

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.blocks.box import Box, Canvas
    from desktop_chat.transcript.blocks.sideways import Sideways

THIN: Final = 4
THICK: Final = 8
FADE: Final = 20
"""How far before an edge fades what goes on beyond it."""


def bar_button(box: Box, item_id: str, description: str, origin: QPoint) -> list[Button]:
    """Return the bar of a box as a thing to reach by keyboard, where there is more than fits."""
    bar = box.sideways
    if bar is None or not bar.needed:
        return []
    target = Target(Kind.SIDEWAYS, item_id, block=box.block, leaf=box.number)
    return [Button(target, bar.area.translated(origin), "Scroll sideways", description)]


def paint_bar(canvas: Canvas, bar: Sideways, button: Button) -> None:
    """Paint a bar at its button's place, while somebody may want it."""
    hot = bar.held or button.target in (canvas.hovered, canvas.focused)
    if not bar.needed or not (bar.shown or hot):
        return
    thick = THICK if hot else THIN
    handle = bar.handle.translated(button.rect.topLeft() - bar.area.topLeft())
    painted = QRectF(handle.left(), handle.bottom() - thick - 1, handle.width(), thick)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    canvas.painter.setBrush(canvas.type.colour("control" if hot else "ink_disabled"))
    canvas.painter.drawRoundedRect(painted, thick / 2, thick / 2)


def fade_edges(canvas: Canvas, bar: Sideways, area: QRectF, ground: QColor) -> None:
    """Let what goes on beyond the sides of an area fade into its ground."""
    if bar.rest > 0:
        edge = QRectF(area.right() - FADE, area.top(), FADE, area.height())
        _fade(canvas, edge, ground, edge.left(), edge.right())
    if bar.x > 0:
        edge = QRectF(area.left(), area.top(), FADE, area.height())
        _fade(canvas, edge, ground, edge.right(), edge.left())


def _fade(canvas: Canvas, edge: QRectF, ground: QColor, inner: float, outer: float) -> None:
    clear = QColor(ground)
    clear.setAlpha(0)
    fade = QLinearGradient(inner, 0, outer, 0)
    fade.setColorAt(0, clear)
    fade.setColorAt(1, ground)
    canvas.painter.fillRect(edge, fade)
