"""What is set for a provider and for a chat goes with the question, the nearer over the further."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop_chat.domain.assistants import Assistant, Prompt
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

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
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
    found = core.preferences.provider(session.setup.choice.provider_id)
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
    session.setup.set_parameters(Parameters(temperature=0.0, system="near"))
    ask(session, qtbot)
    assert "temperature" not in asked.bodies[0]
    assert (asked.bodies[1]["temperature"], asked.bodies[1]["top_p"]) == (1.0, 0.5)
    assert asked.bodies[1]["messages"][0] == {"role": "system", "content": "far"}
    assert (asked.bodies[2]["temperature"], asked.bodies[2]["top_p"]) == (0.0, 0.5)
    assert asked.bodies[2]["messages"][0] == {"role": "system", "content": "near"}
    assert session.setup.inherited(session.setup.choice).temperature == 1.0


def test_what_is_set_for_a_chat_holds_after_a_restart(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    first = make_core()
    session = session_with(first, loopback.serve(Recorder()))
    told: list[bool] = []
    session.setup.parameters_changed.connect(lambda: told.append(True))
    session.setup.set_parameters(Parameters(seed=0, system="Be brief."))
    session.setup.set_parameters(Parameters(seed=0, system="Be brief."))
    ask(session, qtbot)
    assert told == [True]
    assert first.close()
    again = make_core().library.session(session.id)
    assert again.setup.parameters == Parameters(seed=0, system="Be brief.")


def test_what_is_set_for_a_temporary_chat_is_in_no_file(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot, profile: Profile
) -> None:
    core = make_core()
    session = session_with(core, loopback.serve(Recorder()), temporary=True)
    session.setup.set_parameters(Parameters(system="Be a secret agent."))
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
    session.setup.set_parameters(Parameters(temperature=0.7, seed=1))
    ask(session, qtbot)
    answer = session.messages[-1]
    assert answer.state is MessageState.FAILED
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.parameter) == (ErrorKind.BAD_REQUEST, "Temperature")
    session.setup.set_parameters(NOTHING_SET)
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
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    ask(session, qtbot)
    ask(session, qtbot, "And?")
    session.setup.set_choice(ModelChoice(provider.id, "other"))
    ask(session, qtbot, "And now?")
    signed = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
    assert bodies[1]["messages"][1]["content"][0] == signed
    assert "c2ln" not in json.dumps(bodies[2])


def test_an_assistant_stands_between_the_provider_and_the_chat(
    core: Core, chat: SessionMaker, qtbot: QtBot
) -> None:
    asked = Recorder()
    session = chat(asked)
    change(core, session, parameters=Parameters(temperature=1.0, top_p=0.5, seed=3))
    pirate = Assistant(
        id="a", name="Pirate", parameters=Parameters(system="Arr.", temperature=0.5, top_p=0.1)
    )
    core.preferences.assistants.save(pirate)
    session.setup.set_assistant(pirate)
    session.setup.set_parameters(Parameters(temperature=0.0))
    ask(session, qtbot)
    body = asked.bodies[0]
    assert (body["temperature"], body["top_p"], body["seed"]) == (0.0, 0.1, 3)
    assert body["messages"][0]["content"] == "Arr."
    before = session.setup.assistant
    core.preferences.assistants.remove("a")
    ask(session, qtbot)
    assert (before, session.setup.assistant) == (pirate, None)
    assert asked.bodies[1]["messages"][0]["role"] == "user"


def test_an_assistant_brings_its_model_where_its_service_is_still_there(
    core: Core, chat: SessionMaker
) -> None:
    session = chat(Recorder())
    before = session.setup.choice
    session.setup.set_assistant(Assistant(id="a", name="A", provider_id="gone", model="x"))
    assert session.setup.choice == before
    session.setup.set_assistant(
        Assistant(id="b", name="B", provider_id=before.provider_id, model="x")
    )
    assert session.setup.choice == ModelChoice(before.provider_id, "x")
    session.setup.set_assistant(None)
    assert session.setup.choice == ModelChoice(before.provider_id, "x")


def test_assistants_and_prompts_are_there_after_a_restart(make_core: CoreMaker) -> None:
    first = make_core()
    assert not first.preferences.has_assistants
    pirate = Assistant(id="a", name="Pirate", parameters=Parameters(seed=1))
    prompt = Prompt(id="p", name="Ask", text="{{x}}")
    first.preferences.assistants.save(pirate)
    first.preferences.prompts.save(prompt)
    assert first.close()
    again = make_core().preferences
    assert again.has_assistants
    assert again.assistants.all() == (pirate,)
    assert again.prompts.all() == (prompt,)


def test_a_damaged_library_is_told_when_it_is_opened(
    make_core: CoreMaker, profile: Profile
) -> None:
    profile.settings.mkdir(parents=True)
    (profile.settings / "prompts.json").write_bytes(b"{")
    core = make_core()
    told: list[Failure] = []
    core.noticed.connect(told.append)
    assert core.preferences.prompts.all() == ()
    assert [one.kind for one in told] == [ErrorKind.SETTINGS_DAMAGED]
