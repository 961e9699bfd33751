"""The model picker: complete by keyboard, and an input method's keys stay its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice, Provider
from desktop_chat.ui.models.picker import ModelPicker
from desktop_chat.ui.models.refresh import ModelRefresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import FakeKeyring, FakeService

CTRL = Qt.KeyboardModifier.ControlModifier
GROQ = Provider(
    id="g",
    name="Groq",
    protocol="openai_chat",
    base_url="http://127.0.0.1:1/v1",
    models=("llama", "qwen"),
)
DEMO = ModelChoice(DEMO_PROVIDER_ID, "demo")


class Chosen:
    """What was picked, and for how long."""

    def __init__(self, picker: ModelPicker) -> None:
        self.chosen: list[ModelChoice] = []
        self.once: list[ModelChoice] = []
        picker.chosen.connect(self.chosen.append)
        picker.chosen_once.connect(self.once.append)


@pytest.fixture
def anchor(qtbot: QtBot) -> Iterator[QPushButton]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 700)
    button = QPushButton("chip", window)
    button.move(300, 600)
    window.show()
    yield button
    window.close()


@pytest.fixture
def picker(qtbot: QtBot, appearance: Appearance, core: Core, anchor: QPushButton) -> ModelPicker:
    core.preferences.save_provider(GROQ)
    made = ModelPicker(appearance, core.preferences, anchor.window())
    made.open_above(anchor, DEMO, [])
    qtbot.waitUntil(made.isVisible)
    return made


def press(picker: ModelPicker, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(picker.search, key, held or Qt.KeyboardModifier.NoModifier)


def current(picker: ModelPicker) -> str:
    return str(picker.list.currentIndex().data())


def test_it_opens_with_the_keyboard_in_the_search_and_the_chosen_model_marked(
    picker: ModelPicker, anchor: QPushButton
) -> None:
    assert picker.focusWidget() is picker.search
    assert current(picker) == "demo"
    assert picker.geometry().bottom() < anchor.mapToGlobal(QPoint(0, 0)).y()


def test_enter_picks_what_was_searched(picker: ModelPicker) -> None:
    chosen = Chosen(picker)
    QTest.keyClicks(picker.search, "qw")
    assert picker.rows()[0] == "qwen"
    press(picker, Qt.Key.Key_Return)
    assert chosen.chosen == [ModelChoice("g", "qwen")]
    assert chosen.once == []
    assert not picker.isVisible()


def test_ctrl_and_enter_picks_for_the_next_message_only(picker: ModelPicker) -> None:
    chosen = Chosen(picker)
    QTest.keyClicks(picker.search, "llama")
    press(picker, Qt.Key.Key_Return, CTRL)
    assert chosen.once == [ModelChoice("g", "llama")]
    assert chosen.chosen == []


def test_the_arrows_step_over_heads(picker: ModelPicker) -> None:
    assert picker.rows() == ["Groq", "llama", "qwen", "Demo", "demo"]
    seen = []
    for _ in range(3):
        press(picker, Qt.Key.Key_Up)
        seen.append(current(picker))
    assert seen == ["qwen", "llama", "llama"]
    press(picker, Qt.Key.Key_PageDown)
    assert current(picker) == "demo"


def test_ctrl_and_d_stars_and_stays(picker: ModelPicker, core: Core) -> None:
    press(picker, Qt.Key.Key_D, CTRL)
    assert core.preferences.favourites() == (DEMO,)
    assert picker.rows()[:2] == ["Favourites", "demo"]
    assert picker.isVisible()
    press(picker, Qt.Key.Key_D, CTRL)
    assert core.preferences.favourites() == ()


def test_a_press_on_the_star_stars(picker: ModelPicker, core: Core) -> None:
    index = picker.list.currentIndex()
    box = picker.list.visualRect(index)
    place = QPoint(box.right() - 16, box.center().y())
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert core.preferences.favourites() == (DEMO,)


def test_a_press_on_a_row_picks_it(picker: ModelPicker) -> None:
    chosen = Chosen(picker)
    index = picker.list.model().index(1, 0)
    place = picker.list.visualRect(index).center()
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.chosen == [ModelChoice("g", "llama")]


def test_a_name_that_is_not_listed_can_be_used(picker: ModelPicker) -> None:
    chosen = Chosen(picker)
    QTest.keyClicks(picker.search, "brand-new")
    assert picker.rows() == ["Use “brand-new” at Groq"]
    press(picker, Qt.Key.Key_Return)
    assert chosen.chosen == [ModelChoice("g", "brand-new")]


def test_enter_belongs_to_an_input_method_while_it_composes(picker: ModelPicker) -> None:
    chosen = Chosen(picker)
    QApplication.sendEvent(picker.search, QInputMethodEvent("ni hao", []))
    press(picker, Qt.Key.Key_Return)
    press(picker, Qt.Key.Key_Down)
    assert chosen.chosen == []
    assert picker.isVisible()


def test_escape_closes_it(picker: ModelPicker) -> None:
    chosen = Chosen(picker)
    press(picker, Qt.Key.Key_Escape)
    assert not picker.isVisible()
    assert chosen.chosen == []


def test_add_a_service_closes_it_and_says_so(qtbot: QtBot, picker: ModelPicker) -> None:
    with qtbot.waitSignal(picker.add_service_requested):
        picker.add_button.click()
    assert not picker.isVisible()


def test_a_reader_hears_name_service_and_star(picker: ModelPicker) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert picker.list.model().index(1, 0).data(role) == "llama, Groq"
    press(picker, Qt.Key.Key_D, CTRL)
    assert picker.list.model().index(1, 0).data(role) == "demo, Demo, favourite"


def test_refreshing_lists_the_models_anew_and_names_the_service_that_gave_none(
    qtbot: QtBot,
    core: Core,
    picker: ModelPicker,
    service: FakeService,
    keyring: FakeKeyring,
) -> None:
    service.key = ""
    core.preferences.save_provider(replace(GROQ, id="live", name="Live", base_url=service.base_url))
    core.preferences.save_provider(replace(GROQ, id="none", name="None", models=()))
    keyring.kept.update({"live": _key(), "none": _key(), "g": _key()})
    refresh = ModelRefresh(core, core)
    refresh.trouble.connect(picker.set_trouble)
    refresh.running.connect(picker.set_refreshing)
    refresh.start()
    assert not picker.refresh_button.isEnabled()
    qtbot.waitUntil(picker.refresh_button.isEnabled, timeout=10_000)
    assert "m-two" in picker.rows()
    assert "The model list could not be loaded. Type a name, or try again." in picker.rows()


def _key() -> Secret:
    return Secret("gsk_right1")
