"""The way to services as fields: what is written, what is shown, and which secrets go where."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome, Secret
from desktop_chat.domain.network_options import (
    CERTIFICATE_SLOT,
    NETWORK_ID,
    PROXY_SLOT,
    NetworkOptions,
    ProxyUse,
)
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.providers import Provider
from desktop_chat.ui.providers.network_fields import ANOTHER, KEPT, NetworkFields
from desktop_chat.ui.providers.network_panel import NetworkPanel
from desktop_chat.ui.providers.provider_network import ProviderNetwork
from desktop_chat.ui.providers.providers_dialog import ProvidersDialog
from desktop_chat.ui.settings.settings_dialog import SettingsDialog
from desktop_chat.ui.window.dialogs import Dialogs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import FakeKeyring, FakeService

OPTIONS = NetworkOptions(
    proxy_use=ProxyUse.OWN,
    proxy="socks5://proxy.test:1080",
    proxy_user="ann",
    password_for="ann@socks5://proxy.test:1080",
    no_proxy=".inner.test",
    ca_file="/ca.pem",
    certificate="/me.pem",
    certificate_key="/me.key",
)
PROXY_KEY = f"{NETWORK_ID}/{PROXY_SLOT}"


@pytest.fixture
def fields(appearance: Appearance, qtbot: QtBot) -> NetworkFields:
    made = NetworkFields(appearance)
    made.show_options(NetworkOptions())
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def panel(appearance: Appearance, core: Core, qtbot: QtBot) -> NetworkPanel:
    made = NetworkPanel(appearance, core)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core) -> Iterator[ProvidersDialog]:
    made = ProvidersDialog(appearance, core)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    yield made
    made.close()


def choose(fields: NetworkFields, words: str) -> None:
    fields.use.setCurrentIndex(fields.use.findText(words))
    fields.use.activated.emit(fields.use.currentIndex())


def write(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_options_go_through_the_fields_unchanged(fields: NetworkFields) -> None:
    fields.show_options(OPTIONS)
    assert fields.options() == OPTIONS
    fields.show_options(NetworkOptions())
    assert fields.options() == NetworkOptions()
    assert fields.secrets() == {}


def test_only_what_has_a_meaning_is_shown(fields: NetworkFields) -> None:
    assert not fields.address.isVisible()
    assert not fields.certificate_key.isVisible()
    choose(fields, "One of its own")
    assert fields.address.isVisible()
    assert fields.password.isVisible()
    fields.certificate.set_text("/me.pem")
    assert fields.certificate_key.isVisible()
    assert fields.passphrase.isVisible()


def test_every_field_has_a_name_for_who_does_not_see_it(fields: NetworkFields) -> None:
    choose(fields, "One of its own")
    lines = fields.findChildren(QLineEdit)
    names = [one.accessibleName() for one in lines]
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_proxy_without_an_address_is_not_taken_for_none(fields: NetworkFields) -> None:
    choose(fields, "One of its own")
    fields.address.setText("gopher://x")
    with pytest.raises(WordsError, match="socks5://"):
        fields.options()
    assert fields.address.property("fault")


def test_a_whole_address_is_taken_apart_and_its_password_goes_to_the_secrets(
    fields: NetworkFields,
) -> None:
    choose(fields, "One of its own")
    write(fields.address, "http://ann:open%20sesame@proxy.test:3128/")
    assert fields.address.text() == "http://proxy.test:3128"
    assert fields.secrets() == {PROXY_SLOT: Secret("open sesame")}
    options = fields.options()
    assert (options.proxy, options.proxy_user) == ("http://proxy.test:3128", "ann")
    assert options.password_for == options.proxy_place
    assert "sesame" not in repr(options)


def test_a_kept_password_is_shown_as_kept_for_its_own_proxy_alone(fields: NetworkFields) -> None:
    fields.show_options(OPTIONS)
    assert (fields.password.text(), fields.password.placeholderText()) == ("", KEPT)
    fields.address.setText("socks5://other.test:1080")
    assert fields.password.placeholderText() == ANOTHER
    options = fields.options()
    assert options.password_for != options.proxy_place


def test_a_file_can_be_chosen(fields: NetworkFields, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = staticmethod(lambda *_: ("/chosen.pem", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", chosen)
    fields.ca_file.button.click()
    assert fields.options().ca_file == "/chosen.pem"


def test_the_settings_apply_each_change_at_once_and_keep_passwords_in_the_keyring(
    panel: NetworkPanel, core: Core, keyring: FakeKeyring, qtbot: QtBot
) -> None:
    choose(panel.fields, "This one")
    assert panel.status.isVisible()
    assert core.preferences.network().options.proxy_use is ProxyUse.SYSTEM
    write(panel.fields.address, "proxy.test:3128")
    write(panel.fields.user, "ann")
    write(panel.fields.password, "open sesame")
    assert not panel.status.isVisible()
    options = core.preferences.network().options
    assert (options.proxy_use, options.proxy) == (ProxyUse.OWN, "http://proxy.test:3128")
    assert options.password_for == options.proxy_place == "ann@http://proxy.test:3128"
    qtbot.waitUntil(lambda: keyring.kept.get(PROXY_KEY) == Secret("open sesame"))
    assert panel.fields.password.text() == ""
    assert panel.fields.password.placeholderText() == KEPT


def test_a_keyring_that_takes_no_password_is_told_of(
    panel: NetworkPanel, core: Core, keyring: FakeKeyring, qtbot: QtBot
) -> None:
    keyring.outcome = KeyOutcome.NONE
    choose(panel.fields, "This one")
    write(panel.fields.address, "http://ann:sesame-0@proxy.test:3128")
    qtbot.waitUntil(panel.status.isVisible)
    assert panel.status.text().startswith("No keyring took the password, so it is kept until you")
    assert panel.fields.password.placeholderText() == "Kept until you quit"
    assert core.keys.session_only(NETWORK_ID, PROXY_SLOT)


def test_a_service_keeps_its_own_way_and_its_secrets_once_it_is_connected(
    dialog: ProvidersDialog,
    core: Core,
    service: FakeService,
    keyring: FakeKeyring,
    qtbot: QtBot,
) -> None:
    service.key = ""
    dialog.open_add()
    form = dialog.form
    index = form.fields.service.findText("Other service")
    form.fields.service.setCurrentIndex(index)
    form.fields.service.activated.emit(index)
    form.fields.address.setText(service.base_url)
    form.network.set_unfolded(unfolded=True)
    fields = form.network.fields
    assert fields is not None
    choose(fields, "One of its own")
    with qtbot.waitSignal(form.connected, timeout=10_000):
        fields.address.setText("socks5://ann@proxy.test")
        fields._on_address_written()
        fields.password.setText("open sesame")
        form.start()
    (provider, _demo) = core.preferences.providers()
    assert provider.network.proxy == "socks5://proxy.test:1080"
    assert provider.network.password_for == "ann@socks5://proxy.test:1080"
    kept = f"{provider.id}/{PROXY_SLOT}"
    qtbot.waitUntil(lambda: keyring.kept.get(kept) == Secret("open sesame"))
    assert fields.password.text() == ""


def test_a_password_that_no_keyring_takes_is_told_and_lasts_until_the_end(
    appearance: Appearance, core: Core, keyring: FakeKeyring, qtbot: QtBot
) -> None:
    part = ProviderNetwork(appearance, core)
    qtbot.addWidget(part)
    part.show_options(NetworkOptions(certificate="/me.pem"))
    assert part.fields is not None
    part.fields.passphrase.setText("open sesame")
    provider = Provider(id="p", name="Far", protocol="openai_chat", base_url="https://far.test/v1")
    core.preferences.save_provider(provider)
    part.lend(provider)
    keyring.outcome = KeyOutcome.LOCKED
    with qtbot.waitSignal(core.noticed) as noticed:
        part.keep()
    (failure,) = noticed.args or [None]
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.service) == (ErrorKind.NOT_KEPT, "Far")
    assert core.keys.session_only("p", CERTIFICATE_SLOT)


def test_what_was_typed_is_forgotten_when_the_form_is_left(
    dialog: ProvidersDialog, core: Core, service: FakeService, qtbot: QtBot
) -> None:
    provider = Provider(
        id="home", name="Home", protocol="openai_chat", base_url=service.base_url, preset="groq"
    )
    core.preferences.save_provider(provider)
    dialog.open_edit("home", "network")
    fields = dialog.form.network.fields
    assert fields is not None
    fields.certificate.set_text("/me.pem")
    fields.passphrase.setText("open sesame")
    dialog.form.network.lend(provider)
    assert core.keys.session_only("home", CERTIFICATE_SLOT)
    dialog.form.leave()
    still_held = core.keys.session_only("home", CERTIFICATE_SLOT)
    assert not still_held
    assert core.preferences.provider("home") == provider


def test_a_service_with_a_way_of_its_own_shows_it(dialog: ProvidersDialog, core: Core) -> None:
    plain = Provider(id="a", name="A", protocol="openai_chat", base_url="https://a.test/v1")
    core.preferences.save_provider(plain)
    core.preferences.save_provider(replace(plain, id="b", name="B", network=OPTIONS))
    dialog.open_edit("b")
    assert dialog.form.network.is_unfolded
    fields = dialog.form.network.fields
    assert fields is not None
    assert fields.options() == OPTIONS
    dialog.open_edit("a")
    assert not fields.isVisible()
    assert dialog.form.network.applied(plain).network == NetworkOptions()


def test_a_key_that_would_go_unencrypted_is_asked_about_in_the_form(
    dialog: ProvidersDialog, core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    dialog.open_add("gsk_abcdefgh")
    form = dialog.form
    form.fields.address.setText("http://far.test/v1")
    form.start()
    qtbot.waitUntil(form.status.isVisible)
    assert "others could read the key" in form.status.label.text()
    form.status.button("Send it all the same").click()
    assert core.preferences.network().clear_origins == {"http://far.test:80"}
    qtbot.waitUntil(lambda: not form.status.busy, timeout=15_000)
    assert "others could read the key" not in form.status.label.text()


def test_the_settings_open_at_the_network(appearance: Appearance, core: Core, qtbot: QtBot) -> None:
    parent = NetworkFields(appearance)
    qtbot.addWidget(parent)
    dialogs = Dialogs(appearance, core, parent)
    dialogs.open_network()
    (dialog,) = parent.findChildren(SettingsDialog)
    (panel,) = dialog.findChildren(NetworkPanel)
    assert panel.isVisible()
    assert "Network" in [one.text() for one in dialog.findChildren(QLabel)]
    assert dialog.controls["silence_s"].isVisible()
    dialog.close()
