"""The library lists, opens, deletes and brings back; drafts and tabs belong to one window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.workspace import Draft, OpenTab, Workspace
from desktop_chat.storage.conversations import ConversationStore
from tests.runtime.conftest import session_with
from tests.runtime.loopback import begin, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.loopback import Loopback


async def hello(call: Call) -> None:
    await say(call, "hello")


def chatted(core: Core, server: RawServer, question: str, qtbot: QtBot) -> ChatSession:
    session = session_with(core, server)
    with qtbot.waitSignal(session.finished):
        session.send(question)
    return session


def titles(core: Core) -> list[str]:
    return [one.title for one in core.library.conversations()]


def test_a_chat_is_listed_once_something_was_asked_in_it(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    core.library.new_session()
    assert titles(core) == []
    with qtbot.waitSignal(core.library.changed):
        chatted(core, loopback.serve(hello), "one", qtbot)
    assert titles(core) == ["one"]


def test_the_chat_that_changed_last_comes_first(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    server = loopback.serve(hello)
    first = chatted(core, server, "one", qtbot)
    chatted(core, server, "two", qtbot)
    assert titles(core) == ["two", "one"]
    with qtbot.waitSignal(first.finished):
        first.send("again")
    assert titles(core) == ["one", "two"]


def test_an_open_chat_is_one_session(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    session = chatted(core, loopback.serve(hello), "one", qtbot)
    assert core.library.session(session.id) is session
    assert session in core.library.living()
    core.library.close_session(session)
    assert session not in core.library.living()


def test_a_closed_chat_opens_again_with_its_messages(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    session = chatted(core, loopback.serve(hello), "one", qtbot)
    messages = session.messages
    core.library.close_session(session)
    again = core.library.session(messages[0].conversation_id)
    again.load()
    assert again.messages == messages


def test_closing_a_chat_in_mid_answer_keeps_what_came(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("half a"))
        await call.hold()

    core = make_core()
    session = session_with(core, loopback.serve(script))
    conversation_id = session.id
    with qtbot.waitSignal(session.text_arrived):
        session.send("one")
    core.library.close_session(session)
    again = core.library.session(conversation_id)
    again.load()
    answer = again.messages[-1]
    assert (answer.text, answer.state) == ("half a", MessageState.STOPPED)


def test_the_end_of_the_program_interrupts_answers_and_keeps_what_came(
    make_core: CoreMaker, profile: Profile, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("half a"))
        await call.hold()

    core = make_core()
    session = session_with(core, loopback.serve(script))
    with qtbot.waitSignal(session.text_arrived):
        session.send("one")
    assert core.close()
    store = ConversationStore(profile.chats_file, "", read_only=True)
    answer = store.messages(session.id)[-1]
    store.close()
    assert (answer.text, answer.state) == ("half a", MessageState.INTERRUPTED)


def test_chats_are_renamed_open_or_not(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    server = loopback.serve(hello)
    closed, living = (chatted(core, server, name, qtbot) for name in ("one", "two"))
    ids = closed.id, living.id
    core.library.close_session(closed)
    core.library.rename(ids[0], "  uno\n")
    core.library.rename(ids[1], "dos")
    changed = living.id, core.library.conversations()[0].updated_ms
    living.rename("tres")
    assert changed == (living.id, core.library.conversations()[0].updated_ms)
    living.rename("dos")
    assert sorted(titles(core)) == ["dos", "uno"]
    assert living.title == "dos"
    core.library.rename(ids[1], "  ")
    assert living.title == "dos"


def test_deleted_chats_can_be_brought_back(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    core = make_core()
    server = loopback.serve(hello)
    ids = []
    for name in ("one", "two", "three"):
        session = chatted(core, server, name, qtbot)
        ids.append(session.id)
        core.library.close_session(session)
    with qtbot.waitSignal(core.library.deleted) as deleted:
        core.library.delete(ids[:2])
    assert deleted.args == [2]
    assert titles(core) == ["three"]
    assert core.library.undo_delete()
    assert sorted(titles(core)) == ["one", "three", "two"]
    assert not core.library.undo_delete()
    assert core.close()
    assert sorted(titles(make_core())) == ["one", "three", "two"]


def test_what_was_deleted_stays_deleted(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    core = make_core()
    session = chatted(core, loopback.serve(hello), "one", qtbot)
    core.library.delete([session.id, session.id, "unknown"])
    assert core.close()
    assert titles(make_core()) == []


def test_tabs_and_drafts_come_back(make_core: CoreMaker, loopback: Loopback, qtbot: QtBot) -> None:
    core = make_core(window=True)
    session = chatted(core, loopback.serve(hello), "one", qtbot)
    empty = core.library.new_session()
    workspace = Workspace(
        tabs=(OpenTab(session.id, item_id="m", block=3, offset=7), OpenTab(empty.id)), active=1
    )
    core.library.save_workspace(workspace)
    core.library.save_draft(session.id, Draft("half a thought", 4))
    core.library.save_draft(empty.id, Draft("in a new chat", 2))
    assert core.library.drafts() == {session.id, empty.id}
    ids = session.id, empty.id
    assert core.close()
    again = make_core(window=True).library
    assert again.workspace() == workspace
    assert again.draft(ids[0]) == Draft("half a thought", 4)
    assert again.draft(ids[1]) == Draft("in a new chat", 2)
    assert again.drafts() == set(ids)
    assert [one.title for one in again.conversations()] == ["one"]


def test_an_emptied_draft_is_gone(make_core: CoreMaker, loopback: Loopback, qtbot: QtBot) -> None:
    core = make_core(window=True)
    session = chatted(core, loopback.serve(hello), "one", qtbot)
    core.library.save_draft(session.id, Draft("text", 4))
    core.library.save_draft(session.id, Draft())
    assert core.library.drafts() == frozenset()
    assert core.close()
    assert make_core(window=True).library.draft(session.id) == Draft()


def test_a_temporary_chat_leaves_no_tab_and_no_draft(
    make_core: CoreMaker, profile: Profile
) -> None:
    core = make_core(window=True)
    session = core.library.new_session(temporary=True)
    core.library.save_draft(session.id, Draft("xyzzy", 1))
    core.library.save_workspace(Workspace(tabs=(OpenTab(session.id),)))
    assert core.library.draft(session.id) == Draft("xyzzy", 1)
    assert core.close()
    again = make_core(window=True)
    assert again.library.workspace().tabs == ()
    assert again.close()
    for file in profile.data.rglob("*"):
        assert b"xyzzy" not in file.read_bytes()


def test_a_second_window_does_not_touch_the_tabs_of_the_first(make_core: CoreMaker) -> None:
    first, second = make_core(window=True), make_core(window=True)
    assert first.library.holds_window
    assert not second.library.holds_window
    first.library.save_workspace(Workspace(active=1, tabs=(OpenTab("a"), OpenTab("b"))))
    second.library.save_workspace(Workspace())
    assert second.library.workspace() == Workspace()
    assert first.close()
    assert second.close()
    assert len(make_core(window=True).library.workspace().tabs) == 2


def test_the_command_line_beside_the_window_holds_no_window(make_core: CoreMaker) -> None:
    window, line = make_core(window=True), make_core()
    assert window.library.holds_window
    assert not line.library.holds_window


def test_another_process_does_not_interrupt_an_answer_that_still_comes(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    gate = loopback.gate()

    async def script(call: Call) -> None:
        await begin(call, text("half a"))
        await gate.passed()
        await call.chunk(text(" and the rest"))
        await call.chunk(b"data: [DONE]\n\n")
        await call.chunk(b"")

    first = make_core()
    session = session_with(first, loopback.serve(script))
    with qtbot.waitSignal(session.text_arrived):
        session.send("one")
    other = make_core()
    seen = other.library.session(session.id)
    seen.load()
    assert seen.messages[-1].state is MessageState.STREAMING
    gate.open()
    qtbot.waitUntil(lambda: not session.busy)
    assert session.messages[-1].text == "half a and the rest"
    assert other.close()
    again = make_core().library.session(session.id)
    again.load()
    assert again.messages[-1].state is MessageState.COMPLETE


def test_two_programs_write_to_one_profile(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    first, second = make_core(), make_core()
    server = loopback.serve(hello)
    chatted(first, server, "one", qtbot)
    chatted(second, server, "two", qtbot)
    first.library.refresh()
    assert sorted(titles(first)) == ["one", "two"]


def test_the_models_that_were_talked_to_last_are_remembered(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    server = loopback.serve(hello)
    session = session_with(core, server)
    provider_id = session.setup.choice.provider_id
    for model in ("a", "b", "a"):
        session.setup.set_choice(ModelChoice(provider_id, model))
        with qtbot.waitSignal(session.finished):
            session.send("why?")
    recent = core.library.recent_choices()
    assert [one.model for one in recent] == ["a", "b"]
