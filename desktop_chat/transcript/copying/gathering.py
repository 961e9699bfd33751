"""What is selected, message after message: read when it is asked for, or little by little."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QMimeData, QTimer
from typing_extensions import override

from desktop_chat.transcript.copying import clipboard
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
SLICE_S: Final = 0.004
PAUSE_MS: Final = 8
FORMATS: Final = ("text/plain", "text/html", "text/markdown")


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
    for number in range(first.message, last.message + 1):
        start = first.place if number == first.message else None
        end = last.place if number == last.message else None
        if end is not None and end.part == REASONING:
            continue
        if end is None and (start is None or start <= (TEXT, 0, 0)):
            # Only the last of all messages may still arrive.
            found.append(partial(_whole, document.messages, number, dollars))
            continue
        begin = start if start is not None and start.part == TEXT else Place(TEXT, 0, 0)
        alone = first.message == last.message
        flavours = _part(document.messages[number], begin, end, alone=alone)
        found.append(partial(_same, flavours))
    return found


class SlowCopy(QMimeData):
    """A large copy: read in slices while nobody waits, and at once for whoever does."""

    def __init__(self, found: list[Part], *, ahead: bool) -> None:
        super().__init__()
        self._waiting = found[::-1]
        self._read: list[Flavours] = []
        self._whole: Flavours | None = None
        self._timer = QTimer()
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._on_pause)
        if ahead:
            self._timer.start()

    @property
    def ready(self) -> bool:
        """Whether everything is read."""
        return not self._waiting

    @override
    def formats(self) -> list[str]:
        return list(FORMATS)

    @override
    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in FORMATS

    @override
    def retrieveData(self, mimetype: str, preferredType: object) -> object:
        if mimetype not in FORMATS:
            return None
        whole = self._finish()
        if mimetype == FORMATS[0]:
            return whole.plain
        if mimetype == FORMATS[1]:
            return clipboard.html_document(whole.html)
        return QByteArray(whole.markdown.encode())

    def _finish(self) -> Flavours:
        self._timer.stop()
        while self._waiting:
            self._take()
        if self._whole is None:
            self._whole = clipboard.joined(self._read)
            self._read.clear()
        return self._whole

    def _take(self) -> None:
        part = self._waiting.pop()()
        if part is not None and part.plain:
            self._read.append(part)

    def _on_pause(self) -> None:
        end = time.perf_counter() + SLICE_S
        while self._waiting and time.perf_counter() < end:
            self._take()
        if not self._waiting:
            self._timer.stop()


def _joined(found: Iterable[Flavours | None]) -> Flavours:
    return clipboard.joined([part for part in found if part is not None and part.plain])


def _same(flavours: Flavours | None) -> Flavours | None:
    return flavours


def _whole(messages: MessageList, number: int, dollar_maths: bool) -> Flavours | None:  # noqa: FBT001
    """Read a message; where messages were taken away meanwhile, there may be none."""
    if number >= len(messages):
        return None
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
