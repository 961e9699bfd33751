"""What the main thread asks of the network besides answers."""

from __future__ import annotations

import threading
from math import inf
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from desktop_chat.domain.chat import Role
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.network_options import NetworkSettings
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, Provider
from desktop_chat.domain.settings import FIRST_BYTE_S
from desktop_chat.domain.stream import ChatRequest, Limits, Turn
from desktop_chat.runtime.network.network import Network
from desktop_chat.runtime.network.requests import limits_for
from desktop_chat.runtime.network.vault import Vault
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at, session_with

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from tests.protocols.servers import Call
    from tests.runtime.loopback import Loopback


def test_a_call_gives_what_the_function_returns(core: Core, qtbot: QtBot) -> None:
    with qtbot.waitSignal(core.network.call("answer", lambda: 42).done) as done:
        pass
    assert done.args == [42]


def test_the_demo_lists_its_model(core: Core, qtbot: QtBot) -> None:
    demo = core.preferences.provider(DEMO_PROVIDER_ID)
    assert demo is not None
    with qtbot.waitSignal(core.network.list_models(demo).done) as done:
        pass
    (models,) = done.args or [()]
    assert [one.id for one in models] == ["demo"]


def test_work_whose_object_is_gone_is_dropped(core: Core, qtbot: QtBot) -> None:
    answers = threading.Event()
    parent = QObject()
    job = core.network.call("late", answers.wait, parent)
    with qtbot.waitSignal(job.destroyed):
        parent.deleteLater()
    answers.set()
    with qtbot.waitSignal(core.network.call("after", lambda: None).done):
        pass


def test_a_question_whose_object_is_gone_is_dropped(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await call.hold()

    server = loopback.serve(script)
    parent = QObject()
    request = ChatRequest(
        provider=provider_at(server.url), model="m", turns=(Turn(Role.USER, "why?"),)
    )
    core.network.ask(request, parent)
    qtbot.waitUntil(lambda: bool(server.requests))
    parent.deleteLater()
    qtbot.waitUntil(server.closed.is_set)


def test_one_connection_serves_several_questions(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await call.answer(b'{"data": []}', content_type="application/json")

    server = loopback.serve(script)
    provider = provider_at(server.url)
    for _ in range(3):
        with qtbot.waitSignal(core.network.list_models(provider).done):
            pass
    assert (len(server.requests), server.connections) == (3, 1)


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
def test_a_server_on_this_computer_is_reached_without_the_proxy(
    core: Core, loopback: Loopback, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    async def script(call: Call) -> None:
        await call.answer(b'{"data": []}', content_type="application/json")

    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    server = loopback.serve(script)
    with qtbot.waitSignal(core.network.list_models(provider_at(server.url)).done):
        pass
    assert len(server.requests) == 1


def test_a_network_that_was_never_started_stops(core: Core) -> None:
    network = Network(core._mailbox, Vault(MemorySecrets()))
    assert network.stop()


@pytest.mark.parametrize(
    ("address", "settings", "limits"),
    [
        ("https://api.test/v1", NetworkSettings(), (10, 900, 300)),
        (
            "https://api.test/v1",
            NetworkSettings(connect_s=3, first_byte_s=60, silence_s=20),
            (3, 60, 20),
        ),
        ("https://api.test/v1", NetworkSettings(first_byte_s=0, silence_s=0), (10, inf, inf)),
        ("http://localhost:11434/v1", NetworkSettings(connect_s=5), (5, inf, inf)),
    ],
)
def test_limits_are_the_persons_and_models_here_are_waited_for(
    address: str, settings: NetworkSettings, limits: tuple[float, float, float]
) -> None:
    found = limits_for(provider_at(address), settings)
    assert (found.connect_s, found.first_byte_s, found.idle_s) == limits
    # Ten minutes without a word are no fault.
    assert Limits().first_byte_s >= 600


def test_a_limit_that_was_set_holds_for_the_next_question(
    core: Core, loopback: Loopback, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        await call.hold()

    # The server counts as one on another computer.
    monkeypatch.setattr(Provider, "is_local", property(lambda _self: False))
    core.preferences.set_value(FIRST_BYTE_S, 1)
    session = session_with(core, loopback.serve(script))
    with qtbot.waitSignal(session.finished, timeout=20_000):
        session.send("why?")
    failure = session.messages[-1].failure
    assert failure is not None
    assert (failure.kind, failure.seconds) == (ErrorKind.SILENCE, 1)
