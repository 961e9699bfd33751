"""The ledger: what answers cost outlives their chats, and holds no text."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import Conversation, MessageState, Part, Usage
from desktop_chat.domain.spending import Grouping, Use
from desktop_chat.storage import schema
from desktop_chat.storage.commands import (
    DeleteConversations,
    DropUse,
    FinishMessage,
    RecordUse,
    SaveConversation,
)
from desktop_chat.storage.conversations import ConversationStore
from tests.storage.chats import answer, conversation, question

if TYPE_CHECKING:
    from pathlib import Path


def ms(*moment: int) -> int:
    """Return a moment of local time in milliseconds."""
    return int(dt.datetime(*moment).timestamp() * 1000)  # type: ignore[arg-type]


def use(name: str, created_ms: int = 1000, **fields: object) -> Use:
    given: dict[str, object] = {
        "conversation_id": "c",
        "provider_id": "p",
        "provider_name": "Here",
        "model": "m",
        "usage": Usage(10, 20, 5, 3),
        "cost": 100,
        "price_date": "2026-11-09",
        **fields,
    }
    return Use(message_id=name, created_ms=created_ms, **given)  # type: ignore[arg-type]


def enter(store: ConversationStore, *uses: Use) -> None:
    store.apply([RecordUse(one) for one in uses], durable=False)


def test_an_entry_is_read_back_as_it_was_written(store: ConversationStore) -> None:
    one = use("a", about=True, cost=None, price_date="")
    enter(store, one)
    assert store.ledger().use("a") == one
    assert store.ledger().use("b") is None


def test_an_entry_is_corrected_and_keeps_its_time(store: ConversationStore) -> None:
    enter(store, use("a", 1000, about=True), use("a", 2000, cost=7))
    assert store.ledger().use("a") == use("a", 1000, cost=7)


def test_an_entry_can_be_dropped(store: ConversationStore) -> None:
    enter(store, use("a"), use("b"))
    store.apply([DropUse("a"), DropUse("unknown")], durable=False)
    assert store.ledger().use("a") is None
    assert store.ledger().use("b") is not None


def test_entries_outlive_their_chat(store: ConversationStore) -> None:
    store.apply([SaveConversation(Conversation(id="c"))], durable=False)
    enter(store, use("a"))
    store.apply([DeleteConversations(("c",), 5)], durable=False)
    assert store.ledger().chat_cost("c").cost == 100


def test_the_ledger_has_no_column_for_words_of_a_chat(store: ConversationStore) -> None:
    asked = question(conversation(), "the secret question")
    said = answer(asked, Part("text", "the secret answer"), state=MessageState.COMPLETE)
    store.apply([FinishMessage(asked), FinishMessage(said), RecordUse(use(said.id))], durable=False)
    rows = store._rows("SELECT * FROM ledger", ())
    assert "secret" not in repr(rows)


def test_what_was_spent_is_told_by_provider_for_the_day_and_the_month(
    store: ConversationStore,
) -> None:
    enter(
        store,
        use("before", 10, cost=1),
        use("month", 100, cost=10),
        use("day", 200, cost=100),
        use("other", 200, cost=1000, provider_id="q"),
        use("unknown", 200, cost=None),
        use("pending", 200, cost=5),
    )
    assert store.ledger().spent(200, 100, {"pending"}) == {"p": (100, 110), "q": (1000, 1000)}
    assert store.ledger().spent(200, 100, ())["p"] == (105, 115)


def test_sums_go_by_day_month_and_provider(store: ConversationStore) -> None:
    enter(
        store,
        use("a", ms(2026, 10, 31, 23, 59), cost=1, provider_name="Old name"),
        use("b", ms(2026, 11, 1, 0, 1), cost=10, about=True),
        use("c", ms(2026, 11, 1, 12), cost=None, provider_id="q", provider_name="There"),
    )
    ledger = store.ledger()
    days = [(one.period, one.name, one.cost) for one in ledger.sums(Grouping.DAY)]
    assert days == [
        ("2026-11-01", "Here", 10),
        ("2026-11-01", "There", 0),
        ("2026-10-31", "Old name", 1),
    ]
    (november, there, october) = ledger.sums(Grouping.MONTH)
    assert (november.period, november.answers, november.cost) == ("2026-11", 1, 10)
    assert (november.unpriced, november.about) == (0, 1)
    assert november.usage == Usage(10, 20, 5, 3)
    assert (there.period, there.unpriced, there.about) == ("2026-11", 1, 0)
    assert (october.period, october.cost) == ("2026-10", 1)
    in_all = {one.id: (one.name, one.cost) for one in ledger.sums(Grouping.SERVICE)}
    assert in_all == {"p": ("Here", 11), "q": ("There", 0)}


def test_sums_go_by_chat_and_those_that_were_deleted_are_one(store: ConversationStore) -> None:
    chats = [Conversation(id=one, title=f"About {one}", head_id="m") for one in "cdef"]
    store.apply([SaveConversation(one) for one in chats], durable=False)
    enter(
        store,
        use("1", cost=5, conversation_id="c"),
        use("2", cost=6, conversation_id="c", provider_id="q"),
        use("3", cost=90, conversation_id="d"),
        use("4", cost=1, conversation_id="e"),
        use("5", cost=2, conversation_id="f"),
        use("6", cost=4, conversation_id="gone"),
    )
    store.apply([DeleteConversations(("e", "f"), 5)], durable=False)
    sums = [(one.id, one.name, one.answers, one.cost) for one in store.ledger().sums(Grouping.CHAT)]
    assert sums == [("d", "About d", 1, 90), ("c", "About c", 2, 11), ("", "", 3, 7)]


def test_a_chat_without_answers_costs_nothing(store: ConversationStore) -> None:
    sums = store.ledger().chat_cost("c")
    assert (sums.answers, sums.cost, sums.usage) == (0, 0, Usage())
    assert store.ledger().sums(Grouping.MONTH) == []


def test_a_file_of_the_version_before_gets_a_ledger_and_keeps_its_chats(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    before = sqlite3.connect(path)
    before.executescript("".join(schema.MIGRATIONS[:2]))
    before.executescript(
        f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = 2;"  # noqa: S608
        "INSERT INTO conversation (id, title, provider_id, model, created_at, updated_at) "
        "VALUES ('c', 'Old', '', '', 1, 1);"
        "INSERT INTO message (id, conversation, role, state, provider_id, provider_name, model, "
        "finish_reason, raw_tail, reasoning_ms, created_at) "
        "VALUES ('m', 1, 'assistant', 'complete', '', '', '', '', '', 7, 1);"
    )
    before.close()
    store = ConversationStore(path, "owner")
    (message,) = store.messages("c")
    assert (message.reasoning_ms, message.first_ms, message.took_ms) == (7, 0, 0)
    enter(store, use("m"))
    assert store.ledger().use("m") is not None
    store.close()


def test_the_times_of_an_answer_are_stored_with_it(store: ConversationStore) -> None:
    asked = question(conversation())
    said = replace(answer(asked, state=MessageState.COMPLETE), first_ms=300, took_ms=2500)
    store.apply([FinishMessage(asked), FinishMessage(said)], durable=False)
    read = store.messages(asked.conversation_id)[1]
    assert (read.first_ms, read.took_ms) == (300, 2500)
