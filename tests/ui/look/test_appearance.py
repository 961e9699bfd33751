"""The program's clothes: they follow the system and the settings while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_chat.domain.resources import resource
from desktop_chat.domain.settings import (
    CODE_FONT,
    CODE_SIZE,
    COLUMN_WIDTH,
    FONT_SIZE,
    LINE_NUMBERS,
    REDUCED_MOTION,
    TEXT_FONT,
    THEME,
    WRAP_CODE,
    ZOOM,
    AnySetting,
)
from desktop_chat.ui.controls.buttons import IconButton, TextButton
from desktop_chat.ui.controls.focus_ring import is_ringed
from desktop_chat.ui.look import icons
from desktop_chat.ui.look.zoom import Zoom

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance


class Settings(QObject):
    """Settings in memory, as the appearance reads them."""

    setting_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, object] = {}

    def value(self, setting: AnySetting) -> Any:
        return self._values.get(setting.name, setting.default)

    def set_value(self, setting: AnySetting, value: object) -> None:
        self.put(setting, value)

    def put(self, setting: AnySetting, value: object) -> None:
        self._values[setting.name] = value
        self.setting_changed.emit(setting.name)


@pytest.fixture
def system_dark(appearance: Appearance, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Lets the system change its colours; Qt's plugin without a screen cannot."""

    def change(dark: bool) -> None:
        monkeypatch.setattr(appearance, "_system_is_dark", lambda: dark)
        scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)

    return change


def test_it_follows_the_system_live(
    qtbot: QtBot, appearance: Appearance, system_dark: Callable[[bool], None]
) -> None:
    system_dark(False)
    assert appearance.theme.name == "light"
    with qtbot.waitSignal(appearance.changed):
        system_dark(True)
    assert appearance.theme.name == "dark"
    assert appearance.look().colour("ink") == appearance.colour("ink")


def test_a_setting_wins_over_the_system(
    appearance: Appearance, system_dark: Callable[[bool], None]
) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    system_dark(False)
    settings.put(THEME, "dark")
    assert appearance.theme.name == "dark"
    settings.put(THEME, "system")
    assert appearance.theme.name == "light"


def test_every_size_follows_the_base(appearance: Appearance) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    assert appearance.text_font().pixelSize() == 15
    assert appearance.ui_font().pixelSize() == 13
    assert appearance.small_font().pixelSize() == 12
    assert appearance.code_font().pixelSize() == 13
    settings.put(FONT_SIZE, 20)
    assert appearance.look().base == 20
    assert appearance.text_font().pixelSize() == 20
    appearance.set_zoom(200)
    assert appearance.look().base == 40


def test_zoom_is_remembered_and_goes_in_steps(appearance: Appearance) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    zoom = Zoom(appearance)
    zoom.step(1)
    assert settings.value(ZOOM) == 110
    assert appearance.text_font().pixelSize() == 16
    for _ in range(20):
        zoom.step(-1)
    assert settings.value(ZOOM) == 80
    zoom.reset()
    assert settings.value(ZOOM) == 100


def test_text_and_code_have_families_and_code_a_size_of_its_own(appearance: Appearance) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    usual = appearance.ui_font().family()
    settings.put(TEXT_FONT, "Nimbus Roman")
    settings.put(CODE_FONT, "Noto Mono")
    settings.put(CODE_SIZE, 100)
    look = appearance.look()
    assert look.text_font.families()[0] == "Nimbus Roman"
    assert look.code_font.families()[0] == "Noto Mono"
    assert look.code_font.pixelSize() == look.text_font.pixelSize() == 15
    assert appearance.ui_font().family() == usual
    settings.put(TEXT_FONT, "")
    assert appearance.look().text_font.family() == usual


def test_code_is_numbered_and_wrapped_as_the_settings_say(appearance: Appearance) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    assert not appearance.look().line_numbers
    assert not appearance.look().wrap_code
    settings.put(LINE_NUMBERS, True)
    settings.put(WRAP_CODE, True)
    assert appearance.look().line_numbers
    assert appearance.look().wrap_code


def test_the_column_grows_with_the_type_and_may_be_unbounded(appearance: Appearance) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    assert appearance.look().column == 680
    settings.put(COLUMN_WIDTH, 860)
    settings.put(FONT_SIZE, 18)
    assert appearance.look().column == 1032
    settings.put(COLUMN_WIDTH, 0)
    assert appearance.look().column > 10_000


def test_stillness_can_be_chosen(appearance: Appearance) -> None:
    settings = Settings()
    appearance.follow(settings)  # type: ignore[arg-type]
    settings.put(REDUCED_MOTION, "reduced")
    assert not appearance.look().animate
    settings.put(REDUCED_MOTION, "full")
    assert appearance.look().animate


@pytest.mark.parametrize("name", sorted(path.stem for path in resource("icons").iterdir()))
def test_every_icon_is_drawn_in_the_colour_it_is_asked_for(
    name: str, appearance: Appearance
) -> None:
    colour = appearance.colour("danger")
    image = icons.pixmap(name, colour, 32, 1.0).toImage()
    solid = [
        image.pixelColor(x, y)
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() > 250
    ]
    assert solid
    assert all(abs(one.red() - colour.red()) <= 2 for one in solid)


def test_the_keyboards_focus_wears_a_ring_and_the_mouses_does_not(
    qtbot: QtBot, appearance: Appearance
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    first, second = TextButton("One"), IconButton(appearance, "copy", "Copy")
    field = QLineEdit()
    for child in (field, first, second):
        layout.addWidget(child)
    window.show()
    window.activateWindow()
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(field.hasFocus)
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert first.hasFocus()
    assert is_ringed(first)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert is_ringed(second)
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not is_ringed(second)
    assert not is_ringed(field)


def test_an_icon_button_says_its_name_to_those_who_do_not_see_it(
    qtbot: QtBot, appearance: Appearance
) -> None:
    button = IconButton(appearance, "copy", "Copy")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Copy"
    assert button.toolTip() == "Copy"
