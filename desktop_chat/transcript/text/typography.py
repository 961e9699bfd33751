"""Sizes, faces and formats, all derived from a look: the one place that knows the type scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat

from desktop_chat.markdown.blocks import Style

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from desktop_chat.transcript.look import Look

SEMIBOLD: Final = QFont.Weight.DemiBold
HEADING_SIZES: Final = {1: (1.4, 28), 2: (1.2, 26), 3: (1.067, 24)}
UI_SHARE: Final = 0.867
SMALL_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font with the rhythm of its lines: each at least `line` high, its baseline at `base`."""

    font: QFont
    metrics: QFontMetricsF
    line: int
    base: float
    colour: str
    """The role of its ink."""
    advance: float
    """The width of an average letter, for estimates."""


X_HEIGHT: Final = 0.473
"""That of the formulas' font, as a share of its size."""
LARGEST: Final = 1.2


def formula_size(face: Face) -> float:
    """Return the size at which letters of formulas are as high as those of the text."""
    size = face.font.pixelSize()
    return min(max(face.metrics.xHeight() / X_HEIGHT, size), LARGEST * size)


class Typography:
    """The faces and character formats of one look; made once, shared by every layout."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.scale = look.base / 15
        given = look.code_font.pixelSize()
        self._code_size = given if given > 0 else self._share(UI_SHARE)
        self.body = self._face(look.base, 24)
        self.ui = self._face(self._share(UI_SHARE), 18)
        self.ui_soft = self._face(self._share(UI_SHARE), 18, colour="ink_soft")
        self.ui_strong = self._face(self._share(UI_SHARE), 18, strong=True)
        self.small = self._face(self._share(SMALL_SHARE), 16, colour="ink_soft")
        self.faint = self._face(look.base, 24, colour="ink_faint")
        self.reasoning = self._face(self._share(UI_SHARE), 20, colour="ink_soft")
        self.notice = self._face(self._share(0.933), 22)
        self.quiet = self._face(self._share(UI_SHARE), 20, colour="ink_faint")
        self.quote = self._face(look.base, 24, colour="ink_soft")
        self.strong = self._face(look.base, 24, strong=True)
        self.code = self._face(self._code_size, self._code_size * 20 / 13 / self.scale, code=True)
        self._headings = {level: self._heading(level) for level in range(1, 7)}
        self._formats: dict[tuple[Style, int], QTextCharFormat] = {}
        self._inks: dict[str, QTextCharFormat] = {}

    def selected_format(self, ground: str) -> QTextCharFormat | None:
        """Return the format of selected text, where its ink is another one."""
        wanted = "selection_ink"
        if ground != "selection" or self.colour(wanted) == self.colour("ink"):
            return None
        return self.ink_format(wanted)

    @property
    def side(self) -> int:
        """The height of a button in the text; large enough to hit, and for its words."""
        return max(28, self.ui.line + 10)

    @property
    def card_header(self) -> int:
        """The height of a code card's header."""
        return max(32, self.small.line + 16)

    def px(self, pixels: float) -> int:
        """Return a length of the design, scaled with the text."""
        return round(pixels * self.scale)

    def colour(self, role: str) -> QColor:
        """Return the colour of a role."""
        return self.look.colour(role)

    def heading(self, level: int) -> Face:
        """Return the face of a heading of level 1 to 6."""
        return self._headings[level]

    def style_format(self, style: Style, face: Face) -> QTextCharFormat:
        """Return the format of a styled run in a text of `face`."""
        size = face.font.pixelSize()
        known = self._formats.get((style, size))
        if known is None:
            known = self._formats[style, size] = self._style_format(style, face)
        return known

    def ink_format(self, role: str) -> QTextCharFormat:
        """Return a format that only colours."""
        known = self._inks.get(role)
        if known is None:
            known = self._inks[role] = QTextCharFormat()
            known.setForeground(self.colour(role))
        return known

    def _share(self, share: float) -> int:
        return round(self.look.base * share)

    def _heading(self, level: int) -> Face:
        share, line = HEADING_SIZES.get(level, (1.0, 24))
        ink = "ink_soft" if level >= 5 else "ink"
        return self._face(self._share(share), line, strong=True, colour=ink)

    def _face(
        self,
        size: int,
        line: float,
        *,
        strong: bool = False,
        code: bool = False,
        colour: str = "ink",
    ) -> Face:
        font = QFont(self.look.code_font if code else self.look.text_font)
        font.setPixelSize(size)
        font.setWeight(SEMIBOLD if strong else QFont.Weight.Normal)
        metrics = QFontMetricsF(font)
        height = self.px(line)
        base = (height - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
        advance = metrics.horizontalAdvance("n" if code else "the quick brown fox jumps") / (
            1 if code else 25
        )
        return Face(font, metrics, height, round(base), colour, advance)

    def _style_format(self, style: Style, face: Face) -> QTextCharFormat:
        made = QTextCharFormat()
        if style & Style.CODE:
            font = QFont(self.look.code_font)
            share = self._code_size / self.look.base
            font.setPixelSize(round(face.font.pixelSize() * share))
            font.setWeight(face.font.weight())
            made.setFont(font)
        if style & Style.STRONG:
            made.setFontWeight(SEMIBOLD)
        if style & (Style.EMPHASIS | Style.IMAGE):
            made.setFontItalic(True)
        if style & Style.STRIKE:
            made.setFontStrikeOut(True)
        if style & Style.NOTE:
            made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if style & (Style.IMAGE | Style.NOTE | Style.NOTE_LABEL):
            made.setForeground(self.colour("ink_soft"))
        elif style & Style.LINK:
            made.setForeground(self.colour("link"))
            made.setFontUnderline(True)
        return made
