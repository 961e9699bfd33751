"""Looking through the messages of a conversation, whether they are made or still in the outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript.find_scan import MOST, scan
from desktop_chat.transcript.items import Side
from desktop_chat.transcript.plain import PlainStream

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.document import Document
    from desktop_chat.transcript.find_query import Pattern
    from desktop_chat.transcript.find_table import FoundTable


def look(
    document: Document, pattern: Pattern, table: FoundTable, numbers: Iterable[int]
) -> Generator[None, None, None]:
    """Look through messages: those first that are likely, where the source tells no more.

    Yields often: each step takes a few milliseconds at most. Raises `TooCostlyError`.
    """
    messages = document.messages
    rest: list[int] = []
    for number in numbers:
        if number >= len(table):
            continue
        text, thoughts = messages.words(number)
        if pattern.may_be_in(text) or (thoughts and pattern.may_be_in(thoughts)):
            yield from _look_into(document, pattern, table, number)
        elif pattern.exact:
            table.take(number, messages.ids[number], None)
        else:
            rest.append(number)
        yield
        if table.total >= MOST:
            return
    for number in rest:
        yield from _look_into(document, pattern, table, number)
        if table.total >= MOST:
            return


def _look_into(
    document: Document, pattern: Pattern, table: FoundTable, number: int
) -> Generator[None, None, None]:
    item_id = document.messages.ids[number]
    text, thoughts = document.messages.words(number)
    hits = yield from scan(text, thoughts, _ready(document, number), pattern)
    table.take(number, item_id, hits)


def _ready(document: Document, number: int) -> list[Block] | None:
    """Return the blocks of a message, where they can be had without reading markdown."""
    messages = document.messages
    message = messages.known(number)
    if message is not None:
        return message.ready_blocks
    if messages.ids[number] in document.guard.strikes:
        return messages[number].ready_blocks
    if messages.side(number) is Side.PERSON:
        return PlainStream(messages.words(number)[0]).blocks
    return None
