"""Stop acts at once in every phase, and keeps what has come."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.domain.stream import Phase
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import begin, refuse, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.keys import KeyResult
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker
    from tests.runtime.loopback import Loopback


def stop(session: ChatSession) -> None:
    """Stop beside a server that holds on for ever; how quick it is, `stop_ms` measures."""
    session.stop()
    assert not session.busy


def test_before_anything_is_sent(chat: SessionMaker) -> None:
    async def script(call: Call) -> None:
        await call.hold()

    session = chat(script)
    session.send("why?")
    stop(session)
    assert session.messages[-1].state is MessageState.STOPPED


def test_while_it_waits_for_headers(chat: SessionMaker, loopback: Loopback, qtbot: QtBot) -> None:
    gone = threading.Event()

    async def script(call: Call) -> None:
        await call.hold()
        gone.set()

    session = chat(script)
    session.send("why?")
    qtbot.waitUntil(lambda: session.phase is Phase.WAITING)
    stop(session)
    # The connection itself is closed, too: the service need not go on.
    assert gone.wait(1)
    assert session.messages[-1].state is MessageState.STOPPED
    assert session.messages[-1].parts == ()


def test_in_a_silent_stream(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("what came"))
        await call.hold()

    session = chat(script)
    with qtbot.waitSignal(session.text_arrived):
        session.send("why?")
    stop(session)
    answer = session.messages[-1]
    assert (answer.text, answer.state) == ("what came", MessageState.STOPPED)


def test_in_a_flood(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await begin(call)
        piece = text("0123456789" * 10) * 100
        while True:
            await call.chunk(piece)

    session = chat(script)
    shown: list[str] = []
    session.text_arrived.connect(lambda _id, piece: shown.append(piece))
    session.send("why?")
    qtbot.waitUntil(lambda: sum(map(len, shown)) > 100_000)
    stop(session)
    answer = session.messages[-1]
    assert answer.state is MessageState.STOPPED
    assert answer.text == "".join(shown)


def test_in_the_pause_that_a_service_asked_for(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await refuse(call, "429 Too Many Requests", retry_after="30")

    session = chat(script)
    session.send("why?")
    qtbot.waitUntil(lambda: session.phase is Phase.RETRYING)
    assert 25 < session.retry_in_s <= 30
    stop(session)
    assert session.retry_in_s == 0


@pytest.fixture
def blocker() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_while_a_name_is_looked_up(
    core: Core, qtbot: QtBot, blocker: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def never(*_arguments: Any) -> list[Any]:
        asked.set()
        blocker.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr("urllib.request.getproxies", dict)
    provider = provider_at("http://slow.example/v1")
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    session.send("why?")
    qtbot.waitUntil(asked.is_set)
    assert session.phase is Phase.CONNECTING
    stop(session)


def test_while_the_keyring_is_asked(
    make_core: CoreMaker, qtbot: QtBot, blocker: threading.Event
) -> None:
    asked = threading.Event()

    class Locked(MemorySecrets):
        @override
        def read(self, provider_id: str, slot: str = "key") -> KeyResult:
            asked.set()
            blocker.wait()
            return super().read(provider_id, slot)

    core = make_core(keyring=Locked())
    provider = provider_at("http://127.0.0.1:9/v1", key_source=KeySource.KEYRING)
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    session.send("why?")
    qtbot.waitUntil(asked.is_set)
    stop(session)


def test_nothing_comes_after_stop(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("part"))
        await call.hold()

    session = chat(script)
    with qtbot.waitSignal(session.text_arrived):
        session.send("why?")
    finished: list[str] = []
    session.finished.connect(finished.append)
    session.stop()
    session.stop()
    assert finished == [session.messages[-1].id]
    with qtbot.assertNotEmitted(session.text_arrived, wait=50):
        session.send("again")
        session.stop()


def test_ten_streams_stop_together(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("part"))
        await call.hold()

    server = loopback.serve(script)
    provider = provider_at(server.url)
    core.preferences.save_provider(provider)
    sessions = [core.library.new_session() for _ in range(10)]
    for session in sessions:
        session.setup.set_choice(ModelChoice(provider.id, "m"))
        session.send("why?")
    qtbot.waitUntil(lambda: all(one.phase is Phase.ANSWERING for one in sessions))
    for session in sessions:
        stop(session)
    assert {one.messages[-1].text for one in sessions} == {"part"}
