"""A session asks, gathers and keeps: the whole way of an answer, over real connections."""

from __future__ import annotations

import json
import weakref
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import MessageState, Role
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.storage.conversations import ConversationStore
from tests.runtime.conftest import provider_at, session_with
from tests.runtime.loopback import begin, delta, end, finish, question_of, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.chat import Message
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker
    from tests.runtime.loopback import Loopback, Script


async def hello(call: Call) -> None:
    await say(call, "Hel", "lo")


async def echo(call: Call) -> None:
    await say(call, f"You said: {question_of(call)[-1]['content']}")


def asked(session: ChatSession, question: str, qtbot: QtBot) -> Message:
    """Ask and return the finished answer."""
    with qtbot.waitSignal(session.finished):
        assert session.send(question)
    return session.messages[-1]


def test_a_question_is_answered(chat: SessionMaker, qtbot: QtBot) -> None:
    session = chat(hello)
    arrived: list[str] = []
    session.text_arrived.connect(lambda _id, piece: arrived.append(piece))
    answer = asked(session, "Why?", qtbot)
    assert [one.role for one in session.messages] == [Role.USER, Role.ASSISTANT]
    assert (answer.text, answer.state, answer.model) == ("Hello", MessageState.COMPLETE, "m")
    assert answer.provider_name == "Here"
    assert answer.finish_reason == "stop"
    assert "".join(arrived) == "Hello"
    assert not session.busy
    assert session.phase is None


def test_the_first_question_gives_the_title(chat: SessionMaker, qtbot: QtBot) -> None:
    session = chat(hello)
    titles: list[str] = []
    session.title_changed.connect(lambda: titles.append(session.title))
    asked(session, "  Why is\nthe sky blue?  ", qtbot)
    asked(session, "And red?", qtbot)
    assert titles == ["Why is the sky blue?"]


def test_the_whole_path_is_sent_as_context(chat: SessionMaker, qtbot: QtBot) -> None:
    sent: list[list[dict[str, str]]] = []

    async def script(call: Call) -> None:
        sent.append(question_of(call))
        await say(call, f"answer {call.number}")

    session = chat(script)
    asked(session, "one", qtbot)
    asked(session, "two", qtbot)
    assert sent[1] == [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "answer 1"},
        {"role": "user", "content": "two"},
    ]


