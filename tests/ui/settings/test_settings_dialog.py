"""The settings form follows from the declarations, and every change counts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox

from desktop_chat.domain.settings import (
    FONT_SIZE,
    RESTORE_TABS,
    SEND_KEY,
    SETTINGS,
    TEXT_FONT,
    THEME,
)
from desktop_chat.ui.settings.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.settings import AnySetting
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core) -> SettingsDialog:
    appearance.follow(core.preferences)
    made = SettingsDialog(appearance, core.preferences)
    made.open()
    qtbot.waitUntil(made.isVisible)
    return made


def choose(dialog: SettingsDialog, setting: AnySetting, words: str) -> None:
    select = dialog.controls[setting.name]
    assert isinstance(select, QComboBox)
    place = select.findText(words)
    assert place >= 0
    select.setCurrentIndex(place)
    select.activated.emit(place)


def test_every_setting_has_a_control_with_its_name(dialog: SettingsDialog) -> None:
    assert set(dialog.controls) == {one.name for one in SETTINGS}
    for one in SETTINGS:
        assert dialog.controls[one.name].accessibleName() == one.label
    dialog.close()


def test_a_change_counts_at_once(
    dialog: SettingsDialog, core: Core, appearance: Appearance
) -> None:
    choose(dialog, THEME, "Dark")
    assert core.preferences.value(THEME) == "dark"
    assert appearance.theme.name == "dark"
    choose(dialog, FONT_SIZE, "20")
    assert core.preferences.value(FONT_SIZE) == 20
    assert appearance.base == 20
    choose(dialog, SEND_KEY, "Ctrl+Enter")
    assert core.preferences.value(SEND_KEY) == "ctrl_enter"
    box = dialog.controls[RESTORE_TABS.name]
    assert isinstance(box, QCheckBox)
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert core.preferences.value(RESTORE_TABS) is False
    dialog.close()


def test_it_shows_what_is_set(qtbot: QtBot, appearance: Appearance, core: Core) -> None:
    core.preferences.set_value(THEME, "light")
    core.preferences.set_value(RESTORE_TABS, value=False)
    dialog = SettingsDialog(appearance, core.preferences)
    qtbot.addWidget(dialog)
    select, box = dialog.controls[THEME.name], dialog.controls[RESTORE_TABS.name]
    assert isinstance(select, QComboBox)
    assert isinstance(box, QCheckBox)
    assert select.currentText() == "Light"
    assert not box.isChecked()


def test_the_way_to_the_services_closes_it(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.waitSignal(dialog.services_requested):
        dialog.services_button.click()
    assert not dialog.isVisible()


def test_families_are_offered_once_and_only_such_as_have_letters(
    qtbot: QtBot, appearance: Appearance, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = QFontDatabase.WritingSystem
    installed = {
        "Plain [one]": [system.Latin, system.Greek],
        "Plain [two]": [system.Latin],
        "Dingbats": [system.Latin, system.Symbol],
        "Emoji": [system.Symbol],
        "Hanzi": [system.SimplifiedChinese],
        "Rich": [system.Latin, system.Cyrillic, system.Symbol],
    }
    monkeypatch.setattr(QFontDatabase, "families", lambda: list(installed))
    monkeypatch.setattr(QFontDatabase, "writingSystems", installed.__getitem__)
    monkeypatch.setattr(QFontDatabase, "isPrivateFamily", lambda _name: False)
    monkeypatch.setattr(QFontDatabase, "isSmoothlyScalable", lambda _name: True)
    dialog = SettingsDialog(appearance, core.preferences)
    qtbot.addWidget(dialog)
    select = dialog.controls[TEXT_FONT.name]
    assert isinstance(select, QComboBox)
    offered = [select.itemText(at) for at in range(1, select.count())]
    assert offered == ["Plain", "Hanzi", "Rich"]
