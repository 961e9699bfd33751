"""The model picker: complete by keyboard, and an input method's keys stay its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop_chat.domain.discovery import LocalServer
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice, Provider
from desktop_chat.domain.settings import FIND_SERVERS
from desktop_chat.ui.models.fresh_lists import FreshLists
from desktop_chat.ui.models.picker import ModelPicker
from desktop_chat.ui.models.server_rows import ServerRows

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
    FreshLists(picker, core)
    assert not picker.refresh_button.isEnabled()
    qtbot.waitUntil(picker.refresh_button.isEnabled, timeout=10_000)
    assert "m-two" in picker.rows()
    assert "The model list could not be loaded. Type a name, or try again." in picker.rows()


def long_list(core: Core, picker: ModelPicker, qtbot: QtBot) -> None:
    """Let the picker show a list that is scrolled into its middle."""
    many = tuple(f"model-{number:03}" for number in range(400))
    core.preferences.save_provider(replace(GROQ, models=many))
    picker.list.verticalScrollBar().setValue(3000)
    qtbot.waitUntil(lambda: picker.list.verticalScrollBar().value() == 3000)


def top_row(picker: ModelPicker) -> tuple[str, int]:
    index = picker.list.indexAt(QPoint(1, 1))
    return str(index.data()), picker.list.visualRect(index).top()


def test_what_is_under_the_eye_stays_there_when_a_list_comes_in(
    qtbot: QtBot, core: Core, picker: ModelPicker
) -> None:
    long_list(core, picker, qtbot)
    seen = top_row(picker)
    newer = tuple(f"newer-{number:03}" for number in range(50))
    old = core.preferences.provider("g")
    assert old is not None
    core.preferences.save_provider(replace(old, models=newer + old.models))
    assert top_row(picker) == seen


def test_what_is_under_the_eye_stays_there_when_a_star_is_given(
    qtbot: QtBot, core: Core, picker: ModelPicker
) -> None:
    long_list(core, picker, qtbot)
    seen = top_row(picker)
    index = picker.list.indexAt(QPoint(1, 100))
    starred, box = str(index.data()), picker.list.visualRect(index)
    place = QPoint(box.right() - 16, box.center().y())
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [one.model for one in core.preferences.favourites()] == [starred]
    assert top_row(picker) == seen


def test_a_search_begins_at_its_best_hit(qtbot: QtBot, core: Core, picker: ModelPicker) -> None:
    long_list(core, picker, qtbot)
    QTest.keyClicks(picker.search, "model")
    assert current(picker) == picker.rows()[0]
    assert picker.list.visualRect(picker.list.currentIndex()).top() == 0


def test_a_server_of_this_computer_is_set_up_by_choosing_it(
    core: Core, picker: ModelPicker
) -> None:
    core.preferences.set_value(FIND_SERVERS, False)
    core.discovery.found = (
        LocalServer(
            preset_id="jan", name="Jan", base_url="http://127.0.0.1:1337/v1", models=("a", "b")
        ),
        LocalServer(
            preset_id="vllm", name="vLLM", base_url="http://127.0.0.1:8000/v1", needs_key=True
        ),
    )
    chosen = Chosen(picker)
    ServerRows(picker, core)
    assert picker.rows()[-2:] == ["On this computer", "Use Jan on this computer"]
    QTest.keyClicks(picker.search, "jan")
    press(picker, Qt.Key.Key_Return)
    jan = core.preferences.providers()[1]
    assert (jan.name, jan.models, jan.model) == ("Jan", ("a", "b"), "a")
    assert chosen.chosen == [ModelChoice(jan.id, "a")]


def _key() -> Secret:
    return Secret("gsk_right1")
