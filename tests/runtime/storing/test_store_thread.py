"""The one writer: in order, gathered, durable where it counts, and done when it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import Conversation, Message, MessageState, Part, PartKind, Role
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.ids import new_id
from desktop_chat.runtime.jobs.mailbox import Mailbox
from desktop_chat.runtime.storing.store_thread import StorageThread, Stored, StoreTrouble
from desktop_chat.storage.commands import (
    AddMessage,
    AppendJournal,
    FinishMessage,
    SaveConversation,
)
from desktop_chat.storage.conversations import ConversationStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.storage.paths import Profile


class Facts:
    """What the thread told."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.got: list[object] = []
        self.job = self.mailbox.open(self.got.extend)


@pytest.fixture
def facts(qtbot: QtBot) -> Facts:
    return Facts()


@pytest.fixture
def thread(profile: Profile, facts: Facts) -> Iterator[StorageThread]:
    made = StorageThread(profile, facts.mailbox, facts.job)
    made.start()
    yield made
    assert made.close(5)


@pytest.fixture
def reader(profile: Profile, thread: StorageThread) -> Iterator[ConversationStore]:
    thread.wait_until_open()
    made = ConversationStore(profile.chats_file, "", read_only=True)
    yield made
    made.close()


CHAT = Conversation(id=new_id(), title="a chat", created_ms=1, updated_ms=1)


def streaming(conversation: Conversation = CHAT) -> Message:
    return Message(
        id=new_id(),
        conversation_id=conversation.id,
        parent_id=None,
        role=Role.ASSISTANT,
        state=MessageState.STREAMING,
    )


def test_what_is_posted_is_stored_and_told_by_its_ticket(
    thread: StorageThread, reader: ConversationStore, facts: Facts, qtbot: QtBot
) -> None:
    thread.post(SaveConversation(CHAT), durable=True, ticket=7)
    qtbot.waitUntil(lambda: facts.got == [Stored(7)])
    assert [one.title for one in reader.conversations(limit=9)] == ["a chat"]


def test_text_for_the_journal_is_gathered_and_written_in_time(
    thread: StorageThread, reader: ConversationStore, qtbot: QtBot
) -> None:
    message = streaming()
    thread.post(SaveConversation(CHAT), AddMessage(message))
    for piece in "so far":
        thread.post(AppendJournal(message.id, PartKind.TEXT, piece))
    qtbot.waitUntil(lambda: [one.text for one in reader.messages(CHAT.id)] == ["so far"])


def test_text_does_not_wait_for_more_text(
    thread: StorageThread, reader: ConversationStore, qtbot: QtBot
) -> None:
    """A stream without a pause is written as often as one with pauses."""
    message = streaming()
    thread.post(SaveConversation(CHAT), AddMessage(message))

    def stream_on() -> bool:
        thread.post(AppendJournal(message.id, PartKind.TEXT, "x"))
        return bool(reader.messages(CHAT.id) and reader.messages(CHAT.id)[0].text)

    # A writer that waits for a pause would wait for ever.
    qtbot.waitUntil(stream_on)


def test_everything_queued_is_written_before_it_ends(profile: Profile, facts: Facts) -> None:
    thread = StorageThread(profile, facts.mailbox, facts.job)
    thread.start()
    message = streaming()
    thread.post(SaveConversation(CHAT), AddMessage(message))
    for _ in range(1000):
        thread.post(AppendJournal(message.id, PartKind.TEXT, "x"))
    done = Part(PartKind.TEXT, "x" * 1000)
    assert thread.close(5)
    store = ConversationStore(profile.chats_file, "", read_only=True)
    assert store.messages(CHAT.id)[0].parts == (done,)
    store.close()


def test_a_finished_message_has_no_journal_left(
    thread: StorageThread, reader: ConversationStore, facts: Facts, qtbot: QtBot
) -> None:
    message = streaming()
    thread.post(SaveConversation(CHAT), AddMessage(message))
    thread.post(AppendJournal(message.id, PartKind.TEXT, "so far"))
    done = Message(
        id=message.id,
        conversation_id=CHAT.id,
        parent_id=None,
        role=Role.ASSISTANT,
        parts=(Part(PartKind.TEXT, "so far and done"),),
    )
    thread.post(FinishMessage(done), durable=True, ticket=1)
    qtbot.waitUntil(lambda: Stored(1) in facts.got)
    (found,) = reader.messages(CHAT.id)
    assert (found.text, found.state) == ("so far and done", MessageState.COMPLETE)
    assert reader._rows("SELECT count(*) FROM journal", ()) == [(0,)]


def test_temporary_chats_reach_no_file(
    thread: StorageThread, reader: ConversationStore, facts: Facts, qtbot: QtBot
) -> None:
    thread.post(SaveConversation(CHAT), temporary=True, ticket=1)
    thread.post(ticket=2, durable=True)
    qtbot.waitUntil(lambda: Stored(2) in facts.got)
    assert Stored(1) in facts.got
    assert reader.conversations(limit=9) == []


def test_a_small_file_is_written_here_too_and_its_trouble_is_told(
    thread: StorageThread, facts: Facts, qtbot: QtBot
) -> None:
    trouble = Failure(kind=ErrorKind.STORE_REFUSED, target="settings.json")
    thread.post_write(lambda: None, 1)
    thread.post_write(lambda: trouble, 2)
    qtbot.waitUntil(lambda: len(facts.got) == 3)
    assert facts.got == [Stored(1), StoreTrouble(trouble), Stored(2)]


def test_a_foreign_lock_is_waited_for_and_nothing_is_lost(
    thread: StorageThread, profile: Profile, reader: ConversationStore, facts: Facts, qtbot: QtBot
) -> None:
    other = ConversationStore(profile.chats_file, "other")
    other._connection.execute("BEGIN IMMEDIATE")
    thread.post(SaveConversation(CHAT), durable=True, ticket=1)
    qtbot.waitUntil(lambda: any(isinstance(one, StoreTrouble) for one in facts.got))
    other._connection.execute("ROLLBACK")
    other.close()
    qtbot.waitUntil(lambda: Stored(1) in facts.got)
    assert len(reader.conversations(limit=9)) == 1


def test_it_ends_in_time_though_the_disk_stays_locked(profile: Profile, facts: Facts) -> None:
    thread = StorageThread(profile, facts.mailbox, facts.job)
    thread.start()
    thread.wait_until_open()
    other = ConversationStore(profile.chats_file, "other")
    other._connection.execute("BEGIN IMMEDIATE")
    thread.post(SaveConversation(CHAT), durable=True)
    assert not thread.close(0.2)
    assert thread.is_alive()
    other._connection.execute("ROLLBACK")
    other.close()
    thread.join(5)
    assert not thread.is_alive()
