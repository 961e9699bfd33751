"""A reply gives events, then exactly one end, and after it nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import Role
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.stream import (
    ChatRequest,
    Finished,
    Phase,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    Turn,
)
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import begin, delta, finish, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.reply import Reply
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.loopback import Loopback


class Log:
    """Everything that a reply gave, in order."""

    def __init__(self, reply: Reply) -> None:
        self.events: list[StreamEvent] = []
        self.phases: list[Phase] = []
        self.ends: list[object] = []
        reply.arrived.connect(self.events.append)
        reply.phase_changed.connect(self.phases.append)
        reply.done.connect(lambda _result: self.ends.append("done"))
        reply.failed.connect(self.ends.append)

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.events if isinstance(one, TextDelta))


def ask(core: Core, server: RawServer) -> Reply:
    turns = (Turn(Role.USER, "why?"),)
    request = ChatRequest(provider=provider_at(server.url), model="m", turns=turns)
    return core.network.ask(request, core)


def test_events_come_in_order_and_then_one_end(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, delta(reasoning_content="hm"))
        await finish(call, text("Hel"), text("lo"))

    reply = ask(core, loopback.serve(script))
    log = Log(reply)
    qtbot.waitUntil(lambda: bool(log.ends))
    assert log.ends == ["done"]
    assert log.events[0] == ReasoningDelta("hm")
    assert log.text == "Hello"
    assert isinstance(log.events[-1], Finished)
    assert reply.ended


def test_the_phases_lead_from_connecting_to_answering(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    headers, thinking, answering = loopback.gate(), loopback.gate(), loopback.gate()

    async def script(call: Call) -> None:
        await headers.passed()
        await begin(call, b": keep-alive\n\n")
        await thinking.passed()
        await call.chunk(delta(reasoning_content="hm"))
        await answering.passed()
        await finish(call, text("yes"))

    reply = ask(core, loopback.serve(script))
    log = Log(reply)
    begun = reply.phase
    assert begun is Phase.CONNECTING
    qtbot.waitUntil(lambda: reply.phase is Phase.WAITING)
    headers.open()
    qtbot.waitUntil(lambda: reply.phase is Phase.QUEUED)
    thinking.open()
    qtbot.waitUntil(lambda: reply.phase is Phase.THINKING)
    answering.open()
    qtbot.waitUntil(lambda: bool(log.ends))
    assert reply.phase is Phase.ANSWERING
    assert log.phases == [Phase.WAITING, Phase.QUEUED, Phase.THINKING, Phase.ANSWERING]


def test_a_failure_is_the_one_end(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await refuse(call, "401 Unauthorized")

    log = Log(ask(core, loopback.serve(script)))
    qtbot.waitUntil(lambda: bool(log.ends))
    (failure,) = log.ends
    assert isinstance(failure, Failure)
    assert failure.kind is ErrorKind.BAD_KEY
    assert log.events == []


def test_an_unknown_protocol_ends_as_a_failure(core: Core, qtbot: QtBot) -> None:
    provider = provider_at("http://127.0.0.1:9/v1")
    object.__setattr__(provider, "protocol", "telepathy")
    request = ChatRequest(provider=provider, model="m", turns=())
    log = Log(core.network.ask(request, core))
    qtbot.waitUntil(lambda: bool(log.ends))
    (failure,) = log.ends
    assert isinstance(failure, Failure)


@pytest.mark.parametrize("waits_in", ["headers", "stream"])
def test_after_stop_nothing_comes_any_more(
    core: Core, loopback: Loopback, qtbot: QtBot, waits_in: str
) -> None:
    async def script(call: Call) -> None:
        if waits_in == "stream":
            await begin(call, text("part"))
        await call.hold()

    server = loopback.serve(script)
    reply = ask(core, server)
    log = Log(reply)
    if waits_in == "stream":
        qtbot.waitUntil(lambda: log.text == "part")
    else:
        qtbot.waitUntil(lambda: reply.phase is Phase.WAITING)
    reply.stop()
    count = len(log.events), len(log.phases)
    qtbot.waitUntil(server.closed.is_set)
    reply.stop()
    assert (len(log.events), len(log.phases)) == count
    assert log.ends == []
    assert reply.ended


def test_what_has_come_and_waits_in_the_mailbox_is_handed_out_by_stop(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("part"))
        await call.hold()

    reply = ask(core, loopback.serve(script))
    log = Log(reply)
    mailbox = reply._mailbox
    # The main thread is busy: the event loop does not run, and the facts wait.
    for _ in range(2000):
        waiting = list(mailbox._pile._runs)
        if any(TextDelta("part") in run.facts for run in waiting):
            break
        reply._thread.wait(5)
    assert log.events == []
    reply.stop()
    assert log.text == "part"
    assert log.ends == []


def test_two_replies_do_not_mix(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    def speaker(word: str) -> RawServer:
        async def script(call: Call) -> None:
            await say(call, *([word] * 300))

        return loopback.serve(script)

    logs = [Log(ask(core, speaker(word))) for word in ("tick ", "tock ")]
    qtbot.waitUntil(lambda: all(log.ends for log in logs))
    assert [log.text for log in logs] == ["tick " * 300, "tock " * 300]
