"""Conversations in the groups of the sidebar: by day while they are young, then by month."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLocale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desktop_chat.domain.chat import Conversation

UNTITLED = "New chat"


class Head(NamedTuple):
    """The line over a group."""

    title: str


class ChatRow(NamedTuple):
    """One conversation in the list."""

    id: str
    title: str


Row = Head | ChatRow


def grouped(conversations: Iterable[Conversation], today: dt.date) -> Iterator[Row]:
    """Yield heads and chats for conversations that come newest first."""
    # The group is looked at anew only where its first moment is passed.
    floor = sys.maxsize
    for one in conversations:
        if one.updated_ms < floor:
            name, floor = _group(one.updated_ms, today)
            yield Head(name)
        yield ChatRow(one.id, one.title or UNTITLED)


def filtered(conversations: Iterable[Conversation], words: str) -> Iterator[Conversation]:
    """Yield the conversations whose title holds each of the words."""
    wanted = words.casefold().split()
    for one in conversations:
        title = (one.title or UNTITLED).casefold()
        if all(word in title for word in wanted):
            yield one


def _group(moment_ms: int, today: dt.date) -> tuple[str, int]:
    """Return the group that a moment belongs to, and the first moment of that group."""
    for name, days in (("Today", 0), ("Yesterday", 1), ("Previous 7 days", 7)):
        start = _start_ms(today - dt.timedelta(days=days))
        if moment_ms >= start:
            return name, start
    day = dt.datetime.fromtimestamp(moment_ms / 1000, tz=dt.UTC).astimezone().date()
    month = QLocale().standaloneMonthName(day.month)
    return f"{month} {day.year}", _start_ms(day.replace(day=1))


def _start_ms(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time()).astimezone().timestamp() * 1000)
