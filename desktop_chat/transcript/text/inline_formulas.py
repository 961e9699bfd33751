"""Formulas in running text: each stands in its line as one letter as wide as the formula is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QTextCharFormat

from desktop_chat.markdown.blocks import Style
from desktop_chat.transcript.formula.formulas import Absent
from desktop_chat.transcript.text.typography import formula_size

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QColor, QPainter

    from desktop_chat.markdown.blocks import Inline
    from desktop_chat.markdown.drawn_formula import Formula
    from desktop_chat.transcript.formula.ink import FormulaInk
    from desktop_chat.transcript.text.typography import Face, Typography

LETTER: Final = "x"
"""Never seen. A letter, so that lines break around a formula where they do around a word."""
APART: Final = 2
"""Pixels between a formula and the lines above and below."""
DISPLAYED: Final = ("$$", "\\[")


class Standing(NamedTuple):
    """A formula, and the stretch of text it stands for."""

    start: int
    end: int
    formula: Formula


class InlineFormulas:
    """The formulas of one text."""

    __slots__ = ("_face", "_formats", "_ink", "_standing", "waits")

    def __init__(self, face: Face, ink: FormulaInk) -> None:
        self._face = face
        self._ink = ink
        self._standing: list[Standing] = []
        self._formats: dict[int, QTextCharFormat] = {}
        self.waits = False
        """Whether one is still being drawn."""

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """Where in the text the drawn formulas stand."""
        return [(one.start, one.end) for one in self._standing]

    def add(self, standing: Standing) -> None:
        """Take in the next formula."""
        self._standing.append(standing)
        width = standing.formula.width * formula_size(self._face)
        self._formats[standing.start] = _blank(width, self._face.font)

    def shown(self, text: str) -> str:
        """Return the text that is laid out."""
        pieces: list[str] = []
        at = 0
        for one in self._standing:
            pieces += [text[at : one.start], LETTER]
            at = one.end
        return "".join([*pieces, text[at:]])

    def format(self, start: int) -> QTextCharFormat | None:
        """Return the format of the letter for what begins at an offset, where it is drawn."""
        return self._formats.get(start)

    def tallest(self, units: list[int], start: int, end: int) -> tuple[float, float]:
        """Return how far the formulas on a line reach above its baseline and below."""
        size, above, below = formula_size(self._face), 0.0, 0.0
        for unit, one in zip(units, self._standing, strict=True):
            if start <= unit < end:
                above = max(above, one.formula.ascent * size + APART)
                below = max(below, one.formula.descent * size + APART)
        return above, below

    def paint(self, painter: QPainter, number: int, at: QPointF, ink: QColor) -> None:
        """Paint a formula, its baseline beginning at a point."""
        painter.setFont(self._face.font)
        size = formula_size(self._face)
        self._ink.paint(painter, self._standing[number].formula, at, size, ink)


def formulas_in(inline: Inline, face: Face, type_: Typography, width: int) -> InlineFormulas | None:
    """Return the formulas of a text; None where it has none, or none is drawn here."""
    formulas = type_.look.formulas
    spans = [span for span in inline.spans if span.style & Style.MATH]
    if formulas is None or not spans:
        return None
    made = InlineFormulas(face, formulas.ink)
    for span in spans:
        source = inline.text[span.start : span.end]
        found = formulas.find(source, display=source.startswith(DISPLAYED))
        if found is Absent.WAITING:
            made.waits = True
        elif not isinstance(found, Absent) and found.width * formula_size(face) <= width:
            made.add(Standing(span.start, span.end, found))
    return made


def _blank(width: float, font: QFont) -> QTextCharFormat:
    """Return the format of a letter that is not seen and takes a width."""
    tiny = QFont(font)
    tiny.setPixelSize(1)
    rest = width - QFontMetricsF(tiny).horizontalAdvance(LETTER)
    tiny.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, rest)
    made = QTextCharFormat()
    made.setFont(tiny)
    made.setForeground(QBrush(Qt.GlobalColor.transparent))
    return made
