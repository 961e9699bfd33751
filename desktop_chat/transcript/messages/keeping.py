"""Keeps a selection on the same words while the text around them is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import visible_text
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.messages.selection import Point, Selection

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.document import Document

COMPARED: Final = 4000
"""Characters that are compared one by one to find a place again."""


class Kept:
    """A selection in texts that are about to change."""

    def __init__(self, document: Document, selection: Selection) -> None:
        self._document = document
        self._selection = selection
        self._texts = [_text(document, end) for end in (selection.anchor, selection.head)]

    def moved(self) -> Selection:
        """Return the selection of the same words, where they stand now."""
        held, (anchor, head) = self._selection, self._texts
        if not anchor and not head:
            return held
        return Selection(
            _moved(self._document, held.anchor, anchor),
            _moved(self._document, held.head, head),
            held.goal,
        )


def place_in(old: str, new: str, offset: int) -> int:
    """Return where a place in a text stands in another version of that text."""
    same = _common(old, new)
    if offset <= same:
        return offset
    room = min(len(old), len(new)) - same
    tail = _common(old[: -room - 1 : -1], new[: -room - 1 : -1]) if room else 0
    if tail and offset >= len(old) - tail:
        return offset + len(new) - len(old)
    middle, other = old[same : len(old) - tail], new[same : len(new) - tail]
    return same + _inside(middle, other, offset - same)


def _inside(old: str, new: str, offset: int) -> int:
    if len(old) + len(new) > COMPARED:
        return min(offset, len(new))
    from difflib import SequenceMatcher  # noqa: PLC0415 - seldom needed

    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    for start, first, length in kept:
        if start <= offset <= start + length:
            return first + offset - start
    # Between two stretches that stayed: where the next one begins.
    return next((first for start, first, _ in kept if start > offset), len(new))


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _text(document: Document, end: Point) -> str | None:
    """Return the text that an end is counted in, where it may change."""
    message = document.messages[end.message] if end.message < len(document.messages) else None
    if message is None or not message.built or not message.item.streaming:
        return None
    blocks = message.blocks
    if end.place.part != TEXT or end.place.block >= len(blocks):
        return None
    return visible_text(blocks[end.place.block])


def _moved(document: Document, end: Point, old: str | None) -> Point:
    if old is None or end.message >= len(document.messages):
        return end
    blocks = document.messages[end.message].blocks
    if end.place.block >= len(blocks):
        return Point(end.message, document.messages[end.message].end())
    new = visible_text(blocks[end.place.block])
    if new.startswith(old):
        return end
    return Point(end.message, end.place._replace(offset=place_in(old, new, end.place.offset)))
