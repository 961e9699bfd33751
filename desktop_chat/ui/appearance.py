"""What the program looks like now: the theme, the size of type and movement, followed live."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase

from desktop_chat.domain.settings import FONT_SIZE, REDUCED_MOTION, THEME
from desktop_chat.transcript.look import Look
from desktop_chat.ui import icons, stem_darkening
from desktop_chat.ui.motion import MotionProbe
from desktop_chat.ui.style import pixels, style_sheet
from desktop_chat.ui.theme import load_theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QIcon
    from PySide6.QtWidgets import QApplication

    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.theme import Theme


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
        self._zoom = 1.0
        self._motion_choice = REDUCED_MOTION.default
        self._system_animates = True
        if sys.platform.startswith("linux"):
            stem_darkening.turn_off()
        application.setWindowIcon(icons.application_icon())
        # Icons are drawn for the screens that there are.
        application.screenAdded.connect(self._on_system_changed)
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self._text_family = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._code_family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
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
        return max(8, round(self._base * self._zoom))

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
        """Return an icon in a role's colour; ask again when `changed` comes."""
        return icons.icon(name, self.colour(role), self.colour("ink_disabled"), size)

    def ui_font(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the font of buttons, lists and labels."""
        return self._font(self._text_family, "ui", weight)

    def small_font(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the smallest font there is."""
        return self._font(self._text_family, "small", weight)

    def text_font(self) -> QFont:
        """Return the font of questions and answers."""
        return self._font(self._text_family, "body", QFont.Weight.Normal)

    def code_font(self) -> QFont:
        """Return the font of code."""
        return self._font(self._code_family, "code", QFont.Weight.Normal)

    def scaled(self, length: int) -> int:
        """Return a length that grows as the type does, such as a dialog's width."""
        return length * self.base // FONT_SIZE.default

    def look(self, column: int = 680) -> Look:
        """Return what a transcript needs to paint itself."""
        return Look(
            colours=self._theme.colours,
            text_font=self.text_font(),
            code_font=self.code_font(),
            base=self.base,
            column=column,
            animate=self.animate,
        )

    def follow(self, preferences: Preferences) -> None:
        """Obey the person's settings from now on."""
        self._preferences = preferences
        preferences.setting_changed.connect(self._on_setting_changed)
        self._read_settings()
        self._dress()

    def set_zoom(self, factor: float) -> None:
        """Multiply every size of type."""
        if factor != self._zoom:
            self._zoom = factor
            self._dress()

    @Slot()
    def _on_system_changed(self) -> None:
        self._dress()

    @Slot(str)
    def _on_setting_changed(self, name: str) -> None:
        if name in {THEME.name, FONT_SIZE.name, REDUCED_MOTION.name}:
            self._read_settings()
            self._dress()

    @Slot(bool)
    def _on_motion_answered(self, animates: bool) -> None:  # noqa: FBT001 - a slot
        if animates != self._system_animates:
            self._system_animates = animates
            self.changed.emit()

    def _read_settings(self) -> None:
        if self._preferences is not None:
            self._theme_choice = self._preferences.value(THEME)
            self._base = self._preferences.value(FONT_SIZE)
            self._motion_choice = self._preferences.value(REDUCED_MOTION)

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
        sheet = style_sheet(self._theme, self.base)
        if sheet != self._application.styleSheet():
            self._application.setStyleSheet(sheet)
        self.changed.emit()

    def _font(self, family: QFont, size: str, weight: QFont.Weight) -> QFont:
        font = QFont(family)
        font.setPixelSize(pixels(self.base, size))
        font.setWeight(weight)
        return font
