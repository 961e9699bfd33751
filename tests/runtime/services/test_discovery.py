"""What can be offered: servers that answer, can be chatted with and are not set up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.discovery import WITHIN_S
from desktop_chat.domain.providers import split_origin
from desktop_chat.domain.settings import FIND_SERVERS
from desktop_chat.protocols.discovery import looking
from desktop_chat.protocols.discovery.looking import Place
from tests.protocols.model_servers import SERVERS, listed, speaking
from tests.runtime.conftest import provider_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.loopback import Loopback

    LookAt = Callable[..., None]


@pytest.fixture
def look_at(monkeypatch: pytest.MonkeyPatch) -> LookAt:
    """Let the program look at these servers, not at the usual places."""

    def set_places(**servers: RawServer) -> None:
        places = [Place("127.0.0.1", one.port, (name,)) for name, one in servers.items()]
        monkeypatch.setattr(looking, "usual_places", lambda: places)

    return set_places


def look(core: Core, qtbot: QtBot) -> list[str]:
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        core.discovery.look()
    return [one.name for one in core.offers]


@pytest.fixture
def patient(core: Core) -> Core:
    """A core that looks for as long as a slow machine may need."""
    core.discovery.within_s = 20.0
    return core


def test_what_answers_is_offered_until_it_is_set_up(
    patient: Core, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    jan = loopback.serve(speaking(SERVERS["jan"]))
    kobold = loopback.serve(speaking(SERVERS["koboldcpp"]))
    look_at(jan=jan, koboldcpp=kobold)
    assert not patient.offers
    assert look(patient, qtbot) == ["Jan", "KoboldCpp"]
    with qtbot.waitSignal(patient.offers_changed):
        patient.preferences.save_provider(provider_at(f"http://localhost:{kobold.port}/v1"))
    assert [one.name for one in patient.offers] == ["Jan"]
    assert [one.name for one in patient.discovery.found] == ["Jan", "KoboldCpp"]


def test_a_service_elsewhere_at_the_same_port_is_another_one(
    patient: Core, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    jan = loopback.serve(speaking(SERVERS["jan"]))
    look_at(jan=jan)
    patient.preferences.save_provider(provider_at(f"http://example.org:{jan.port}/v1"))
    assert look(patient, qtbot) == ["Jan"]


def test_a_server_without_models_is_found_and_not_offered(
    patient: Core, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    empty = loopback.serve(speaking({**SERVERS["ollama"], "/v1/models": listed("")}))
    look_at(ollama=empty)
    assert look(patient, qtbot) == []
    assert [one.name for one in patient.discovery.found] == ["Ollama"]


def test_one_that_is_gone_is_offered_no_longer(
    patient: Core, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    jan = loopback.serve(speaking(SERVERS["jan"]))
    look_at(jan=jan)
    assert look(patient, qtbot) == ["Jan"]
    loopback.end(jan)
    assert look(patient, qtbot) == []


def test_the_limit_ends_the_look_at_one_that_never_answers(
    core: Core, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    gate = loopback.gate()

    async def silent(call: Call) -> None:
        await gate.passed()
        await speaking(SERVERS["jan"])(call)

    look_at(jan=loopback.serve(silent))
    assert core.discovery.within_s == WITHIN_S == 0.3
    assert look(core, qtbot) == []
    core.discovery.within_s = 20.0
    core.discovery.look()
    assert core.discovery.looking
    gate.open()
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        pass
    assert [one.name for one in core.offers] == ["Jan"]


def test_two_looks_at_once_are_one(
    patient: Core, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    jan = loopback.serve(speaking(SERVERS["jan"]))
    look_at(jan=jan)
    patient.discovery.look()
    assert look(patient, qtbot) == ["Jan"]
    assert len([one for one in jan.requests if "/v1/models" in one.line]) == 1


def test_a_look_that_goes_wrong_is_no_failure(
    patient: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        await asyncio.sleep(0)
        raise RuntimeError("a mistake")

    noticed: list[object] = []
    patient.noticed.connect(noticed.append)
    monkeypatch.setattr(looking, "find_servers", broken)
    assert look(patient, qtbot) == []
    assert noticed == []


def test_who_does_not_want_it_is_not_looked_for(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    jan = loopback.serve(speaking(SERVERS["jan"]))
    look_at(jan=jan)
    core = make_core(window=True)
    core.discovery.within_s = 20.0
    core.preferences.set_value(FIND_SERVERS, False)
    core.settle()
    assert not core.discovery.looking
    assert look(core, qtbot) == ["Jan"]


def test_the_window_looks_by_itself_once_it_is_painted(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot, look_at: LookAt
) -> None:
    jan = loopback.serve(speaking(SERVERS["jan"]))
    look_at(jan=jan)
    core = make_core(window=True)
    core.discovery.within_s = 20.0
    assert not jan.requests
    with qtbot.waitSignal(core.offers_changed, timeout=20_000):
        core.settle()
    (found,) = core.offers
    assert split_origin(found.base_url) == ("http", "127.0.0.1", jan.port)
