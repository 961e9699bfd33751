"""How one tab is painted: its ground, its mark, its title and its ×."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from desktop_chat.ui.look.marks import Mark, paint_mark

if TYPE_CHECKING:
    from desktop_chat.ui.look.appearance import Appearance

PADDING: Final = 12
MARKED_LEFT: Final = 32
"""Where the title begins beside a mark."""
CLOSE_ROOM: Final = 30
"""What the × takes at the right, where it is shown."""
_CLOSE_SIZE: Final = 20
_MARK_SIZE: Final = 16
_HEIGHT: Final = 32
"""Of a tab at the ordinary size of type, which all these figures are given for."""


@dataclass(frozen=True, slots=True)
class TabFace:
    """What a tab shows. `key` tells tabs apart."""

    key: str
    title: str
    tooltip: str = ""
    mark: Mark = Mark.NONE
    preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TabSight:
    """A tab at the moment of painting."""

    face: TabFace
    rect: QRect
    chosen: bool
    hover: QPoint
    ring: bool
    """Whether it shows the keyboard's focus."""


def mark_rect(tab: QRect) -> QRectF:
    """Return where a tab's mark stands."""
    side = _grown(tab, _MARK_SIZE)
    return QRectF(tab.left() + 10, tab.center().y() - side / 2 + 1, side, side)


def close_rect(tab: QRect) -> QRect:
    """Return where a tab's × stands."""
    side = _grown(tab, _CLOSE_SIZE)
    return QRect(tab.right() - side - 5, tab.center().y() - side // 2 + 1, side, side)


def _grown(tab: QRect, pixels: int) -> int:
    """Return a size within a tab, which grows with the size of type."""
    return pixels * max(tab.height(), _HEIGHT) // _HEIGHT


def paint_tab(
    painter: QPainter, sight: TabSight, appearance: Appearance, angle: int, wanted: QRect
) -> None:
    """Paint what is wanted of a tab; `angle` is where the ring of an answering one stands."""
    colour = appearance.colour
    rect = sight.rect
    hovered = rect.contains(sight.hover)
    if sight.chosen or hovered:
        painter.setPen(QPen(colour("line")) if sight.chosen else Qt.PenStyle.NoPen)
        painter.setBrush(colour("surface" if sight.chosen else "hover"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    paint_mark(painter, mark_rect(rect), sight.face.mark, appearance, angle)
    # A ring that turns wants nothing but itself painted, many times a second.
    if title_rect(sight).adjusted(-2, 0, 2, 0).intersects(wanted):
        _paint_title(painter, sight, appearance)
    if sight.chosen or hovered:
        _paint_close(painter, sight, appearance)
    if sight.ring:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour("focus"), 2))
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 6, 6)


def ring_rect(sight: TabSight) -> QRect:
    """Return all that the ring of an answering tab is painted on."""
    return mark_rect(sight.rect).toAlignedRect()


def paint_ring(painter: QPainter, sight: TabSight, appearance: Appearance, angle: int) -> None:
    """Paint the ring of an answering tab, and nothing else of it."""
    if sight.chosen or sight.rect.contains(sight.hover):
        ground = appearance.colour("surface" if sight.chosen else "hover")
        painter.fillRect(ring_rect(sight), ground)
    paint_mark(painter, mark_rect(sight.rect), Mark.ANSWERING, appearance, angle)


def title_rect(sight: TabSight) -> QRect:
    """Return the room for a tab's title: all that no mark and no × takes."""
    closable = sight.chosen or sight.rect.contains(sight.hover)
    rect = sight.rect
    left = PADDING if sight.face.mark is Mark.NONE else _grown(rect, MARKED_LEFT)
    return rect.adjusted(left, 0, -(_grown(rect, CLOSE_ROOM) if closable else PADDING), 0)


def _paint_title(painter: QPainter, sight: TabSight, appearance: Appearance) -> None:
    font = appearance.ui_font()
    font.setItalic(sight.face.preview)
    painter.setFont(font)
    painter.setPen(appearance.colour("ink" if sight.chosen else "ink_soft"))
    words = title_rect(sight)
    title = QFontMetrics(font).elidedText(
        sight.face.title, Qt.TextElideMode.ElideRight, words.width()
    )
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(words, flags, title)


def _paint_close(painter: QPainter, sight: TabSight, appearance: Appearance) -> None:
    colour = appearance.colour
    rect = close_rect(sight.rect)
    under = rect.contains(sight.hover)
    if under:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("pressed"))
        painter.drawRoundedRect(QRectF(rect), 4, 4)
    pen = QPen(colour("ink" if under else "ink_soft"), 1.3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    inset = rect.width() * 0.325
    cross = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    painter.drawLine(cross.topLeft(), cross.bottomRight())
    painter.drawLine(cross.topRight(), cross.bottomLeft())
