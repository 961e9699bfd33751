"""An empty chat: the demo's chips, a key and Enter, and nothing given away on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from desktop_chat.domain.keys import KeyOutcome
from desktop_chat.domain.new_provider import free_name, from_preset
from desktop_chat.domain.presets import preset
from desktop_chat.domain.providers import ModelChoice, Preset, Provider
from desktop_chat.domain.services import PRESETS
from desktop_chat.ui.chat.first_run import NewChatPage
from desktop_chat.ui.providers import key_block as key_block_module
from desktop_chat.ui.providers.key_block import KEYRING_NONE, KEYRING_THERE, KeyBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import FakeKeyring, FakeService

KEY = "gsk_right1"


@pytest.fixture
def page(qtbot: QtBot, appearance: Appearance, core: Core) -> Iterator[NewChatPage]:
    made = NewChatPage(appearance, core)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.set_choice("Demo", "demo")
    made.show()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close()


@pytest.fixture
def block(page: NewChatPage) -> KeyBlock:
    assert page.key_block is not None
    return page.key_block


@pytest.fixture
def at_home(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> FakeService:
    """Every preset leads to the loopback service: no test talks to a real one."""

    def lead_home(one: Preset) -> Preset:
        return replace(one, base_url=service.base_url)

    monkeypatch.setattr(
        key_block_module,
        "from_preset",
        lambda one, taken=(): from_preset(lead_home(one), taken),
    )
    return service


def texts(page: QWidget) -> list[str]:
    labels = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    return labels + [one.text() for one in page.findChildren(QPushButton) if one.isVisible()]


def press(page: QWidget, words: str) -> None:
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    next(one for one in buttons if one.text() == words).click()


def enter_key(block: KeyBlock, text: str = KEY) -> None:
    block.field.setText(text)
    QTest.keyClick(block.field, Qt.Key.Key_Return)


def test_the_first_run_says_what_it_is_to_the_letter(page: NewChatPage) -> None:
    shown = texts(page)
    for words in (
        "Ask something",
        "You are talking to the built-in demo. It is not a language model; "
        "it shows what this program can do.",
        "Show me around",
        "Think first",
        "Write a long answer",
        "Have an API key?",
        "Connect",
        "It goes to your system's keyring, never into a file.",
        "Other services…",
        "No account. No telemetry.",
    ):
        assert words in shown


def test_a_chip_asks_at_once(qtbot: QtBot, page: NewChatPage) -> None:
    with qtbot.waitSignal(page.question_chosen) as asked:
        press(page, "Think first")
    assert asked.args == ["Think first"]


def test_a_key_and_enter_connect(
    qtbot: QtBot,
    page: NewChatPage,
    block: KeyBlock,
    at_home: FakeService,
    core: Core,
    keyring: FakeKeyring,
) -> None:
    with qtbot.waitSignal(page.connected, timeout=10_000) as connected:
        enter_key(block, f"  {KEY}\n")
    assert connected.args is not None
    provider = connected.args[0]
    assert isinstance(provider, Provider)
    assert provider.preset == "groq"
    assert provider.models == ("m-one", "m-two")
    assert provider.key_origin == provider.origin
    assert at_home.keys_seen == [KEY]
    assert keyring.kept[provider.id].reveal() == KEY
    assert core.preferences.choice() == ModelChoice(provider.id, "m-one")
    assert [one for one in texts(page) if one] == ["Connected to Groq. 2 models."]


def test_a_key_is_never_shown(page: NewChatPage, block: KeyBlock) -> None:
    block.field.setText(KEY)
    assert KEY not in block.field.displayText()
    assert not any(KEY in one for one in texts(page))


def test_a_wrong_key_is_said_under_the_field_and_may_be_saved_anyway(
    qtbot: QtBot,
    page: NewChatPage,
    block: KeyBlock,
    at_home: FakeService,
    core: Core,
) -> None:
    enter_key(block, "gsk_wrong1")
    qtbot.waitUntil(block.status.isVisible, timeout=10_000)
    assert block.status.label.text() == "Groq does not know this key. Paste a new one."
    assert block.field.property("fault")
    assert block.connect_button.isEnabled()
    assert len(core.preferences.providers()) == 1
    with qtbot.waitSignal(page.connected, timeout=10_000):
        press(page, "Save anyway")
    assert len(core.preferences.providers()) == 2


def test_writing_on_takes_the_sentence_away(
    qtbot: QtBot, block: KeyBlock, at_home: FakeService
) -> None:
    enter_key(block, "gsk_wrong1")
    qtbot.waitUntil(block.status.isVisible, timeout=10_000)
    QTest.keyClicks(block.field, "x")
    assert not block.status.isVisible()
    assert not block.field.property("fault")


def test_a_key_of_several_services_is_tried_at_none_before_the_person_chose(
    qtbot: QtBot, page: NewChatPage, block: KeyBlock, at_home: FakeService
) -> None:
    at_home.key = ""
    enter_key(block, "sk-" + "0a1b2c3d" * 4)
    assert "Whose key is this?" in texts(page)
    assert len(block.offered) > 1
    assert not block.status.busy
    with qtbot.waitSignal(page.connected, timeout=10_000) as connected:
        press(page, "DeepSeek")
    assert connected.args is not None
    assert connected.args[0].preset == "deepseek"
    assert len(at_home.keys_seen) == 1


def test_a_key_of_nobody_known_is_taken_along_to_the_form(
    qtbot: QtBot, page: NewChatPage, block: KeyBlock, at_home: FakeService
) -> None:
    with qtbot.waitSignal(page.services_requested) as asked:
        enter_key(block, "some-unknown-key-000")
    assert asked.args == ["some-unknown-key-000"]
    assert at_home.keys_seen == []


def test_where_there_is_no_keyring_it_is_said_and_the_key_is_kept_until_the_end(
    qtbot: QtBot,
    page: NewChatPage,
    block: KeyBlock,
    at_home: FakeService,
    core: Core,
    keyring: FakeKeyring,
) -> None:
    keyring.outcome = KeyOutcome.NONE
    block.field.setText(KEY)
    qtbot.waitUntil(lambda: block.keyring_label.text() == KEYRING_NONE, timeout=5000)
    assert block.why_button.isVisible()
    with qtbot.waitSignal(page.connected, timeout=10_000) as connected:
        QTest.keyClick(block.field, Qt.Key.Key_Return)
    assert connected.args is not None
    assert core.keys.session_only(connected.args[0].id)
    assert keyring.kept == {}


def test_why_there_is_no_keyring_can_be_read_and_tried_again(
    qtbot: QtBot, page: NewChatPage, block: KeyBlock, keyring: FakeKeyring
) -> None:
    keyring.outcome = KeyOutcome.NONE
    block.field.setText(KEY)
    qtbot.waitUntil(block.why_button.isVisible, timeout=5000)
    block.why_button.click()
    popover = QApplication.activePopupWidget()
    assert popover is not None
    assert "Install and unlock GNOME Keyring or KWallet, then choose Try again." in texts(popover)
    keyring.outcome = KeyOutcome.OK
    press(popover, "Try again")
    qtbot.waitUntil(lambda: block.keyring_label.text() == KEYRING_THERE, timeout=5000)
    assert not block.why_button.isVisible()


def test_a_locked_keyring_lets_the_person_choose(
    qtbot: QtBot,
    page: NewChatPage,
    block: KeyBlock,
    at_home: FakeService,
    keyring: FakeKeyring,
    core: Core,
) -> None:
    keyring.outcome = KeyOutcome.LOCKED
    enter_key(block)
    qtbot.waitUntil(block.status.isVisible, timeout=10_000)
    assert block.status.label.text() == "The keyring is locked. Unlock it, then try again."
    keyring.outcome = KeyOutcome.OK
    with qtbot.waitSignal(page.connected, timeout=10_000) as connected:
        press(page, "Try again")
    assert connected.args is not None
    assert not core.keys.session_only(connected.args[0].id)


def test_a_slow_keyring_can_be_left_behind(
    qtbot: QtBot,
    page: NewChatPage,
    block: KeyBlock,
    at_home: FakeService,
    keyring: FakeKeyring,
    core: Core,
) -> None:
    keyring.open.clear()
    enter_key(block)
    qtbot.waitUntil(block.status.isVisible, timeout=10_000)
    assert block.status.label.text() == "Waiting for the system to unlock the keyring…"
    with qtbot.waitSignal(page.connected, timeout=10_000) as connected:
        press(page, "Continue without saving")
    assert connected.args is not None
    assert core.keys.session_only(connected.args[0].id)


def test_enter_belongs_to_an_input_method_while_it_composes(block: KeyBlock) -> None:
    block.field.setText(KEY)
    QApplication.sendEvent(block.field, QInputMethodEvent("x", []))
    QTest.keyClick(block.field, Qt.Key.Key_Return)
    assert not block.status.busy


def test_with_a_service_set_up_an_empty_chat_says_who_will_answer(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    groq = preset("groq")
    assert groq is not None
    core.preferences.save_provider(from_preset(groq))
    page = NewChatPage(appearance, core)
    qtbot.addWidget(page)
    page.set_choice("Groq", "llama")
    page.show()
    assert texts(page) == ["Ask something", "Answers come from llama at Groq."]
    page.set_temporary(True)
    assert "Temporary chat. Nothing here is written to disk; closing the tab ends it." in texts(
        page
    )


def test_the_block_fits_a_small_window(page: NewChatPage) -> None:
    page.resize(480, 300)
    assert page.horizontalScrollBar().maximum() == 0
    page.resize(1280, 800)
    assert page.key_block is not None
    assert page.key_block.width() == 440


def test_names_of_providers_stay_apart() -> None:
    assert free_name("Groq", ["OpenAI"]) == "Groq"
    assert free_name("Groq", ["groq", "Groq 2"]) == "Groq 3"
    for one in PRESETS:
        assert from_preset(one).id != from_preset(one).id
