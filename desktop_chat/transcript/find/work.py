"""Looking through the messages of a conversation, whether they are made or still in the outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.transcript.find.scan import MOST, scan
from desktop_chat.transcript.items import Side
from desktop_chat.transcript.text.plain import PlainStream

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.find.query import Pattern
    from desktop_chat.transcript.find.table import FoundTable
    from desktop_chat.transcript.messages.document import Document

AT_ONCE: Final = 32
"""Messages that are ruled out in one step, some microseconds each."""
LONG: Final = 100_000


def look(
    document: Document, pattern: Pattern, table: FoundTable, numbers: Iterable[int]
) -> Generator[None, None, None]:
    """Look through messages: those first that are likely, where the source tells no more.

    Yields often: each step takes a few milliseconds at most. Raises `TooCostlyError`.
    """
    messages = document.messages
    rest: list[int] = []
    for at, number in enumerate(one for one in numbers if one < len(table)):
        if (length := _ruled_out(document, pattern, number)) is not None:
            table.take(number, messages.ids[number], None)
            if not at % AT_ONCE or length > LONG:
                yield
            continue
        if any(pattern.may_be_in(words) for words in messages.words(number) if words):
            yield from _look_into(document, pattern, table, number)
        elif pattern.exact:
            table.take(number, messages.ids[number], None)
        else:
            rest.append(number)
        yield
        if table.total >= MOST:
            return
    yield from _look_into_all(document, pattern, table, rest)


def _ruled_out(document: Document, pattern: Pattern, number: int) -> int | None:
    """Return the length of a message that needs no reading, as it cannot hold the pattern."""
    packed = document.messages.packed(number)
    return len(packed) if packed is not None and pattern.rules_out(packed) else None


def _look_into_all(
    document: Document, pattern: Pattern, table: FoundTable, numbers: Iterable[int]
) -> Generator[None, None, None]:
    for number in numbers:
        if table.total < MOST:
            yield from _look_into(document, pattern, table, number)


def _look_into(
    document: Document, pattern: Pattern, table: FoundTable, number: int
) -> Generator[None, None, None]:
    item_id = document.messages.ids[number]
    text, thoughts = document.messages.words(number)
    ready, dollars = _ready(document, number), document.geometry.type.look.dollar_maths
    hits = yield from scan(text, thoughts, ready, pattern, dollar_maths=dollars)
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
