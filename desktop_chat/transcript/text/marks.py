"""The few small drawings that the transcript needs, as paths in a square of 16 units."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from PySide6.QtGui import QColor


class Mark(Enum):
    """What can be drawn."""

    COPY = "copy"
    CHECK = "check"
    REFRESH = "refresh"
    PENCIL = "pencil"
    CONTINUE = "continue"
    RIGHT = "right"
    LEFT = "left"
    DOWN = "down"
    UP = "up"
    ARROW_DOWN = "arrow down"
    ALERT = "alert"
    PICTURE = "picture"
    MORE = "more"


ACTION_MARKS = {
    Action.COPY: Mark.COPY,
    Action.REGENERATE: Mark.REFRESH,
    Action.RETRY: Mark.REFRESH,
    Action.CONTINUE: Mark.CONTINUE,
    Action.EDIT: Mark.PENCIL,
    Action.COPY_AS: Mark.DOWN,
    Action.REGENERATE_WITH: Mark.DOWN,
    Action.MORE: Mark.MORE,
    Action.PREVIOUS_VERSION: Mark.LEFT,
    Action.NEXT_VERSION: Mark.RIGHT,
}


def _lines(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    return path


def _copy() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5.5, 5.5, 8, 8), 1.5, 1.5)
    path.moveTo(3.5, 10.5)
    path.lineTo(3, 10.5)
    path.arcTo(QRectF(2.5, 8.5, 2, 2), 270, -90)
    path.lineTo(2.5, 4)
    path.arcTo(QRectF(2.5, 2.5, 3, 3), 180, -90)
    path.lineTo(9.5, 2.5)
    path.arcTo(QRectF(8.5, 2.5, 2, 2), 90, -90)
    return path


def _refresh() -> QPainterPath:
    path = QPainterPath()
    box = QRectF(3, 3, 10, 10)
    path.arcMoveTo(box, 30)
    path.arcTo(box, 30, 300)
    path.addPath(_lines((12.6, 2.4), (12.4, 5.6), (9.2, 5.4)))
    return path


def _pencil() -> QPainterPath:
    path = _lines((3, 13), (3.6, 10.2), (10.8, 3), (13, 5.2), (5.8, 12.4), (3, 13))
    path.addPath(_lines((9.2, 4.6), (11.4, 6.8)))
    return path


def _alert() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(2, 2, 12, 12))
    path.addPath(_lines((8, 5), (8, 8.6)))
    path.addPath(_lines((8, 10.9), (8, 11.1)))
    return path


def _more() -> QPainterPath:
    path = QPainterPath()
    for x in (3.5, 8, 12.5):
        path.addEllipse(QPointF(x, 8), 0.5, 0.5)
    return path


def _picture() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(2, 3, 12, 10), 1.5, 1.5)
    path.addEllipse(QRectF(4.6, 5.4, 2.2, 2.2))
    path.addPath(_lines((2.6, 11.6), (6.2, 8.6), (8.4, 10.4), (10.6, 7.8), (13.6, 10.6)))
    return path


_PATHS = {
    Mark.COPY: _copy(),
    Mark.CHECK: _lines((3, 8.5), (6.5, 12), (13, 4.5)),
    Mark.REFRESH: _refresh(),
    Mark.PENCIL: _pencil(),
    Mark.CONTINUE: _lines((3, 8), (13, 8)),
    Mark.RIGHT: _lines((6, 3.5), (10.5, 8), (6, 12.5)),
    Mark.LEFT: _lines((10, 3.5), (5.5, 8), (10, 12.5)),
    Mark.DOWN: _lines((3.5, 6), (8, 10.5), (12.5, 6)),
    Mark.UP: _lines((3.5, 10.5), (8, 6), (12.5, 10.5)),
    Mark.ARROW_DOWN: _lines((8, 2.5), (8, 13)),
    Mark.ALERT: _alert(),
    Mark.PICTURE: _picture(),
    Mark.MORE: _more(),
}
_PATHS[Mark.CONTINUE].addPath(_lines((9, 4), (13, 8), (9, 12)))
_PATHS[Mark.ARROW_DOWN].addPath(_lines((3.8, 8.8), (8, 13), (12.2, 8.8)))


def draw_mark(painter: QPainter, mark: Mark, box: QRectF, colour: QColor) -> None:
    """Draw a mark centred in `box`, as large as the smaller side allows."""
    size = min(box.width(), box.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center().x() - size / 2, box.center().y() - size / 2)
    painter.scale(size / 16, size / 16)
    pen = QPen(colour, 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_PATHS[mark])
    painter.restore()
