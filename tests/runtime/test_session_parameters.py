"""What is set for a provider and for a chat goes with the question, the nearer over the further."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.parameters import NOTHING_SET, Parameters
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.storage.conversations import ConversationStore
from tests.protocols.dialects import DIALECTS, event
from tests.runtime.conftest import provider_at, session_with
from tests.runtime.loopback import refuse, say

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.session import ChatSession
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker
    from tests.runtime.loopback import Loopback


class Recorder:
    """Answers, and keeps the bodies that it was asked with."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def __call__(self, call: Call) -> None:
        self.bodies.append(json.loads(call.request.body))
        await say(call, "Yes.")


def ask(session: ChatSession, qtbot: QtBot, question: str = "Why?") -> None:
    with qtbot.waitSignal(session.finished):
        assert session.send(question)


def change(core: Core, session: ChatSession, **fields: Any) -> Provider:
    found = core.preferences.provider(session.choice.provider_id)
    assert found is not None
    changed = replace(found, **fields)
    core.preferences.save_provider(changed)
    return changed


def test_what_is_set_is_sent_the_nearer_over_the_further(
    core: Core, chat: SessionMaker, qtbot: QtBot
) -> None:
    asked = Recorder()
    session = chat(asked)
    ask(session, qtbot)
    change(core, session, parameters=Parameters(temperature=1.0, top_p=0.5, system="far"))
    ask(session, qtbot)
    session.set_parameters(Parameters(temperature=0.0, system="near"))
    ask(session, qtbot)
    assert "temperature" not in asked.bodies[0]
    assert (asked.bodies[1]["temperature"], asked.bodies[1]["top_p"]) == (1.0, 0.5)
    assert asked.bodies[1]["messages"][0] == {"role": "system", "content": "far"}
    assert (asked.bodies[2]["temperature"], asked.bodies[2]["top_p"]) == (0.0, 0.5)
    assert asked.bodies[2]["messages"][0] == {"role": "system", "content": "near"}
    assert session.inherited(session.choice).temperature == 1.0


def test_what_is_set_for_a_chat_holds_after_a_restart(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    first = make_core()
    session = session_with(first, loopback.serve(Recorder()))
    told: list[bool] = []
    session.parameters_changed.connect(lambda: told.append(True))
    session.set_parameters(Parameters(seed=0, system="Be brief."))
    session.set_parameters(Parameters(seed=0, system="Be brief."))
    ask(session, qtbot)
    assert told == [True]
    assert first.close()
    again = make_core().library.session(session.id)
    assert again.parameters == Parameters(seed=0, system="Be brief.")


def test_what_is_set_for_a_temporary_chat_is_in_no_file(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot, profile: Profile
) -> None:
    core = make_core()
    session = session_with(core, loopback.serve(Recorder()), temporary=True)
    session.set_parameters(Parameters(system="Be a secret agent."))
    ask(session, qtbot)
    assert core.close()
    store = ConversationStore(profile.chats_file, "owner")
    assert store.conversations() == []
    store.close()
    files = [one for one in profile.data.rglob("*") if one.is_file()]
    assert not [one for one in files if b"secret agent" in one.read_bytes()]


def test_a_refused_parameter_is_named(chat: SessionMaker, qtbot: QtBot) -> None:
    message = "Unsupported value: 'temperature' does not support 0.7 with this model."

    async def script(call: Call) -> None:
        await refuse(call, "400 Bad Request", message)

    session = chat(script)
    session.set_parameters(Parameters(temperature=0.7, seed=1))
    ask(session, qtbot)
    answer = session.messages[-1]
    assert answer.state is MessageState.FAILED
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.parameter) == (ErrorKind.BAD_REQUEST, "Temperature")
    session.set_parameters(NOTHING_SET)
    ask(session, qtbot)
    failure = session.messages[-1].failure
    assert failure is not None
    assert failure.parameter == ""


def test_signed_thoughts_go_back_to_the_model_that_signed_them_alone(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    bodies: list[dict[str, Any]] = []
    thought = [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking"}},
        {"type": "content_block_delta", "index": 0,
         "delta": {"type": "thinking_delta", "thinking": "Hm."}},
        {"type": "content_block_delta", "index": 0,
         "delta": {"type": "signature_delta", "signature": "c2ln"}},
        {"type": "content_block_stop", "index": 0},
    ]  # fmt: skip

    async def script(call: Call) -> None:
        bodies.append(json.loads(call.request.body))
        await call.stream(
            *map(event, thought),
            DIALECTS["anthropic_messages"].good,
            content_type="text/event-stream",
        )

    server = loopback.serve(script)
    provider = replace(provider_at(server.url.removesuffix("/v1")), protocol="anthropic_messages")
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.set_choice(ModelChoice(provider.id, "m"))
    ask(session, qtbot)
    ask(session, qtbot, "And?")
    session.set_choice(ModelChoice(provider.id, "other"))
    ask(session, qtbot, "And now?")
    signed = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
    assert bodies[1]["messages"][1]["content"][0] == signed
    assert "c2ln" not in json.dumps(bodies[2])
