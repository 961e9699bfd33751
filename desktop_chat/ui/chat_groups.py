"""Conversations in the groups of the sidebar: by day while they are young, then by month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desktop_chat.domain.chat import Conversation

UNTITLED = "New chat"


@dataclass(frozen=True, slots=True)
class Head:
    """The line over a group."""

    title: str


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One conversation in the list."""

    id: str
    title: str


Row = Head | ChatRow


def grouped(conversations: Iterable[Conversation], today: dt.date) -> Iterator[Row]:
    """Yield heads and chats for conversations that come newest first."""
    group = ""
    names = _GroupNames(today)
    for one in conversations:
        name = names.of(one.updated_ms)
        if name != group:
            group = name
            yield Head(name)
        yield ChatRow(one.id, one.title or UNTITLED)


def filtered(conversations: Iterable[Conversation], words: str) -> Iterator[Conversation]:
    """Yield the conversations whose title holds each of the words."""
    wanted = words.casefold().split()
    for one in conversations:
        title = (one.title or UNTITLED).casefold()
        if all(word in title for word in wanted):
            yield one


class _GroupNames:
    """Names the group of a moment; the boundaries are worked out once."""

    def __init__(self, today: dt.date) -> None:
        self._today = _start_ms(today)
        self._yesterday = _start_ms(today - dt.timedelta(days=1))
        self._week = _start_ms(today - dt.timedelta(days=7))
        self._months: dict[tuple[int, int], str] = {}

    def of(self, moment_ms: int) -> str:
        """Return the group's name."""
        if moment_ms >= self._today:
            return "Today"
        if moment_ms >= self._yesterday:
            return "Yesterday"
        if moment_ms >= self._week:
            return "Previous 7 days"
        day = dt.datetime.fromtimestamp(moment_ms / 1000, tz=dt.UTC).astimezone()
        key = (day.year, day.month)
        if key not in self._months:
            month = QLocale().standaloneMonthName(day.month)
            self._months[key] = f"{month} {day.year}"
        return self._months[key]


def _start_ms(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time()).astimezone().timestamp() * 1000)
