"""What a reader makes of a recorded answer, and whether every cutting of it reads the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import (
    CitationFound,
    Opaque,
    ReasoningDelta,
    RefusalDelta,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.protocols.sse import SseDecoder
from tests.protocols.cuttings import at_random, in_two, pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from desktop_chat.domain.chat import Usage
    from desktop_chat.domain.stream import StreamEvent
    from desktop_chat.protocols.answer_reader import AnswerReader
    from desktop_chat.protocols.sse import SseEvent

PLACE = Failure(kind=ErrorKind.INTERNAL, service="Service", model="m")
EVERY_CUT = 4096
ROUND_AN_EDGE = 64
EDGES = 8
"""How many ends of events in a long recording are cut round: the first, and the last."""


@dataclass(frozen=True)
class Reading:
    """What an answer says."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tools: tuple[tuple[str, str, str], ...] = ()
    """The name, the id and the arguments of each call."""
    citations: tuple[tuple[str, str], ...] = ()
    opaque: tuple[str, ...] = ()
    usage: Usage | None = None
    end: str = ""
    """The reason, or the kind of failure and the service's words."""


def reading_of(events: Iterable[StreamEvent], end: str) -> Reading:
    """Return what events say together."""
    said = Reading(end=end)
    calls: dict[int, tuple[str, str, str]] = {}
    for one in events:
        match one:
            case TextDelta(text):
                said = replace(said, text=said.text + text)
            case TextCorrected(text):
                said = replace(said, text=text)
            case ReasoningDelta(text):
                said = replace(said, reasoning=said.reasoning + text)
            case RefusalDelta(text):
                said = replace(said, refusal=said.refusal + text)
            case ToolCallDelta(index, call_id, name, arguments):
                before = calls.get(index, ("", "", ""))
                calls[index] = before[0] + name, before[1] + call_id, before[2] + arguments
            case _:
                said = _noted(said, one)
    return replace(said, tools=tuple(calls.values()))


def _noted(said: Reading, event: StreamEvent) -> Reading:
    match event:
        case CitationFound(url, title):
            return replace(said, citations=(*said.citations, (url, title)))
        case Opaque(data):
            return replace(said, opaque=(*said.opaque, data))
        case UsageReported(usage):
            return replace(said, usage=usage)
        case _:
            return said


def read(reader: AnswerReader, parts: Iterable[bytes], *, bad_events: int = 0) -> Reading:
    """Read an answer in pieces with the product's reader."""
    events: list[StreamEvent] = []
    for part in parts:
        events += reader.feed(part)
        if reader.ended:
            break
    events += reader.end()
    try:
        end = reader.outcome(broken=False).reason.value
    except ChatError as error:
        end = f"{error.failure.kind}: {error.failure.message}"
    assert reader.bad_events == bad_events
    return reading_of(events, end)


def round_edges(body: bytes, edge: bytes) -> Iterator[list[bytes]]:
    """Yield the cuttings into two pieces round the ends of the first and the last events."""
    ends = [found.end() for found in re.finditer(re.escape(edge), body)]
    chosen = {at for end in (*ends[:EDGES], *ends[-EDGES:]) for at in _round(end, len(body))}
    for at in sorted(chosen):
        yield [body[:at], body[at:]]


def _round(end: int, length: int) -> range:
    return range(max(0, end - ROUND_AN_EDGE), min(length, end + ROUND_AN_EDGE) + 1)


class Decoder(Protocol):
    """Turns bytes into events."""

    def feed(self, chunk: bytes) -> list[SseEvent]: ...

    def end(self) -> list[SseEvent]: ...


def the_same_at_every_cut(
    body: bytes,
    make: Callable[[], AnswerReader],
    *,
    edge: bytes = b"\n\n",
    decoder: Callable[[], Decoder] = SseDecoder,
) -> Reading:
    """Return what a body says, and make sure that every cutting of it says the same."""
    whole = read(make(), [body])
    for size in (1, 7, 1460):
        assert read(make(), pieces(body, size)) == whole, size
    for seed in range(50):
        assert read(make(), at_random(body, seed)) == whole, seed
    events = _decoded(decoder(), [body])
    for parts in in_two(body) if len(body) <= EVERY_CUT else round_edges(body, edge):
        assert _decoded(decoder(), parts) == events, len(parts[0])
    return whole


def _decoded(decoder: Decoder, parts: Iterable[bytes]) -> list[SseEvent]:
    return [event for part in parts for event in decoder.feed(part)] + decoder.end()
