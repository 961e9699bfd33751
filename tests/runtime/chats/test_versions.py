"""Retries, regenerations and edits are siblings; nothing that came is ever written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.storage.conversations import ConversationStore
from tests.runtime.loopback import begin, question_of, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker


async def numbered(call: Call) -> None:
    await say(call, f"answer {call.number}")


def texts(session: ChatSession) -> list[str]:
    return [one.text for one in session.messages]


@pytest.fixture
def two_turns(chat: SessionMaker, qtbot: QtBot) -> ChatSession:
    session = chat(numbered)
    for question in ("one", "two"):
        with qtbot.waitSignal(session.finished):
            session.send(question)
    return session


def test_regenerating_makes_another_version_and_shows_it(
    two_turns: ChatSession, qtbot: QtBot
) -> None:
    old = two_turns.messages[-1]
    with qtbot.waitSignal(two_turns.finished):
        two_turns.regenerate(old.id)
    assert texts(two_turns) == ["one", "answer 1", "two", "answer 3"]
    assert two_turns.versions(two_turns.messages[-1].id) == (2, 2)
    assert two_turns.versions(old.id) == (1, 2)


def test_a_version_in_the_middle_leads_to_its_own_continuation(
    two_turns: ChatSession, qtbot: QtBot
) -> None:
    first = two_turns.messages[1]
    with qtbot.waitSignal(two_turns.finished):
        two_turns.regenerate(first.id)
    assert texts(two_turns) == ["one", "answer 3"]
    two_turns.show_version(two_turns.messages[1].id, -1)
    assert texts(two_turns) == ["one", "answer 1", "two", "answer 2"]
    two_turns.show_version(two_turns.messages[1].id, 1)
    assert texts(two_turns) == ["one", "answer 3"]


def test_there_is_no_version_before_the_first_and_after_the_last(two_turns: ChatSession) -> None:
    last = two_turns.messages[-1].id
    two_turns.show_version(last, 1)
    two_turns.show_version(last, -1)
    assert texts(two_turns) == ["one", "answer 1", "two", "answer 2"]


def test_regenerating_with_another_model_leaves_the_choice_alone(
    two_turns: ChatSession, qtbot: QtBot
) -> None:
    choice = two_turns.setup.choice
    with qtbot.waitSignal(two_turns.finished):
        two_turns.regenerate(two_turns.messages[-1].id, ModelChoice(choice.provider_id, "other"))
    assert two_turns.messages[-1].model == "other"
    assert two_turns.setup.choice == choice


def test_an_edited_question_is_a_sibling_with_an_answer_of_its_own(
    two_turns: ChatSession, qtbot: QtBot
) -> None:
    question = two_turns.messages[2]
    with qtbot.waitSignal(two_turns.finished):
        assert two_turns.edit(question.id, "two, but better")
    assert texts(two_turns) == ["one", "answer 1", "two, but better", "answer 3"]
    two_turns.show_version(two_turns.messages[2].id, -1)
    assert texts(two_turns) == ["one", "answer 1", "two", "answer 2"]


def test_the_first_question_can_be_edited(two_turns: ChatSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(two_turns.finished):
        assert two_turns.edit(two_turns.messages[0].id, "uno")
    assert texts(two_turns) == ["uno", "answer 3"]
    assert two_turns.versions(two_turns.messages[0].id) == (2, 2)


def test_only_the_shown_path_is_sent(chat: SessionMaker, qtbot: QtBot) -> None:
    sent: list[list[str]] = []

    async def script(call: Call) -> None:
        sent.append([one["content"] for one in question_of(call)])
        await numbered(call)

    session = chat(script)
    with qtbot.waitSignal(session.finished):
        session.send("one")
    with qtbot.waitSignal(session.finished):
        session.regenerate(session.messages[-1].id)
    with qtbot.waitSignal(session.finished):
        session.send("two")
    assert sent == [["one"], ["one"], ["one", "answer 2", "two"]]


def test_the_shown_version_is_shown_again_after_a_restart(
    make_core: CoreMaker, two_turns: ChatSession, qtbot: QtBot, core: Core
) -> None:
    with qtbot.waitSignal(two_turns.finished):
        two_turns.regenerate(two_turns.messages[-1].id)
    two_turns.show_version(two_turns.messages[-1].id, -1)
    assert core.close()
    again = make_core().library.session(two_turns.id)
    again.load()
    assert texts(again) == ["one", "answer 1", "two", "answer 2"]
    assert again.versions(again.messages[-1].id) == (1, 2)


def test_retrying_where_nothing_had_come_uses_the_same_place(
    chat: SessionMaker, profile: Profile, core: Core, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        if call.number == 1:
            await refuse(call, "401 Unauthorized")
        else:
            await numbered(call)

    session = chat(script)
    with qtbot.waitSignal(session.finished):
        session.send("one")
    failed = session.messages[-1]
    assert failed.state is MessageState.FAILED
    removed: list[str] = []
    session.message_removed.connect(removed.append)
    with qtbot.waitSignal(session.finished):
        session.retry(failed.id)
    assert removed == [failed.id]
    assert texts(session) == ["one", "answer 2"]
    assert session.versions(session.messages[-1].id) == (1, 1)
    assert core.close()
    store = ConversationStore(profile.chats_file, "", read_only=True)
    assert [one.text for one in store.messages(session.id)] == ["one", "answer 2"]
    store.close()


def test_retrying_after_some_text_makes_a_version_and_keeps_the_text(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        if call.number > 1:
            await numbered(call)
            return
        await begin(call, text("broken"))
        call.reset()

    session = chat(script)
    with qtbot.waitSignal(session.finished):
        session.send("one")
    broken = session.messages[-1]
    assert (broken.text, broken.state) == ("broken", MessageState.INTERRUPTED)
    assert broken.failure is not None
    assert broken.failure.kind is ErrorKind.BROKEN_STREAM
    with qtbot.waitSignal(session.finished):
        session.retry(broken.id)
    assert texts(session) == ["one", "answer 2"]
    session.show_version(session.messages[-1].id, -1)
    assert texts(session) == ["one", "broken"]


def test_nothing_of_this_happens_while_an_answer_is_on_its_way(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("part"))
        await call.hold()

    session = chat(script)
    with qtbot.waitSignal(session.text_arrived):
        session.send("one")
    question, answer = (one.id for one in session.messages)
    session.retry(answer)
    session.regenerate(answer)
    session.show_version(answer, 1)
    assert not session.edit(question, "uno")
    assert session.versions(answer) == (1, 1)
    assert session.busy
    session.stop()
