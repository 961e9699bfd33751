"""What is known of each service's keys: where, locked or not, when used; several in an order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.domain.provider_words import WordsError, command_from, command_text
from desktop_chat.domain.providers import KeyPlace, KeySource, Provider
from desktop_chat.ui.providers.providers_dialog import ProvidersDialog
from desktop_chat.ui.words import key_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.providers.provider_keys import KeyList
    from tests.ui.conftest import FakeKeyring, FakeService

KEY = "gsk_right1"
OTHER = "gsk_other2"


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core) -> Iterator[ProvidersDialog]:
    made = ProvidersDialog(appearance, core)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    yield made
    made.close()


@pytest.fixture
def stored(core: Core, service: FakeService, keyring: FakeKeyring) -> Provider:
    provider = Provider(
        id="home", name="Home", protocol="openai_chat", base_url=service.base_url, model="m-one"
    )
    provider = replace(provider, key_origin=provider.origin)
    keyring.kept["home"] = Secret(KEY)
    core.preferences.save_provider(provider)
    return provider


def summary(dialog: ProvidersDialog, provider: Provider) -> str:
    return dialog.list.cards[provider.id].keys.text()


def key_list(dialog: ProvidersDialog, provider: Provider) -> KeyList:
    dialog.open_edit(provider.id)
    dialog.form.keys.set_unfolded(unfolded=True)
    keys = dialog.form.keys.keys
    assert keys is not None
    return keys


def add(keys: KeyList, source: int, text: str) -> None:
    keys.adder.source.setCurrentIndex(source)
    keys.adder.field.setText(text)
    keys.adder.add_button.click()


def test_a_card_says_where_the_key_is_and_when_it_was_used(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core
) -> None:
    dialog.open_list()
    qtbot.waitUntil(
        lambda: summary(dialog, stored) == "Key: in Test Keyring, unlocked · not used yet"
    )
    core.keys.note_use(stored.id, "key")
    qtbot.waitUntil(
        lambda: summary(dialog, stored) == "Key: in Test Keyring, unlocked · used today"
    )


def test_a_locked_keyring_is_said_once_and_can_be_tried_again(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    core.preferences.save_provider(replace(stored, id="other", name="Other"))
    keyring.kept["other"] = Secret(OTHER)
    keyring.outcome = KeyOutcome.LOCKED
    dialog.open_list()
    dialog.list.refresh()
    for card in dialog.list.cards.values():
        card.keys.look()
    strip = dialog.list.keyring_strip
    qtbot.waitUntil(strip.isVisible)
    assert strip.text == "The keyring is locked. Unlock it, then try again."
    qtbot.waitUntil(lambda: "which is locked" in summary(dialog, stored))
    # The system asks for its password, once for all keys.
    keyring.opens_when_read = True
    strip.button("Try again").click()
    for card in dialog.list.cards.values():
        qtbot.waitUntil(lambda keys=card.keys: "unlocked" in keys.text())  # type: ignore[misc]
    assert not strip.isVisible()
    assert keyring.kept["home"] == Secret(KEY)


def test_several_keys_are_listed_in_their_order(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    stored: Provider,
    core: Core,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME_KEY", OTHER)
    places = (
        KeyPlace("key-2", KeySource.ENVIRONMENT, "HOME_KEY"),
        KeyPlace("key-3", KeySource.ENVIRONMENT, "NOT_THERE"),
        KeyPlace("key-4", KeySource.COMMAND, command=("pass", "show", "a b")),
    )
    core.preferences.save_provider(replace(stored, spare_keys=places))
    dialog.open_list()
    lines = (
        "Key 1: In Test Keyring, unlocked · not used yet",
        "Key 2: From the environment variable HOME_KEY · not used yet",
        "Key 3: From the environment variable NOT_THERE, which is not set · not used yet",
        "Key 4: From the command pass show 'a b' · not used yet",
    )
    qtbot.waitUntil(lambda: summary(dialog, stored).splitlines() == list(lines))


def test_one_more_key_goes_to_the_keyring_and_is_tried_second(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    keys = key_list(dialog, stored)
    assert keys.adder.field.echoMode() is QLineEdit.EchoMode.Password
    add(keys, 0, f" {OTHER}\n")
    qtbot.waitUntil(lambda: len(keys.rows) == 2)
    assert keyring.kept["home/key-2"] == Secret(OTHER)
    saved = core.preferences.provider(stored.id)
    assert saved is not None
    assert saved.spare_keys == (KeyPlace("key-2"),)
    assert keys.adder.field.text() == ""
    known = "In Test Keyring, unlocked · not used yet"
    qtbot.waitUntil(lambda: keys.rows[1].label.text() == known)


def test_the_order_can_be_changed_and_the_form_follows(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, service: FakeService
) -> None:
    keys = key_list(dialog, stored)
    add(keys, 2, "sh -c 'echo gsk_right1'")
    assert not keys.rows[0].raise_button.isVisible()
    keys.rows[1].raise_button.click()
    saved = core.preferences.provider(stored.id)
    assert saved is not None
    assert [one.label for one in saved.key_places] == ["key 2", "key 1"]
    assert dialog.form.fields.command.text() == "sh -c 'echo gsk_right1'"
    dialog.form.fields.unfold()
    dialog.form.fields.name.setText("House")
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        dialog.form.connect_button.click()
    saved = core.preferences.provider(stored.id)
    assert saved is not None
    assert (saved.name, saved.key_source) == ("House", KeySource.COMMAND)
    assert saved.spare_keys == (KeyPlace("key"),)
    assert service.keys_seen == [KEY]


def test_a_removed_key_leaves_the_keyring_and_the_others_stay(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    keyring.kept["home/key-2"] = Secret(OTHER)
    core.preferences.save_provider(replace(stored, spare_keys=(KeyPlace("key-2"),)))
    keys = key_list(dialog, stored)
    keys.rows[0].remove_button.click()

    def places() -> tuple[KeyPlace, ...]:
        saved = core.preferences.provider(stored.id)
        assert saved is not None
        return saved.key_places

    qtbot.waitUntil(lambda: places() == (KeyPlace("key-2"),))
    assert set(keyring.kept) == {"home/key-2"}
    # One that a keyring does not let go stays in the list, or nobody would know of it.
    keyring.outcome = KeyOutcome.LOCKED
    with qtbot.waitSignal(core.keys.changed):
        keys.rows[0].remove_button.click()
    assert places() == (KeyPlace("key-2"),)
    assert set(keyring.kept) == {"home/key-2"}


def test_tab_goes_through_the_keys_as_they_are_listed(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    keyring.kept["home/key-2"] = Secret(OTHER)
    core.preferences.save_provider(replace(stored, spare_keys=(KeyPlace("key-2"),)))
    keys = key_list(dialog, stored)
    keys.rows[1].raise_button.setFocus()
    keys.rows[1].raise_button.click()
    row, other = keys.rows
    assert dialog.focusWidget() is row.remove_button, "the row that was raised"
    wanted = [
        dialog.form.keys.button, row.remove_button, other.raise_button, other.remove_button,
        keys.adder.source, keys.adder.field, keys.adder.add_button, dialog.form.network.button,
    ]  # fmt: skip
    wanted[0].setFocus()
    for one in wanted[1:]:
        focused = dialog.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert dialog.focusWidget() is one


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        (0, "gsk_a\ngsk_b", "one line"),
        (0, "gsk_a\x07b", "one line"),
        (0, "", "empty"),
        (1, "gsk_" + "a1B2" * 13, "name of the variable"),
        (2, "pass show 'key", "quote is open"),
        (2, "echo gsk_" + "a1B2" * 13, "holds no key"),
        (2, "", "like this"),
    ],
)
def test_what_is_no_key_is_said_and_nothing_is_kept(
    dialog: ProvidersDialog,
    stored: Provider,
    keyring: FakeKeyring,
    source: int,
    text: str,
    words: str,
) -> None:
    keys = key_list(dialog, stored)
    add(keys, source, text)
    assert words in keys.adder.label.text()
    assert keys.adder.field.property("fault")
    assert len(keys.rows) == 1
    assert set(keyring.kept) == {"home"}


def test_a_keyring_that_refuses_one_more_key_can_be_tried_again_or_done_without(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    keys = key_list(dialog, stored)
    keyring.outcome = KeyOutcome.REFUSED
    add(keys, 0, OTHER)
    qtbot.waitUntil(keys.adder.keep_button.isVisible)
    assert "refused" in keys.adder.label.text()
    keys.adder.keep_button.click()
    qtbot.waitUntil(lambda: len(keys.rows) == 2)
    assert core.keys.session_only(stored.id, "key-2")
    assert keys.rows[1].label.text() == "Kept until you quit · not used yet"


def test_a_closed_dialog_leaves_no_key_in_the_field(
    dialog: ProvidersDialog, stored: Provider
) -> None:
    keys = key_list(dialog, stored)
    keys.adder.field.setText(OTHER)
    dialog.close()
    assert keys.adder.field.text() == ""


def test_a_new_service_has_no_list_of_keys_yet(dialog: ProvidersDialog) -> None:
    dialog.open_add()
    assert not dialog.form.keys.isVisible()


def test_a_command_gives_the_key_of_a_new_service(
    qtbot: QtBot,
    dialog: ProvidersDialog,
    service: FakeService,
    core: Core,
    keyring: FakeKeyring,
) -> None:
    dialog.open_add()
    service_field = dialog.form.fields.service
    service_field.setCurrentIndex(service_field.findText("Other service"))
    service_field.activated.emit(service_field.currentIndex())
    dialog.form.fields.name.setText("Home")
    dialog.form.fields.address.setText(service.base_url)
    dialog.form.fields.command.setText(f"echo {KEY}")
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        dialog.form.connect_button.click()
    provider = core.preferences.providers()[0]
    assert (provider.key_source, provider.key_command) == (KeySource.COMMAND, ("echo", KEY))
    assert service.keys_seen == [KEY]
    assert keyring.kept == {}


def test_a_replaced_key_goes_where_the_first_one_is(
    qtbot: QtBot, dialog: ProvidersDialog, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    """The first place is not always the slot of that name."""
    core.preferences.save_provider(replace(stored, key_slot="key-2", spare_keys=(KeyPlace("key"),)))
    dialog.open_edit(stored.id, "key")
    dialog.form.fields.key.setText(KEY)
    with qtbot.waitSignal(dialog.connected, timeout=10_000):
        dialog.form.connect_button.click()
    assert keyring.kept["home/key-2"] == Secret(KEY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pass show groq", ("pass", "show", "groq")),
        ("op read 'op://My vault/key'", ("op", "read", "op://My vault/key")),
        ("echo # no; comment | $HOME", ("echo", "#", "no;", "comment", "|", "$HOME")),
    ],
)
def test_a_command_is_read_without_a_shell(text: str, words: tuple[str, ...]) -> None:
    assert command_from(text) == words
    assert command_from(command_text(words)) == words


def test_a_command_of_two_lines_is_none() -> None:
    with pytest.raises(WordsError):
        command_from("echo 'a\x07b'")


@pytest.mark.parametrize("outcome", list(KeyOutcome))
def test_every_answer_of_a_keyring_has_its_words(outcome: KeyOutcome) -> None:
    assert "KWallet" in key_words.keyring_words(KeyResult(outcome, backend="KWallet")) or (
        outcome is KeyOutcome.NONE
    )


def test_a_time_is_told_by_the_day() -> None:
    today = QDateTime.currentDateTime()
    long_ago = QDateTime(QDate(2024, 3, 5), QTime(12, 0))
    assert key_words.used_words(0) == ""
    assert key_words.used_words(today.toMSecsSinceEpoch()) == "used today"
    assert key_words.used_words(today.addDays(-1).toMSecsSinceEpoch()) == "used yesterday"
    assert key_words.used_words(long_ago.toMSecsSinceEpoch()).startswith("used on ")
