"""The store: what is written comes back, in a file and in memory alike."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.domain.chat import Conversation, Message, MessageState, Part, Role, Usage
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure, TlsFault
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.text import clean
from desktop_chat.domain.workspace import Draft, OpenTab, Workspace
from desktop_chat.storage import damage, schema
from desktop_chat.storage.commands import (
    AddMessage,
    AppendJournal,
    DeleteConversations,
    DeleteMessage,
    FinishMessage,
    RestoreConversations,
    SaveConversation,
    SaveDraft,
    SaveWorkspace,
)
from desktop_chat.storage.conversations import ConversationStore, open_store
from tests.storage.chats import answer, conversation, question

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_chat.storage.commands import Command
    from desktop_chat.storage.paths import Profile


def put(store: ConversationStore, *commands: Command) -> None:
    store.apply(commands, durable=True)


def test_what_was_said_is_there_still_where_the_file_can_be_read_no_more(
    store: ConversationStore,
) -> None:
    chat = conversation()
    asked = question(chat)
    done = replace(
        answer(asked, Part("text", "so"), state=MessageState.COMPLETE), finish_reason="stop"
    )
    put(store, SaveConversation(chat), AddMessage(asked), AddMessage(done))
    messages = store.messages(chat.id)
    store.close()
    (question_again, found) = messages
    assert question_again.text == asked.text
    assert (found.id, found.parent_id, found.role) == (done.id, asked.id, Role.ASSISTANT)
    assert found.text == "so"


def test_a_question_and_its_answer_come_back_as_they_were(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    done = replace(
        answer(asked, Part("reasoning", "hm"), Part("text", "so"), state=MessageState.COMPLETE),
        usage=Usage(1, 2, 3),
        finish_reason="stop",
        raw_tail="undefined",
        reasoning_ms=1200,
    )
    put(store, SaveConversation(chat), AddMessage(asked), AddMessage(done))
    assert store.conversation(chat.id) == chat
    assert list(store.messages(chat.id)) == [asked, done]


def test_a_failure_comes_back_with_all_its_facts(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    failure = Failure(
        kind=ErrorKind.TLS,
        service="S",
        host="h",
        port=443,
        message="\ud800 half a pair",
        seconds=2.5,
        tls=TlsFault.EXPIRED,
        local=True,
    )
    failed = replace(answer(asked, state=MessageState.FAILED), failure=failure)
    put(store, AddMessage(asked), AddMessage(failed))
    assert store.messages(chat.id)[1].failure == failure


def test_kinds_of_part_that_nobody_knows_round_trip(store: ConversationStore) -> None:
    chat = conversation()
    strange = Part("hologram", "seen", '{"b": 1,  "a": [1e400]}')
    asked = replace(question(chat), parts=(strange, Part("text", "t"), strange))
    put(store, AddMessage(asked))
    assert store.messages(chat.id)[0].parts == (strange, Part("text", "t"), strange)


def test_the_journal_accumulates_by_kind(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    streaming = answer(asked)
    put(store, AddMessage(asked), AddMessage(streaming))
    for kind, text in [("reasoning", "a"), ("text", "x"), ("reasoning", "b"), ("text", "y")]:
        store.apply([AppendJournal(streaming.id, kind, text)], durable=False)
    found = store.messages(chat.id)[1]
    assert found.state is MessageState.STREAMING
    assert found.text == "xy"
    assert found.reasoning == "ab"


def test_the_journal_carries_on_with_the_text_that_was_there(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    streaming = answer(asked, Part("text", "begun, "), Part("file", data="{}"))
    put(store, AddMessage(asked), AddMessage(streaming))
    put(store, AppendJournal(streaming.id, "text", "done"))
    assert store.messages(chat.id)[1].parts == (
        Part("text", "begun, done"),
        Part("file", data="{}"),
    )


def test_finishing_replaces_the_journal(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    streaming = answer(asked)
    put(store, AddMessage(asked), AddMessage(streaming), AppendJournal(streaming.id, "text", "a"))
    done = replace(streaming, state=MessageState.COMPLETE, parts=(Part("text", "abc"),))
    put(store, FinishMessage(done))
    assert list(store.messages(chat.id)) == [asked, done]
    assert store.recover(lambda _: False) == []


def test_finishing_a_message_that_was_never_added_adds_it(store: ConversationStore) -> None:
    chat = conversation()
    done = answer(question(chat), Part("text", "kept"), state=MessageState.STOPPED)
    put(store, FinishMessage(done))
    assert list(store.messages(chat.id)) == [replace(done, parent_id=None)]
    assert store.conversation(chat.id) is not None


def test_versions_are_siblings_in_the_order_of_their_making(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    versions = [answer(asked, Part("text", str(n)), state=MessageState.COMPLETE) for n in range(3)]
    put(store, AddMessage(asked), *(AddMessage(one) for one in versions))
    found = store.messages(chat.id)
    assert [one.text for one in found[1:]] == ["0", "1", "2"]
    assert {one.parent_id for one in found[1:]} == {asked.id}


def test_a_deleted_message_is_gone_and_its_children_stay(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    done = answer(asked, state=MessageState.COMPLETE)
    put(store, AddMessage(asked), AddMessage(done), DeleteMessage(asked.id, 9))
    assert [one.id for one in store.messages(chat.id)] == [done.id]


def test_conversations_come_newest_first_without_the_deleted(store: ConversationStore) -> None:
    chats = [conversation(str(n), updated_ms=n) for n in range(5)]
    put(store, *(SaveConversation(chat) for chat in chats))
    put(store, DeleteConversations((chats[2].id, chats[4].id), 7))
    assert [chat.title for chat in store.conversations()] == ["3", "1", "0"]
    assert [chat.title for chat in store.conversations(limit=1, offset=1)] == ["1"]
    deleted = store.conversation(chats[2].id)
    assert deleted is not None
    assert deleted.deleted_ms == 7
    put(store, RestoreConversations((chats[4].id,)))
    assert [chat.title for chat in store.conversations()] == ["4", "3", "1", "0"]


def test_saving_a_conversation_changes_it_and_never_restores_it(store: ConversationStore) -> None:
    chat = conversation()
    put(store, SaveConversation(chat), DeleteConversations((chat.id,), 5))
    changed = replace(chat, title="new", head_id="h", updated_ms=9, provider_id="p", model="m")
    put(store, SaveConversation(changed))
    assert store.conversation(chat.id) == replace(changed, deleted_ms=5)


def test_what_is_not_there_is_answered_and_written_without_a_complaint(
    store: ConversationStore,
) -> None:
    assert store.conversation("x") is None
    assert list(store.messages("x")) == []
    assert store.draft("x") == Draft()
    assert store.workspace() == Workspace()
    assert store.recent_choices(5) == []
    put(
        store,
        AppendJournal("x", "text", "t"),
        DeleteMessage("x", 1),
        DeleteConversations(("x",), 1),
        RestoreConversations(("x",)),
    )
    put(store)
    assert store.conversations() == []


def test_drafts_are_kept_with_their_caret_until_they_are_empty(store: ConversationStore) -> None:
    put(store, SaveDraft("a", Draft("one", 2)), SaveDraft("b", Draft("two", 0)))
    put(store, SaveDraft("a", Draft("other", 5)))
    assert store.draft("a") == Draft("other", 5)
    put(store, SaveDraft("b", Draft()))
    assert store.drafts() == {"a": Draft("other", 5)}


@pytest.mark.parametrize("sidebar", [None, True, False])
def test_the_workspace_comes_back_in_its_order(
    store: ConversationStore, sidebar: bool | None
) -> None:
    tabs = (
        OpenTab("b", preview=True),
        OpenTab("a", item_id="i", block=3, offset=-7, following=True, y=211),
        OpenTab("b"),
    )
    put(store, SaveWorkspace(Workspace((OpenTab("old"),))))
    put(store, SaveWorkspace(Workspace(tabs, 2, b"\0\xff", sidebar)))
    assert store.workspace() == Workspace(tabs, 2, b"\0\xff", sidebar)


def test_the_models_used_last_come_first_and_once(store: ConversationStore) -> None:
    asked = question(conversation())
    put(store, AddMessage(asked), *(AddMessage(answer(asked, model=one)) for one in "abcab"))
    choices = [ModelChoice("p", one) for one in "bac"]
    assert store.recent_choices(9) == choices
    assert store.recent_choices(2) == choices[:2]


NOTHING: Any = None


@pytest.mark.parametrize(
    "wrong",
    [{"parts": (Part("text", NOTHING),)}, {"created_ms": 2**70}, {"id": "\ud800"}],
    ids=["no text", "no such time", "no such id"],
)
def test_a_batch_is_written_whole_or_not_at_all(
    store: ConversationStore, wrong: dict[str, Any]
) -> None:
    chat = conversation()
    with pytest.raises(ChatError) as caught:
        put(store, SaveConversation(chat), AddMessage(replace(question(chat), **wrong)))
    assert caught.value.failure.kind is ErrorKind.INTERNAL
    assert store.conversations() == []
    put(store, SaveConversation(chat))
    assert store.conversations() == [chat]


def test_text_that_no_file_can_hold_is_made_fit(store: ConversationStore) -> None:
    chat = conversation("\ud83d\ude00 \ud800 \0")
    asked = question(chat, "a\0b \udfff")
    put(store, SaveConversation(chat), AddMessage(asked))
    assert store.messages(chat.id)[0].text == "a␀b \ufffd"
    assert store.conversations()[0].title == "😀 \ufffd ␀"


TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts=st.lists(st.builds(Part, st.text("abc_", min_size=1), TEXTS, TEXTS)), other=TEXTS)
def test_any_text_round_trips_through_a_file(tmp_path: Path, parts: list[Part], other: str) -> None:
    path = tmp_path / "chats.db"
    if not path.exists():
        damage.create(path)
    store = ConversationStore(path, "owner")
    chat = conversation(other)
    asked = replace(question(chat), parts=tuple(parts), finish_reason=other, model=other)
    put(store, SaveConversation(chat), AddMessage(asked))
    store.close()
    again = ConversationStore(path, "owner", read_only=True)
    cleaned = tuple(Part(one.kind, clean(one.text), clean(one.data)) for one in parts)
    expected = replace(asked, parts=cleaned, finish_reason=clean(other), model=clean(other))
    assert list(again.messages(chat.id)) == [expected]
    again.close()


def test_values_that_a_newer_version_wrote_are_read_as_something_known(profile: Profile) -> None:
    store, _ = open_store(profile, "owner")
    chat = conversation()
    asked = question(chat)
    put(store, AddMessage(asked))
    with sqlite3.connect(profile.chats_file) as other:
        other.execute(
            "UPDATE message SET role = 'oracle', state = 'dreaming', "
            """usage = '{"output_tokens": 4, "input_tokens": "x", "new": 1}', """
            """error = '{"kind": "plague", "port": "x", "status": 7, "tls": "odd", "new": {}}'"""
        )
    other.close()
    (found,) = store.messages(chat.id)
    assert found.role is Role.ASSISTANT
    assert found.state is MessageState.COMPLETE
    assert found.usage == Usage(output_tokens=4)
    expected = Failure(kind=ErrorKind.INTERNAL, status=7, tls=TlsFault.UNKNOWN_ISSUER)
    assert found.failure == expected
    with sqlite3.connect(profile.chats_file) as other:
        other.execute("UPDATE message SET usage = '[', error = '[]'")
    other.close()
    (found,) = store.messages(chat.id)
    assert found.usage is None
    assert found.failure is None
    store.close()


def test_the_file_is_ours_by_its_stamp_and_safe_by_its_mode(profile: Profile) -> None:
    store, failure = open_store(profile, "owner")
    assert failure is None
    with sqlite3.connect(profile.chats_file) as other:
        assert schema.stamp(other) == (schema.APPLICATION_ID, schema.VERSION)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        tables = [
            name for (name,) in other.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        ]
        assert sorted(tables) == sorted(schema.TABLES)
    other.close()
    assert profile.chats_file.stat().st_mode & 0o077 == 0
    store.close()


def test_a_reader_sees_what_the_writer_committed(profile: Profile) -> None:
    writer, _ = open_store(profile, "owner")
    reader = ConversationStore(profile.chats_file, "owner", read_only=True)
    chat = conversation()
    put(writer, SaveConversation(chat))
    assert reader.conversations() == [chat]
    with pytest.raises(ChatError) as caught:
        put(reader, SaveConversation(conversation()))
    assert caught.value.failure.kind is ErrorKind.STORE_REFUSED
    reader.close()
    writer.close()


def test_a_foreign_write_is_waited_for_a_second_and_then_nothing_is_lost(
    profile: Profile,
) -> None:
    store, _ = open_store(profile, "owner")
    chat = conversation()
    other = sqlite3.connect(profile.chats_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(ChatError) as caught:
        put(store, SaveConversation(chat))
    assert time.monotonic() - begun < 1.5
    assert caught.value.failure.kind is ErrorKind.STORE_BUSY
    assert store.conversations() == []
    other.execute("ROLLBACK")
    put(store, SaveConversation(chat))
    assert store.conversations() == [chat]
    other.close()
    store.close()


def test_a_full_disk_is_a_typed_failure_and_the_same_can_be_written_later(
    profile: Profile,
) -> None:
    store, _ = open_store(profile, "owner")
    chat = conversation()
    kept = question(chat, "kept")
    put(store, AddMessage(kept))
    # SQLite's own limit gives the same answer as a disk without room.
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    long = question(chat, "x" * 1_000_000)
    with pytest.raises(ChatError) as caught:
        put(store, AddMessage(long))
    assert caught.value.failure.kind is ErrorKind.DISK_FULL
    assert list(store.messages(chat.id)) == [kept]
    store._connection.execute("PRAGMA max_page_count = 1073741823")
    put(store, AddMessage(long))
    assert list(store.messages(chat.id)) == [kept, long]
    store.close()


def test_a_closed_store_gives_typed_failures(profile: Profile) -> None:
    store, _ = open_store(profile, "owner")
    store.close()
    with pytest.raises(ChatError):
        store.conversations()


def test_the_list_of_conversations_reads_no_message(profile: Profile) -> None:
    store, _ = open_store(profile, "owner")
    chat = Conversation(id=new_id())
    asked = question(chat)
    many: list[Message] = [answer(asked, Part("text", "t" * 300), state=MessageState.COMPLETE)]
    many = [replace(many[0], id=new_id()) for _ in range(10_000)]
    put(store, AddMessage(asked), *(AddMessage(one) for one in many))
    assert len(store.messages(chat.id)) == 10_001
    statements: list[str] = []
    store._connection.set_trace_callback(statements.append)
    assert len(store.conversations()) == 1
    assert len(statements) == 1
    assert not re.search(r"\b(message|part|journal)\b", statements[0])
    store.close()
