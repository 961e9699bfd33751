"""What the program looks like now: the theme, the size of type and movement, followed live."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase

from desktop_chat.domain.settings import (
    CODE_FONT,
    CODE_SIZE,
    COLUMN_WIDTH,
    DOLLAR_MATHS,
    FOLD_REASONING,
    FONT_SIZE,
    LINE_NUMBERS,
    REDUCED_MOTION,
    TEXT_FONT,
    THEME,
    WRAP_CODE,
    ZOOM,
)
from desktop_chat.transcript.formula.formulas import Formulas
from desktop_chat.transcript.look import Look
from desktop_chat.ui.look import icons, stem_darkening
from desktop_chat.ui.look.motion import MotionProbe
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.look.style import pixels, style_sheet
from desktop_chat.ui.look.theme import load_theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QIcon
    from PySide6.QtWidgets import QApplication

    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.look.theme import Theme


OBEYED: Final = {
    setting.name
    for setting in (
        THEME,
        FONT_SIZE,
        ZOOM,
        TEXT_FONT,
        CODE_FONT,
        CODE_SIZE,
        LINE_NUMBERS,
        WRAP_CODE,
        COLUMN_WIDTH,
        DOLLAR_MATHS,
        REDUCED_MOTION,
        FOLD_REASONING,
    )
}
UNBOUND: Final = 100_000


class Appearance(QObject):
    """Dresses the application, and tells when its clothes changed. There is one."""

    changed = Signal()

    def __init__(
        self,
        application: QApplication,
        preferences: Preferences | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._preferences: Preferences | None = None
        self._theme_choice = THEME.default
        self._theme: Theme
        self._base = FONT_SIZE.default
        self._zoom = ZOOM.default
        self._code_share = CODE_SIZE.default
        self._line_numbers, self._wrap_code = LINE_NUMBERS.default, WRAP_CODE.default
        self._column = COLUMN_WIDTH.default
        self._motion_choice = REDUCED_MOTION.default
        self._folds_reasoning = FOLD_REASONING.default
        self._system_animates = True
        self._dollar_maths = DOLLAR_MATHS.default
        self._formulas = Formulas(self)
        if sys.platform.startswith("linux"):
            stem_darkening.turn_off()
        application.setWindowIcon(icons.application_icon())
        # Icons are drawn for the screens that there are.
        application.screenAdded.connect(self._on_system_changed)
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self._ui_family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._fixed_family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self._text_family, self._code_family = self._ui_family, self._fixed_family
        self._probe = MotionProbe(self)
        self._probe.answered.connect(self._on_motion_answered)
        QTimer.singleShot(0, self._probe.start)
        if preferences is None:
            self._dress()
        else:
            self.follow(preferences)

    @property
    def theme(self) -> Theme:
        """The colours in force."""
        return self._theme

    @property
    def base(self) -> int:
        """The size of an answer's text in pixels, zoom included."""
        return max(8, round(self._base * self._zoom / 100))

    @property
    def zoom(self) -> int:
        """What every size of type is multiplied by, in percent."""
        return self._zoom

    @property
    def column(self) -> int:
        """The widest that text may run, in pixels; it grows with the type."""
        ordinary = FONT_SIZE.default
        return (self._column or UNBOUND) * max(ordinary, self.base) // ordinary

    @property
    def animate(self) -> bool:
        """Whether things may move."""
        if self._motion_choice == "system":
            return self._system_animates
        return self._motion_choice == "full"

    def colour(self, role: str) -> QColor:
        """Return a role's colour in the theme in force."""
        return self._theme.colour(role)

    def icon(self, name: str, role: str = "ink_soft", size: int = icons.SIZE) -> QIcon:
        """Return an icon in a role's colour, as large as type; ask again when `changed` comes."""
        side = scaled(self, size)
        return icons.icon(name, self.colour(role), self.colour("ink_disabled"), side)

    def ui_font(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the font of buttons, lists and labels."""
        return self._font(self._ui_family, "ui", weight)

    def small_font(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the smallest font there is."""
        return self._font(self._ui_family, "small", weight)

    def text_font(self) -> QFont:
        """Return the font of questions and answers."""
        return self._font(self._text_family, "body", QFont.Weight.Normal)

    def code_font(self) -> QFont:
        """Return the font of code."""
        font = QFont(self._code_family)
        font.setPixelSize(round(self.base * self._code_share / 100))
        return font

    def scaled(self, length: int) -> int:
        """Return a length that grows as the type does, such as a dialog's width."""
        return length * self.base // FONT_SIZE.default

    def look(self) -> Look:
        """Return what a transcript needs to paint itself."""
        return Look(
            colours=self._theme.colours,
            text_font=self.text_font(),
            code_font=self.code_font(),
            base=self.base,
            column=self.column,
            animate=self.animate,
            line_numbers=self._line_numbers,
            wrap_code=self._wrap_code,
            formulas=self._formulas,
            dollar_maths=self._dollar_maths,
            fold_reasoning=self._folds_reasoning,
        )

    def follow(self, preferences: Preferences) -> None:
        """Obey the person's settings from now on."""
        self._preferences = preferences
        preferences.setting_changed.connect(self._on_setting_changed)
        self._read_settings()
        self._dress()

    def set_zoom(self, percent: int) -> None:
        """Multiply every size of type, now and at the next start."""
        if percent == self._zoom:
            return
        if self._preferences is not None:
            self._preferences.set_value(ZOOM, percent)
        else:
            self._zoom = percent
            self._dress()

    @Slot()
    def _on_system_changed(self) -> None:
        self._dress()

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name in OBEYED:
            self._read_settings()
            self._dress()

    @Slot(bool)
    def _on_motion_answered(self, animates: bool) -> None:  # noqa: FBT001 - a slot
        if animates != self._system_animates:
            self._system_animates = animates
            self.changed.emit()

    def _read_settings(self) -> None:
        if self._preferences is not None:
            value = self._preferences.value
            self._theme_choice = value(THEME)
            self._base, self._zoom = value(FONT_SIZE), value(ZOOM)
            self._motion_choice = value(REDUCED_MOTION)
            self._folds_reasoning = value(FOLD_REASONING)
            self._code_share, self._column = value(CODE_SIZE), value(COLUMN_WIDTH)
            self._line_numbers, self._wrap_code = value(LINE_NUMBERS), value(WRAP_CODE)
            self._text_family = _family(value(TEXT_FONT), self._ui_family)
            self._code_family = _family(value(CODE_FONT), self._fixed_family)
            self._dollar_maths = value(DOLLAR_MATHS)

    def _choose_theme(self) -> Theme:
        hints = self._application.styleHints()
        dark = self._theme_choice == "dark"
        if self._theme_choice == "system":
            dark = self._system_is_dark()
        high = Qt.ContrastPreference.HighContrast
        if hints.accessibility().contrastPreference() == high:
            return load_theme("contrast_dark" if dark else "contrast_light")
        return load_theme("dark" if dark else "light")

    def _system_is_dark(self) -> bool:
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _dress(self) -> None:
        self._theme = self._choose_theme()
        self._application.setPalette(self._theme.palette())
        self._application.setFont(self.ui_font())
        sheet = style_sheet(self._theme, self.base, self._text_family)
        if sheet != self._application.styleSheet():
            self._application.setStyleSheet(sheet)
        self.changed.emit()

    def _font(self, family: QFont, size: str, weight: QFont.Weight) -> QFont:
        font = QFont(family)
        font.setPixelSize(pixels(self.base, size))
        font.setWeight(weight)
        return font


def _family(name: str, usual: QFont) -> QFont:
    """Return the family that was chosen, with the usual one for what it cannot write."""
    if not name:
        return usual
    font = QFont(usual)
    font.setFamilies([name, *usual.families()])
    return font
