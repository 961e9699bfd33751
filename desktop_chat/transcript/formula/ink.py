"""Formulas in ink: glyphs become paths once, and every formula is filled with the text's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainterPath, QPen, QTransform

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter

    from desktop_chat.markdown.drawn_formula import Formula, Outline, Words

MOST_PATHS: Final = 1000
"""Glyphs whose paths are kept; texts have a few hundred."""


class FormulaInk:
    """Paints formulas. Keeps the paths of glyphs, which all formulas share."""

    __slots__ = ("_paths",)

    def __init__(self) -> None:
        self._paths: dict[Outline, QPainterPath] = {}

    def paint(
        self, painter: QPainter, formula: Formula, at: QPointF, size: float, ink: QColor
    ) -> None:
        """Paint a formula in the painter's font, its baseline beginning at a point."""
        painter.save()
        painter.translate(at)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        _paint_bars(painter, formula, size)
        here = painter.worldTransform()
        places = formula.places
        for number, outline in enumerate(formula.outlines):
            x, y, scale = places[3 * number : 3 * number + 3]
            placed = QTransform(scale * size, 0, 0, scale * size, x * size, y * size)
            painter.setWorldTransform(placed * here)
            painter.drawPath(self._path(outline))
        painter.setWorldTransform(here)
        _paint_strokes(painter, formula, size, ink)
        painter.setPen(ink)
        for words in formula.words:
            _paint_words(painter, words, size)
        painter.restore()

    def _path(self, outline: Outline) -> QPainterPath:
        known = self._paths.get(outline)
        if known is None:
            if len(self._paths) >= MOST_PATHS:
                self._paths.clear()
            known = self._paths[outline] = _path_of(outline)
        return known


def _path_of(outline: Outline) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    points, at, begins = outline.points, 0, True
    for count in outline.commands:
        pen = points[at : at + 2 * count]
        at += 2 * count
        match count:
            case 0:
                path.closeSubpath()
            case 1 if begins:
                path.moveTo(*pen)
            case 1:
                path.lineTo(*pen)
            case 2:
                path.quadTo(*pen)
            case _:
                path.cubicTo(*pen)
        begins = count == 0
    return path


def _paint_bars(painter: QPainter, formula: Formula, size: float) -> None:
    bars = formula.bars
    for number in range(0, len(bars), 4):
        x, y, width, height = (one * size for one in bars[number : number + 4])
        painter.fillRect(QRectF(x, y, width, height), painter.brush())


def _paint_strokes(painter: QPainter, formula: Formula, size: float, ink: QColor) -> None:
    strokes = formula.strokes
    for number in range(0, len(strokes), 5):
        x, y, to_x, to_y, thick = (one * size for one in strokes[number : number + 5])
        painter.setPen(QPen(ink, max(thick, 1)))
        painter.drawLine(QLineF(x, y, to_x, to_y))


def _paint_words(painter: QPainter, words: Words, size: float) -> None:
    painter.save()
    own = QFont(painter.font())
    own.setPixelSize(max(round(size * words.size), 1))
    painter.setFont(own)
    painter.translate(words.x * size, words.y * size)
    natural = painter.fontMetrics().horizontalAdvance(words.text)
    if natural > 0:
        painter.scale(words.width * size / natural, 1)
    painter.drawText(QPointF(0, 0), words.text)
    painter.restore()
