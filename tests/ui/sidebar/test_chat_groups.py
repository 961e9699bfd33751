"""Grouping and filtering chats."""

from __future__ import annotations

import datetime as dt

from desktop_chat.domain.chat import Conversation
from desktop_chat.ui.sidebar.chat_groups import ChatRow, Head, filtered, grouped

TODAY = dt.date(2026, 11, 21)


def _chat(name: str, days_ago: int, hour: int = 12) -> Conversation:
    moment = dt.datetime.combine(TODAY, dt.time(hour)) - dt.timedelta(days=days_ago)
    return Conversation(id=name, title=name, updated_ms=int(moment.timestamp() * 1000))


def test_chats_stand_under_their_days_then_under_their_months() -> None:
    chats = [_chat("a", 0, 0), _chat("b", 1), _chat("c", 7), _chat("d", 8), _chat("e", 60)]
    rows = list(grouped(chats, TODAY))
    assert [row.title for row in rows] == [
        "Today",
        "a",
        "Yesterday",
        "b",
        "Previous 7 days",
        "c",
        "November 2026",
        "d",
        "September 2026",
        "e",
    ]
    assert isinstance(rows[0], Head)
    assert rows[1] == ChatRow("a", "a")


def test_a_chat_without_a_title_is_a_new_chat() -> None:
    untitled = Conversation(id="x", updated_ms=_chat("x", 0).updated_ms)
    assert list(grouped([untitled], TODAY))[1].title == "New chat"


def test_each_word_must_be_in_the_title_whatever_its_case() -> None:
    chats = [Conversation(id="1", title="Grüße aus Köln"), Conversation(id="2", title="Köln")]
    assert [one.id for one in filtered(chats, "KÖLN grüSSe")] == ["1"]
    assert [one.id for one in filtered(chats, "  ")] == ["1", "2"]
