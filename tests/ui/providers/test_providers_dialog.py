"""Services: added, changed, tested and removed, and no key shown or sent where it was not meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop_chat.domain.errors import Failure
from desktop_chat.domain.keys import KeyOutcome, Secret
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.providers import Header, KeyPlace, KeySource, Provider
from desktop_chat.domain.services import PRESETS
from desktop_chat.ui.providers.providers_dialog import ProvidersDialog
from desktop_chat.ui.words import header_text
from desktop_chat.ui.words.error_text import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.providers.provider_form import ProviderForm
    from tests.ui.conftest import FakeKeyring, FakeService

KEY = "gsk_right1"


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core) -> Iterator[ProvidersDialog]:
    made = ProvidersDialog(appearance, core)
    # Tests look at it after it was closed.
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    yield made
    made.close()


@pytest.fixture
def stored(core: Core, service: FakeService, keyring: FakeKeyring) -> Provider:
    """A service that is set up, with its key in the keyring."""
    provider = Provider(
        id="home",
        name="Home",
        protocol="openai_chat",
        base_url=service.base_url,
        model="m-one",
        preset="groq",
    )
    provider = replace(provider, key_origin=provider.origin)
    keyring.kept["home"] = Secret(KEY)
    core.preferences.save_provider(provider)
    return provider


def texts(widget: QWidget) -> list[str]:
    labels = [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]
    return labels + [one.text() for one in widget.findChildren(QPushButton) if one.isVisible()]


def press(widget: QWidget, words: str) -> None:
    buttons = [one for one in widget.findChildren(QPushButton) if one.isVisible()]
    next(one for one in buttons if one.text() == words).click()


def choose(form: ProviderForm, name: str) -> None:
    service = form.fields.service
    service.setCurrentIndex(service.findText(name))
    service.activated.emit(service.currentIndex())


def fill_other(form: ProviderForm, address: str, key: str = "") -> None:
    choose(form, "Other service")
    form.fields.name.setText("Home")
    form.fields.address.setText(address)
    form.fields.key.setText(key)


def test_without_services_it_says_how_to_get_one(dialog: ProvidersDialog) -> None:
    dialog.open_list()
    assert "No service yet. Paste a key to connect one." in texts(dialog)


def test_a_pasted_key_picks_its_service(dialog: ProvidersDialog) -> None:
    dialog.open_add()
    dialog.form.fields.key.setText("gsk_" + "a1B2" * 13)
    assert dialog.form.fields.chosen.id == "groq"
    assert dialog.form.fields.address.text() == "https://api.groq.com/openai/v1"


def test_every_preset_can_be_chosen_and_local_ones_ask_for_no_key(
    dialog: ProvidersDialog,
) -> None:
    dialog.open_add()
    for one in PRESETS:
        choose(dialog.form, one.name)
        assert dialog.form.fields.name.text() == one.name
        assert dialog.form.fields.key.isVisible() is one.needs_key
        assert dialog.form.fields.more.isVisible() or one.base_url


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("jan", "jan"),
        ("snow", "snowflake"),
        ("OPENAI", "openai"),
        ("openai (", "openai_responses"),
        ("no such thing", "groq"),
        ("m", "groq"),
        ("", "groq"),
    ],
)
def test_a_part_of_its_name_finds_a_service_and_nothing_else_stands_in_its_place(
    dialog: ProvidersDialog, typed: str, chosen: str
) -> None:
    dialog.open_add()
    fields = dialog.form.fields
    choose(dialog.form, "Groq")
    line = fields.service.lineEdit()
    assert line is not None
    line.setText(typed)
    line.editingFinished.emit()
    assert fields.chosen.id == chosen
    assert fields.service.currentText() == fields.chosen.name
    assert fields.name.text() == fields.chosen.name


def test_how_an_address_is_written_stands_where_everybody_has_one_of_their_own(
    dialog: ProvidersDialog,
) -> None:
    dialog.open_add()
    choose(dialog.form, "Snowflake Cortex")
    assert dialog.form.fields.address.isVisible()
    hint = dialog.form.fields.address.placeholderText()
    assert hint == "https://ACCOUNT.snowflakecomputing.com/api/v2/cortex/v1"
    choose(dialog.form, "Other service")
    assert dialog.form.fields.address.placeholderText() == "https://api.example.org/v1"


def test_a_server_of_this_computer_that_asks_for_a_key_is_given_a_field_for_it(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    service: FakeService,
    core: Core,
    keyring: FakeKeyring,
) -> None:
    dialog.open_add()
    service.key = "plain-key-1"
    choose(dialog.form, "Jan")
    assert not dialog.form.fields.key.isVisible()
    dialog.form.fields.address.setText(service.base_url)
    dialog.form.connect_button.click()
    qtbot.waitUntil(dialog.form.fields.key.isVisible, timeout=10_000)
    assert dialog.form.status.label.text() == "There is no key for Jan yet. Paste one."
    dialog.form.fields.key.setText("plain-key-1")
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        QTest.keyClick(dialog.form.fields.key, Qt.Key.Key_Return)
    provider = core.preferences.providers()[0]
    assert keyring.kept[provider.id].reveal() == "plain-key-1"
    dialog.open_edit(provider.id)
    assert dialog.form.key_state.isVisible()
    dialog.form.key_state.replace_requested.emit()
    assert dialog.form.fields.key.isVisible()


def test_the_key_of_a_service_is_taken_for_each_of_its_protocols(
    dialog: ProvidersDialog,
) -> None:
    dialog.open_add()
    choose(dialog.form, "OpenAI (Responses)")
    dialog.form.fields.key.setText("sk-proj-" + "a1B2" * 13)
    assert dialog.form.fields.chosen.id == "openai_responses"


def test_a_service_of_ones_own_is_connected_and_listed(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    service: FakeService,
    core: Core,
    keyring: FakeKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MY_ORG", "home")
    dialog.open_list()
    dialog.add_button.click()
    fill_other(dialog.form, service.base_url, KEY)
    dialog.form.fields.headers.setPlainText("X-Title: Desktop Chat\nX-Org: $MY_ORG")
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        QTest.keyClick(dialog.form.fields.key, Qt.Key.Key_Return)
    provider = core.preferences.providers()[0]
    assert provider.name == "Home"
    assert provider.models == ("m-one", "m-two")
    assert provider.headers == (
        Header("X-Title", "Desktop Chat"),
        Header("X-Org", variable="MY_ORG"),
    )
    assert keyring.kept[provider.id].reveal() == KEY
    qtbot.waitUntil(dialog.list.cards[provider.id].isVisible)
    assert dialog.form.fields.key.text() == ""


def test_a_service_of_ones_own_may_need_no_key(
    qtbot: QtBot, dialog: ProvidersDialog, service: FakeService, core: Core
) -> None:
    service.key = ""
    dialog.open_add()
    fill_other(dialog.form, service.base_url)
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        dialog.form.connect_button.click()
    assert core.preferences.providers()[0].key_source is KeySource.NONE
    assert not dialog.isVisible()


def test_a_variable_can_hold_the_key_and_nothing_is_stored(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    service: FakeService,
    core: Core,
    keyring: FakeKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME_KEY", KEY)
    dialog.open_add()
    fill_other(dialog.form, service.base_url)
    dialog.form.fields.variable.setText("HOME_KEY")
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        dialog.form.connect_button.click()
    provider = core.preferences.providers()[0]
    assert (provider.key_source, provider.key_variable) == (KeySource.ENVIRONMENT, "HOME_KEY")
    assert service.keys_seen == [KEY]
    assert keyring.kept == {}


def test_an_address_that_is_none_is_marked_before_anything_is_tried(
    dialog: ProvidersDialog, service: FakeService
) -> None:
    dialog.open_add()
    fill_other(dialog.form, "not an address", KEY)
    dialog.form.connect_button.click()
    assert dialog.form.status.isVisible()
    assert dialog.form.fields.address.property("fault")
    assert service.keys_seen == []
    dialog.form.fields.address.setText(service.base_url)
    assert not dialog.form.fields.address.property("fault")


def test_where_nothing_answers_the_address_is_marked_and_saving_is_offered(
    qtbot: QtBot, dialog: ProvidersDialog, core: Core
) -> None:
    dialog.open_add()
    fill_other(dialog.form, "http://127.0.0.1:9/v1", KEY)
    dialog.form.connect_button.click()
    assert dialog.form.connect_button.text() == "Connecting…"
    qtbot.waitUntil(dialog.form.status.isVisible, timeout=10_000)
    assert dialog.form.status.label.text() == (
        "Home is not running on this computer. Start it, then retry."
    )
    assert dialog.form.fields.address.property("fault")
    assert dialog.form.connect_button.text() == "Connect"
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        press(dialog, "Save anyway")
    assert core.preferences.providers()[0].name == "Home"


def test_a_key_that_names_its_service_is_not_sent_to_another_by_a_slip(
    qtbot: QtBot, dialog: ProvidersDialog, service: FakeService
) -> None:
    dialog.open_add()
    dialog.form.fields.key.setText("gsk_" + "a1B2" * 13)
    choose(dialog.form, "Mistral")
    dialog.form.fields.address.setText(service.base_url)
    dialog.form.connect_button.click()
    assert "looks like the key of Groq" in dialog.form.status.label.text()
    assert service.keys_seen == []


def test_the_stored_key_is_spoken_of_and_never_shown(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider
) -> None:
    dialog.open_edit(stored.id)
    qtbot.waitUntil(lambda: "In Test Keyring" in texts(dialog), timeout=5000)
    assert not dialog.form.fields.key.isVisible()
    assert dialog.form.fields.key.text() == ""
    press(dialog, "Replace")
    assert dialog.form.fields.key.isVisible()
    assert dialog.form.fields.key.hasFocus()


def test_the_stored_key_can_be_removed(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, keyring: FakeKeyring
) -> None:
    dialog.open_edit(stored.id)
    qtbot.waitUntil(lambda: "In Test Keyring" in texts(dialog), timeout=5000)
    dialog.form.key_state.remove_button.click()
    qtbot.waitUntil(dialog.form.fields.key.isVisible, timeout=5000)
    assert keyring.kept == {}


@pytest.mark.parametrize("outcome", [KeyOutcome.LOCKED, KeyOutcome.NONE, KeyOutcome.REFUSED])
def test_trouble_with_the_keyring_is_said_in_the_form(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    stored: Provider,
    keyring: FakeKeyring,
    outcome: KeyOutcome,
) -> None:
    keyring.outcome = outcome
    dialog.open_edit(stored.id)
    qtbot.waitUntil(lambda: any("keyring" in one for one in texts(dialog)), timeout=5000)
    assert not dialog.form.key_state.remove_button.isVisible()


def test_saving_without_a_new_key_uses_the_stored_one(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, service: FakeService, core: Core
) -> None:
    dialog.open_edit(stored.id)
    dialog.form.fields.unfold()
    dialog.form.fields.name.setText("House")
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        press(dialog, "Save")
    assert service.keys_seen == [KEY]
    saved = core.preferences.provider(stored.id)
    assert saved is not None
    assert saved.name == "House"


@pytest.mark.parametrize("preset", ["", "groq"])
@pytest.mark.parametrize("how", ["replace", "missing"])
def test_an_empty_field_gives_no_key_up(  # noqa: PLR0917 - fixtures
    qtbot: QtBot,
    dialog: ProvidersDialog,
    stored: Provider,
    keyring: FakeKeyring,
    core: Core,
    preset: str,
    how: str,
) -> None:
    # Another program answers for the keyring today, or somebody thought better of it.
    held = KeyPlace("key-2")
    core.preferences.save_provider(replace(stored, preset=preset, spare_keys=(held,)))
    if how == "missing":
        keyring.kept.clear()
    dialog.open_edit(stored.id)
    if how == "replace":
        dialog.form.key_state.replace_button.click()
    qtbot.waitUntil(dialog.form.fields.key.isVisible)
    dialog.form.fields.unfold()
    dialog.form.fields.name.setText("House")
    press(dialog, "Save")
    if how == "missing":
        qtbot.waitUntil(lambda: "Save anyway" in texts(dialog))
        press(dialog, "Save anyway")
    qtbot.waitUntil(lambda: not dialog.isVisible())
    saved = core.preferences.provider(stored.id)
    assert saved is not None
    assert saved.name == "House"
    assert saved.key_places == (KeyPlace("key"), held)


def test_the_keyboard_is_where_it_was_when_connecting_did_not_come_through(
    qtbot: QtBot, dialog: ProvidersDialog
) -> None:
    dialog.open_add()
    fill_other(dialog.form, "http://127.0.0.1:9/v1")
    dialog.form.fields.model.setFocus()
    QTest.keyClick(dialog.form.fields.model, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Save anyway" in texts(dialog))
    assert dialog.focusWidget() is dialog.form.fields.model


def test_a_changed_address_is_asked_about_before_the_stored_key_goes_there(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    stored: Provider,
    service: FakeService,
    core: Core,
) -> None:
    dialog.open_edit(stored.id, "address")
    other = service.base_url.replace("127.0.0.1", "localhost")
    qtbot.waitUntil(dialog.form.fields.address.hasFocus)
    dialog.form.fields.address.setText(other)
    press(dialog, "Save")
    assert dialog.form.origin_strip.text == (
        "The stored key was given for 127.0.0.1. Send it to localhost too?"
    )
    assert service.keys_seen == []
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        press(dialog, "Use it there")
    saved = core.preferences.provider(stored.id)
    assert saved is not None
    assert saved.key_origin == saved.origin
    assert service.keys_seen == [KEY]


def test_after_a_changed_address_another_key_may_be_pasted(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, service: FakeService
) -> None:
    dialog.open_edit(stored.id, "address")
    dialog.form.fields.address.setText("http://localhost:9/v1")
    press(dialog, "Save")
    press(dialog, "Paste a new one")
    qtbot.waitUntil(dialog.form.fields.key.hasFocus)
    assert service.keys_seen == []


def test_the_key_can_be_changed_from_elsewhere(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider
) -> None:
    dialog.open_edit(stored.id, "key")
    qtbot.waitUntil(dialog.form.fields.key.hasFocus)


def test_a_service_is_tested_in_its_place(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, service: FakeService
) -> None:
    dialog.open_list()
    card = dialog.list.cards[stored.id]
    press(card, "Test")
    qtbot.waitUntil(lambda: "It answers. 2 models." in texts(dialog), timeout=10_000)
    service.key = "another"
    card = dialog.list.cards[stored.id]
    press(card, "Test")
    qtbot.waitUntil(
        lambda: "Home does not know this key. Paste a new one." in texts(dialog), timeout=10_000
    )


def test_what_broke_off_is_mended_in_the_form_and_esc_leads_back_to_the_list(
    dialog: ProvidersDialog, stored: Provider, keyring: FakeKeyring, qtbot: QtBot
) -> None:
    keyring.kept["home"] = Secret("canary-wrong-5e6f")
    dialog.open_list()
    card = dialog.list.cards[stored.id]
    with qtbot.waitSignal(card.checkup.ended, timeout=10_000):
        press(card, "Test")
        assert card.test_button.isEnabled(), "it would lose the keyboard"
    press(card, "Change key")
    assert dialog.form.fields.key.isVisible()
    QTest.keyClicks(dialog.form.fields.key, "half a key")
    QTest.keyClick(dialog.form.fields.key, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.list.isVisible()
    assert dialog.form.fields.key.text() == ""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_removed_service_can_be_brought_back(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    dialog.open_list()
    press(dialog.list.cards[stored.id], "Remove")
    assert core.preferences.provider(stored.id) is None
    assert "Home removed. Its key leaves the keyring in 8 s." in texts(dialog)
    press(dialog, "Undo")
    assert core.preferences.provider(stored.id) == stored
    assert stored.id in keyring.kept
    qtbot.waitUntil(dialog.list.cards[stored.id].isVisible)


def test_a_service_whose_key_the_keyring_keeps_comes_back(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    dialog.open_list()
    press(dialog.list.cards[stored.id], "Remove")
    keyring.outcome = KeyOutcome.LOCKED
    with qtbot.waitSignal(core.noticed) as noticed:
        core.preferences.finish_removal()
    (failure,) = noticed.args or [None]
    assert isinstance(failure, Failure)
    assert sentence(failure).startswith("Home is back, for the keyring did not let its key go.")
    assert core.preferences.provider(stored.id) == stored
    assert stored.id in keyring.kept


def test_a_pasted_key_takes_the_place_of_a_variable(
    dialog: ProvidersDialog, stored: Provider, core: Core
) -> None:
    core.preferences.save_provider(
        replace(stored, key_source=KeySource.ENVIRONMENT, key_variable="HOME_KEY")
    )
    dialog.open_edit(stored.id, "key")
    dialog.form.fields.key.setText(KEY)
    written = dialog.form.fields.provider()
    assert (written.key_source, written.key_variable) == (KeySource.KEYRING, "")


def test_a_key_of_nobody_known_stands_ready_for_no_known_service(dialog: ProvidersDialog) -> None:
    dialog.open_add("my-own-key-000000")
    assert dialog.form.fields.chosen.base_url == ""
    assert dialog.form.fields.key.text() == "my-own-key-000000"


def test_closing_it_forgets_what_was_typed(dialog: ProvidersDialog, service: FakeService) -> None:
    dialog.open_add(KEY)
    assert dialog.form.fields.key.text() == KEY
    dialog.close()
    assert dialog.form.fields.key.text() == ""


@pytest.mark.parametrize(
    "line", ["Authorization: Bearer x", "X-Api-Key: 1", "Cookie: a=b", "no colon", "X-A: $9"]
)
def test_headers_that_hold_secrets_or_make_no_sense_are_refused(line: str) -> None:
    with pytest.raises(WordsError):
        header_text.from_text(f"X-Fine: yes\n{line}")


def test_headers_come_back_as_they_were_written() -> None:
    text = "X-Title: Desktop Chat\nX-Org: $MY_ORG"
    assert header_text.to_text(header_text.from_text(text + "\n\n")) == text
