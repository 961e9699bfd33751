"""What is left after a program was killed in mid-answer, and who may touch it."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState, Part
from desktop_chat.storage.commands import AddMessage, AppendJournal, SaveConversation
from desktop_chat.storage.conversations import ConversationStore, open_store
from desktop_chat.storage.locks import OwnerLock, is_alive
from tests.storage.chats import answer, conversation, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.storage.paths import Profile

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
FLUSH_S = 0.25

# Writes a question, then an answer that arrives at a thousand numbers a second, and notes in a
# file how many have arrived; it never ends by itself.
WRITER = f"""
import os, sys, time
from desktop_chat.storage.commands import AddMessage, AppendJournal, SaveConversation
from desktop_chat.storage.conversations import open_store
from desktop_chat.storage.locks import OwnerLock
from desktop_chat.storage.paths import find_profile
from tests.storage.chats import answer, conversation, question
profile = find_profile(sys.argv[1])
lock = OwnerLock(profile)
store, failure = open_store(profile, lock.id)
assert failure is None
chat = conversation()
asked = question(chat, "the question of " + lock.id)
streaming = answer(asked)
store.apply([SaveConversation(chat), AddMessage(asked)], durable=True)
store.apply([AddMessage(streaming)], durable=False)
note = os.open(profile.run / "arrived", os.O_CREAT | os.O_WRONLY)
os.pwrite(note, b"%12d" % 0, 0)
print(chat.id, lock.id, flush=True)
arrived = flushed = 0
last = time.monotonic()
next_flush = last + {FLUSH_S}
while True:
    now = time.monotonic()
    arrived += min(20, int((now - last) * 1000))
    last = now
    os.pwrite(note, b"%12d" % arrived, 0)
    if now >= next_flush:
        text = "".join(f"{{n}} " for n in range(flushed, arrived))
        store.apply([AppendJournal(streaming.id, "text", text)], durable=False)
        flushed = arrived
        next_flush = now + {FLUSH_S}
    time.sleep(0.002)
"""


@contextlib.contextmanager
def writer(profile: Profile) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Run a program that streams into the profile; yields it, the chat's id and its owner's."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(profile.data.parent)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            chat_id, owner_id = process.stdout.readline().split()
            yield process, chat_id, owner_id
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_kill_in_mid_answer_loses_half_a_second_at_most_and_nothing_else(
    profile: Profile,
) -> None:
    chances = random.Random(11)
    for _ in range(KILLS):
        with writer(profile) as (process, chat_id, owner_id):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chances.uniform(0.0, 0.9))
            process.kill()
            assert process.wait() == -signal.SIGKILL
        arrived = int((profile.run / "arrived").read_text())

        lock = OwnerLock(profile)
        store, failure = open_store(profile, lock.id)
        assert failure is None
        store.check(whole=True)
        (before,) = store._connection.execute("PRAGMA integrity_check").fetchone()
        assert before == "ok"
        asked, streaming = store.messages(chat_id)
        assert asked.text == f"the question of {owner_id}"
        assert streaming.state is MessageState.STREAMING

        assert store.recover(lambda owner: is_alive(profile, owner)) == [streaming.id]

        asked, found = store.messages(chat_id)
        assert asked.state is MessageState.COMPLETE
        assert found.state is MessageState.INTERRUPTED
        assert found.text == streaming.text
        numbers = found.text.split()
        assert numbers == [str(n) for n in range(len(numbers))]
        assert arrived - len(numbers) <= 500
        assert store.recover(lambda owner: is_alive(profile, owner)) == []
        store.close()
        lock.release()
    store, _ = open_store(profile, "owner")
    assert len(store.conversations()) == KILLS
    assert store._connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    store.close()


def test_rows_whose_owner_lives_are_left_alone(profile: Profile) -> None:
    with writer(profile) as (process, chat_id, owner_id):
        lock = OwnerLock(profile)
        store, _ = open_store(profile, lock.id)
        assert is_alive(profile, owner_id)
        assert store.recover(lambda owner: is_alive(profile, owner)) == []
        assert store.messages(chat_id)[1].state is MessageState.STREAMING

        process.kill()
        process.wait()
        assert len(store.recover(lambda owner: is_alive(profile, owner))) == 1
        assert store.messages(chat_id)[1].state is MessageState.INTERRUPTED
        store.close()
        lock.release()


def test_only_the_dead_of_several_owners_are_recovered(store: ConversationStore) -> None:
    chat = conversation()
    asked = question(chat)
    first, second = answer(asked), answer(asked)
    store.apply([SaveConversation(chat), AddMessage(asked), AddMessage(first)], durable=True)
    store._writer._owner_id = "dead"
    store.apply(
        [AddMessage(second), AppendJournal(second.id, "reasoning", "hm"),
         AppendJournal(second.id, "text", "so")],
        durable=False,
    )  # fmt: skip
    assert store.recover(lambda owner: owner != "dead") == [second.id]
    _, living, recovered = store.messages(chat.id)
    assert living.state is MessageState.STREAMING
    assert recovered.state is MessageState.INTERRUPTED
    assert recovered.parts == (Part("reasoning", "hm"), Part("text", "so"))


def test_our_own_answers_are_never_taken_for_those_of_the_dead(store: ConversationStore) -> None:
    asked = question(conversation())
    store.apply([AddMessage(asked), AddMessage(answer(asked))], durable=True)
    assert store.recover(lambda _: False) == []


def test_an_answer_that_was_killed_before_its_first_word_is_recovered_empty(
    profile: Profile,
) -> None:
    asked = question(conversation())
    killed = answer(asked)
    store, _ = open_store(profile, "dead")
    store.apply([AddMessage(asked), AddMessage(killed)], durable=True)
    store.close()
    store, _ = open_store(profile, "next")
    assert store.recover(lambda _: False) == [killed.id]
    found = store.messages(asked.conversation_id)[1]
    assert found.state is MessageState.INTERRUPTED
    assert found.parts == ()
    store.close()
