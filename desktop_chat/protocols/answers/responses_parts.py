"""The parts of an answer of OpenAI's Responses, told apart by their places in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.stream import ToolCallDelta
from desktop_chat.domain.text import clean
from desktop_chat.protocols.framing.json_values import object_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Key = tuple[object, int, int]


def _item_of(chunk: dict[str, object]) -> object:
    """Return which item an event belongs to; ids are no help, for some change with each event."""
    place = chunk.get("output_index")
    if isinstance(place, int):
        return place
    return text_at(chunk, "item_id") or text_at(object_at(chunk, "item"), "id")


class Parts:
    """Texts of one kind. Another item's, and another summary, is a paragraph of its own."""

    def __init__(self) -> None:
        self._parts: dict[_Key, list[str]] = {}
        self._sizes: dict[_Key, int] = {}

    def __bool__(self) -> bool:
        return bool(self._parts)

    @property
    def text(self) -> str:
        """All of them as they were added."""
        return "".join(piece for pieces in self._parts.values() for piece in pieces)

    def add(self, chunk: dict[str, object], text: str) -> str:
        """Take in a piece of a part; return it, set off from what stands before the part."""
        if not text:
            return ""
        key = self._key(chunk)
        self._sizes[key] = self._sizes.get(key, 0) + len(text)
        if key in self._parts:
            self._parts[key].append(text)
            return text
        last = next(reversed(self._parts), None)
        apart = last is not None and (last[0], last[2]) != (key[0], key[2])
        lead = "\n\n" if apart else ""
        self._parts[key] = [lead, text]
        return lead + text

    def rest(self, chunk: dict[str, object], whole: str) -> str | None:
        """Return what the whole of a part has beyond its pieces; None where they are no start."""
        key = self._key(chunk)
        if self._sizes.get(key, 0) > 2 * len(whole):
            return None  # Told at once: a service may say so again and again.
        _, *pieces = self._parts.get(key) or [""]
        came, whole = clean("".join(pieces)), clean(whole)
        return whole[len(came) :] if whole.startswith(came) else None

    def replace(self, chunk: dict[str, object], whole: str) -> None:
        """Take the whole of a part in the place of its pieces."""
        key = self._key(chunk)
        self._parts[key][1:] = [whole]
        self._sizes[key] = len(whole)

    def _key(self, chunk: dict[str, object]) -> _Key:
        return (
            _item_of(chunk),
            _number(chunk.get("content_index")),
            _number(chunk.get("summary_index"), -1),
        )


def _number(value: object, otherwise: int = 0) -> int:
    return value if isinstance(value, int) else otherwise


class _Call:
    def __init__(self, index: int) -> None:
        self.index = index
        self.named = False
        self.ended = False
        self.pieces: list[str] = []


class Calls:
    """Tool calls. What a tool is given is held until it is whole, for the whole is trusted."""

    def __init__(self) -> None:
        self._calls: dict[object, _Call] = {}
        self.size = 0
        """How many characters were taken in."""

    def begin(self, chunk: dict[str, object], item: dict[str, object]) -> Iterator[ToolCallDelta]:
        """Yield the beginning of a call, once."""
        call = self._at(chunk)
        name = text_at(item, "name")
        if not call.named:
            call.named = True
            yield ToolCallDelta(call.index, text_at(item, "call_id") or text_at(item, "id"), name)

    def add(self, chunk: dict[str, object], piece: str) -> None:
        """Take in a piece of what a tool is given."""
        self._at(chunk).pieces.append(piece)
        self.size += len(piece)

    def end(self, chunk: dict[str, object], whole: str) -> Iterator[ToolCallDelta]:
        """Yield what a tool is given, once: as a whole, else the pieces of it."""
        call = self._at(chunk)
        given = whole or "".join(call.pieces)
        if given and not call.ended:
            call.ended = True
            yield ToolCallDelta(call.index, arguments=given)

    def unfinished(self) -> Iterator[ToolCallDelta]:
        """Yield the pieces of calls that never ended."""
        for call in self._calls.values():
            if call.pieces and not call.ended:
                call.ended = True
                yield ToolCallDelta(call.index, arguments="".join(call.pieces))

    def _at(self, chunk: dict[str, object]) -> _Call:
        return self._calls.setdefault(_item_of(chunk), _Call(len(self._calls)))
