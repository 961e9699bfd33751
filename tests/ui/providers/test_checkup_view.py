"""The test of a service in its card: a row for each layer, what to do, and a report to copy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication

from desktop_chat.domain.checkup import Layer, Verdict
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import KeySource, Provider
from desktop_chat.ui.providers.checkup_view import CheckupView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import FakeKeyring, FakeService

KEY = "gsk_right1"
WRONG = "canary-wrong-5e6f"


@pytest.fixture
def view(qtbot: QtBot, appearance: Appearance, core: Core) -> Iterator[CheckupView]:
    made = CheckupView(appearance, core)
    qtbot.addWidget(made)
    yield made
    made.cancel()


@pytest.fixture
def stored(core: Core, service: FakeService, keyring: FakeKeyring) -> Provider:
    provider = Provider(
        id="home", name="Home", protocol="openai_chat", base_url=service.base_url, model="m-one"
    )
    keyring.kept["home"] = Secret(KEY)
    core.preferences.save_provider(provider)
    return provider


def test_each_layer_is_shown_and_said(qtbot: QtBot, view: CheckupView, stored: Provider) -> None:
    with qtbot.waitSignal(view.ended, timeout=10_000):
        view.begin(stored)
        assert view.cancel_button.isVisible()
    assert not view.busy
    assert view.label.text() == "It answers. 2 models."
    rows = view._rows
    assert rows[Layer.KEY].mark.accessibleName() == (
        f"Key, works, key 1, from the keyring, {rows[Layer.KEY].time.text()}"
    )
    assert rows[Layer.PROXY].mark.accessibleName() == "Proxy, not used, reached straight"
    assert not view.cancel_button.isVisible()


def test_the_layer_that_broke_off_is_named_and_the_report_can_be_copied(
    qtbot: QtBot, view: CheckupView, stored: Provider, keyring: FakeKeyring
) -> None:
    keyring.kept["home"] = Secret(WRONG)
    with qtbot.waitSignal(view.ended, timeout=10_000):
        view.begin(stored)
    assert view._rows[Layer.KEY].verdict is Verdict.FAILED
    assert view.label.text() == "Home does not know this key. Paste a new one."
    view.copy_button.click()
    assert view.copy_button.text() == "Copied"
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Desktop Chat ")
    assert "Key           broke off" in copied
    assert WRONG not in copied
    assert view.mend_button.text() == "Change key"
    with qtbot.waitSignal(view.mend_requested) as mending:
        view.mend_button.click()
    assert mending.args == ["key"]


def test_it_is_cancelled_at_once_whatever_it_waits_for(
    qtbot: QtBot, view: CheckupView, stored: Provider, core: Core, keyring: FakeKeyring
) -> None:
    keyring.open.clear()
    with qtbot.assertNotEmitted(view.ended):
        view.begin(stored)
        loop = QEventLoop()
        QTimer.singleShot(0, loop.quit)
        loop.exec()
        view.cancel_button.click()
        assert not view.busy
        assert not view.isVisible()
        keyring.open.set()
    source = {"key_source": KeySource.NONE, "base_url": "http://127.0.0.1:9/v1"}
    with qtbot.waitSignal(view.ended, timeout=10_000):
        view.begin(replace(stored, **source))  # type: ignore[arg-type]
    assert view._rows[Layer.TCP].verdict is Verdict.FAILED
