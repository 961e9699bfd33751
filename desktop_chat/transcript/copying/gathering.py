"""What is selected, message after message: read when it is asked for, or little by little."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.copying.slowly import HTML, MARKDOWN, PLAIN, SlowCopy, Slowly
from desktop_chat.transcript.items import Side
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import REASONING, TEXT, Place
from desktop_chat.transcript.messages.selection import EVERYTHING
from desktop_chat.transcript.text.plain import plain_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.messages.outline import MessageList
    from desktop_chat.transcript.messages.selection import Selection

    Part = Callable[[], Flavours | None]

SMALL: Final = 65_536
"""Characters that are read at once."""


def gather(document: Document, selection: Selection) -> Flavours:
    """Return exactly what is selected, in every flavour."""
    return _joined(part() for part in parts(document, selection))


def is_small(document: Document, selection: Selection) -> bool:
    """Whether a selection is read in no time."""
    numbers = range(selection.first.message, selection.last.message + 1)
    # Most of a hundred messages are long enough to be read little by little.
    if len(numbers) > 100:
        return False
    return sum(len(document.messages.told(number)[1]) for number in numbers) <= SMALL


def parts(document: Document, selection: Selection) -> list[Part]:
    """Return what reads each message's part: what may change until then is read now."""
    first, last = selection.first, selection.last
    if selection.in_reasoning:
        return [_reasoning(document.messages[first.message], first.place, last.place)]
    dollars = document.geometry.type.look.dollar_maths
    found: list[Part] = []
    kept = document.messages.snapshot()
    for number in range(first.message, last.message + 1):
        start = first.place if number == first.message else None
        end = last.place if number == last.message else None
        if end is not None and end.part == REASONING:
            continue
        if end is None and (start is None or start <= (TEXT, 0, 0)):
            # Only the last of all messages may still arrive.
            found.append(partial(_whole, kept, number, dollars))
            continue
        begin = start if start is not None and start.part == TEXT else Place(TEXT, 0, 0)
        alone = first.message == last.message
        flavours = _part(document.messages[number], begin, end, alone=alone)
        found.append(partial(_same, flavours))
    return found


def slow_copy(document: Document, selection: Selection, *, ahead: bool) -> SlowCopy:
    """Return a large selection for the clipboard; `ahead`: read before anybody asks for it."""
    reading = Slowly(parts(document, selection), ahead=ahead)

    def write() -> dict[str, str]:
        whole = _joined(reading.all())
        html = clipboard.html_document(whole.html)
        return {PLAIN: whole.plain, HTML: html, MARKDOWN: whole.markdown}

    return SlowCopy((PLAIN, HTML, MARKDOWN), write)


def _joined(found: Iterable[Flavours | None]) -> Flavours:
    return clipboard.joined([part for part in found if part is not None and part.plain])


def _same(flavours: Flavours | None) -> Flavours | None:
    return flavours


def _whole(messages: MessageList, number: int, dollar_maths: bool) -> Flavours:  # noqa: FBT001
    """Read a message."""
    item, text = messages.told(number)
    if item.side is Side.PERSON:
        return clipboard.plain(text)
    from desktop_chat.markdown.flavours import message_flavours  # noqa: PLC0415 - the first copy

    return message_flavours(text, dollar_maths=dollar_maths)


def _part(message: Message, start: Place, end: Place | None, *, alone: bool) -> Flavours | None:
    stop = end if end is not None else Place(TEXT, max(len(message.blocks) - 1, 0), EVERYTHING)
    if not message.blocks:
        return None
    if not isinstance(message, Answer):
        return clipboard.plain(plain_part(message.blocks[0].leaves, start.offset, stop.offset))
    from desktop_chat.markdown.flavours import part_flavours  # noqa: PLC0415 - the first copy

    stream = message.stream
    return part_flavours(stream.blocks, stream.source, start.spot, stop.spot, alone=alone)


def _reasoning(message: Message, start: Place, end: Place) -> Part:
    fold = message.fold if isinstance(message, Answer) else None
    if fold is None:
        return lambda: None
    text = plain_part(fold.blocks.blocks[0].leaves, start.offset, end.offset)
    return partial(clipboard.plain, text)