def test_reasoning_and_usage_stand_apart_from_the_text(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await begin(call, delta(reasoning_content="Let me "), delta(reasoning="see."))
        await call.chunk(text("Yes."))
        await call.chunk(
            b'data: {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5}}\n\n'
        )
        await finish(call)

    session = chat(script)
    reasoning: list[str] = []
    session.reasoning_arrived.connect(lambda _id, piece: reasoning.append(piece))
    answer = asked(session, "Is it?", qtbot)
    assert (answer.text, answer.reasoning) == ("Yes.", "Let me see.")
    assert "".join(reasoning) == "Let me see."
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (3, 5)


def test_nothing_is_sent_for_an_empty_question(chat: SessionMaker) -> None:
    session = chat(hello)
    assert not session.send(" \n ")
    assert session.is_empty


def test_halves_of_characters_in_a_question_do_no_harm(chat: SessionMaker, qtbot: QtBot) -> None:
    session = chat(echo)
    answer = asked(session, "half \udc80 and \0", qtbot)
    assert answer.text == "You said: half \ufffd and ␀"


def test_a_second_question_waits_for_the_first_answer(
    chat: SessionMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    gate = loopback.gate()

    async def script(call: Call) -> None:
        if call.number == 1:
            await gate.passed()
        await echo(call)

    session = chat(script)
    assert session.send("first")
    assert not session.send("refused while busy")
    assert session.queue("second")
    assert not session.queue("only one waits")
    assert session.outbox.text == "second"
    gate.open()
    qtbot.waitUntil(lambda: len(session.messages) == 4 and not session.busy)
    assert session.outbox.text == ""
    assert [one.text for one in session.messages] == [
        "first",
        "You said: first",
        "second",
        "You said: second",
    ]


def test_stop_gives_the_waiting_question_back(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("part"))
        await call.hold()

    session = chat(script)
    back: list[str] = []
    session.outbox.returned.connect(back.append)
    with qtbot.waitSignal(session.text_arrived):
        session.send("first")
    session.queue("second")
    session.stop()
    assert back == ["second"]
    assert session.outbox.text == ""
    assert len(session.messages) == 2


def test_the_waiting_question_can_be_sent_at_once(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        if call.number > 1:
            await echo(call)
            return
        await begin(call, text("part"))
        await call.hold()

    session = chat(script)
    with qtbot.waitSignal(session.text_arrived):
        session.send("first")
    session.queue("second")
    session.send_queued_now()
    qtbot.waitUntil(lambda: not session.busy)
    assert [(one.text, one.state) for one in session.messages[1:]] == [
        ("part", MessageState.STOPPED),
        ("second", MessageState.COMPLETE),
        ("You said: second", MessageState.COMPLETE),
    ]


def test_another_model_takes_over_from_the_next_question(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    session = session_with(core, loopback.serve(hello))
    other = provider_at(loopback.serve(echo).url, model="n")
    core.preferences.save_provider(other)
    asked(session, "one", qtbot)
    session.setup.set_choice(ModelChoice(other.id, "n"))
    answer = asked(session, "two", qtbot)
    assert (answer.text, answer.provider_id, answer.model) == ("You said: two", other.id, "n")
    assert session.messages[1].model == "m"


def test_a_model_for_one_question_leaves_the_choice_alone(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    session = session_with(core, loopback.serve(hello))
    choice = session.setup.choice
    with qtbot.waitSignal(session.finished):
        session.send("one", ModelChoice(choice.provider_id, "special"))
    assert session.messages[-1].model == "special"
    assert session.setup.choice == choice


def test_a_chat_comes_back_from_the_file_as_it_was(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    first = make_core()
    session = session_with(first, loopback.serve(echo))
    asked(session, "one", qtbot)
    asked(session, "two", qtbot)
    messages = session.messages
    assert first.close()
    again = make_core().library.session(session.id)
    again.load()
    assert list(again.messages) == list(messages)
    assert again.title == "one"


def test_a_temporary_chat_is_written_to_no_file(
    chat: SessionMaker, core: Core, profile: Profile, qtbot: QtBot
) -> None:
    session = chat(echo, temporary=True)
    asked(session, "xyzzy-the-secret-question", qtbot)
    assert core.library.conversations() == ()
    assert core.close()
    for file in profile.data.parent.rglob("*"):
        assert not file.is_file() or b"xyzzy" not in file.read_bytes()


def test_what_arrives_is_in_the_journal_within_half_a_second(
    chat: SessionMaker, profile: Profile, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("so far"))
        await call.hold()

    session = chat(script)
    with qtbot.waitSignal(session.text_arrived):
        session.send("why?")
    reader = ConversationStore(profile.chats_file, "", read_only=True)
    qtbot.waitUntil(
        lambda: [one.text for one in reader.messages(session.id)] == ["why?", "so far"],
        timeout=500,
    )
    reader.close()


def test_an_answer_cut_at_its_length_is_complete_and_says_so(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("long"), end("length"))
        await call.chunk(b"")

    answer = asked(chat(script), "why?", qtbot)
    assert answer.state is MessageState.COMPLETE
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.LENGTH_STOP


def test_a_chat_whose_service_was_removed_goes_to_the_usual_one(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(hello)
    asked(session, "one", qtbot)
    core.preferences.remove_provider(session.setup.choice.provider_id)
    assert session.setup.choice == core.preferences.choice()


def test_several_sessions_answer_at_the_same_time(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    gate = loopback.gate()

    async def script(call: Call) -> None:
        await begin(call, text("begun "))
        await gate.passed()
        await finish(call, text("and done"))

    server = loopback.serve(script)
    sessions = [session_with(core, server) for _ in range(5)]
    for session in sessions:
        session.send("go")
    qtbot.waitUntil(lambda: len(server.requests) == 5)
    assert all(one.busy for one in sessions)
    gate.open()
    qtbot.waitUntil(lambda: not any(one.busy for one in sessions))
    assert {one.messages[-1].text for one in sessions} == {"begun and done"}


def without_a_model(core: Core, loopback: Loopback, script: Script) -> ChatSession:
    """Return a session at a service of which no model is known yet."""
    provider = provider_at(loopback.serve(script).url, model="")
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, ""))
    return session


def test_where_no_model_is_known_the_first_that_the_service_lists_is_asked(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        if call.request.line.startswith("GET"):
            models = {"data": [{"id": "first"}, {"id": "second"}]}
            await call.answer(json.dumps(models).encode(), content_type="application/json")
        else:
            await say(call, "asked " + json.loads(call.request.body)["model"])

    answer = asked(without_a_model(core, loopback, script), "why?", qtbot)
    assert (answer.text, answer.model) == ("asked first", "first")


def test_a_service_that_lists_no_models_is_asked_without_a_name(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        if call.request.line.startswith("GET"):
            await refuse(call, "404 Not Found")
        else:
            await say(call, "answered")

    answer = asked(without_a_model(core, loopback, script), "why?", qtbot)
    assert (answer.text, answer.model) == ("answered", "")


def test_qt_notes_nothing_of_the_gate_that_other_threads_may_drop_last(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    session = chat(hello)
    with qtbot.waitSignal(session.finished):
        session.send("Why?")
        answering = session._answering
        assert answering is not None
        # A slot's receiver is noted by a weak reference, which then crashed on that thread.
        assert weakref.getweakrefcount(answering._stored) == 0
