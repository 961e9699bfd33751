"""Runs a whole protocol over a recorded body, cut in any way, without a socket."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import (
    CitationFound,
    Finished,
    Limits,
    Opaque,
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.protocols.framing.ndjson import JsonLines
from desktop_chat.protocols.framing.sse import SseDecoder, SseEvent
from desktop_chat.protocols.registry import protocol
from tests.protocols.asking import provider, request_for
from tests.protocols.cuttings import at_random, in_two, pieces

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from desktop_chat.domain.chat import Usage
    from desktop_chat.protocols.transport.http import Http

EVERY_CUT = 4096
ROUND_EDGES = 64


@dataclass
class Reading:
    """What an answer says."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tools: list[tuple[str, str, str]] = field(default_factory=list)
    """Id, name and arguments of each call."""
    citations: list[tuple[str, str]] = field(default_factory=list)
    opaque: list[str] = field(default_factory=list)
    usage: Usage | None = None
    end: str = ""


class _Body:
    """A body that comes in these pieces."""

    place = Failure(kind=ErrorKind.INTERNAL, service="Service", model="model-1")
    secrets = ()
    content_type = "text/event-stream"

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def hurry(self, idle_s: float) -> None:
        """Nothing is waited for."""

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        for part in self._parts:
            yield part


class _Replay:
    """In the place of the transport: every request is answered by the same pieces."""

    def __init__(self, parts: Iterable[bytes], limits: Limits) -> None:
        self._parts = parts
        self.limits = limits

    @asynccontextmanager
    async def stream(self, *_: object, **__: object) -> AsyncGenerator[_Body, None]:
        yield _Body(self._parts)


def replay(wire: str, parts: Iterable[bytes]) -> Reading:
    """Read a body with a whole protocol."""
    return asyncio.run(replayed(wire, parts))


async def replayed(wire: str, parts: Iterable[bytes], limits: Limits | None = None) -> Reading:
    """Read a body with a whole protocol, in a loop that runs already."""
    events: list[StreamEvent] = []
    taken = events.append
    request = request_for(provider("http://127.0.0.1:9", wire))
    end = ""
    try:
        transport = _Replay(parts, limits or Limits())
        stream = protocol(wire).stream(request, None, cast("Http", transport))
        async for event in stream:
            taken(event)
    except ChatError as error:
        end = f"{error.failure.kind}: {error.failure.message}"
    return _reading(events, end)


def _reading(events: list[StreamEvent], end: str) -> Reading:
    def joined(kind: type[ReasoningDelta | RefusalDelta]) -> str:
        return "".join(one.text for one in events if isinstance(one, kind))

    usage = [one.usage for one in events if isinstance(one, UsageReported)]
    finished = [one.reason.value for one in events if isinstance(one, Finished)]
    return Reading(
        text=_text(events),
        reasoning=joined(ReasoningDelta),
        refusal=joined(RefusalDelta),
        tools=_calls([one for one in events if isinstance(one, ToolCallDelta)]),
        citations=[(one.url, one.title) for one in events if isinstance(one, CitationFound)],
        opaque=[one.data for one in events if isinstance(one, Opaque)],
        usage=usage[-1] if usage else None,
        end=finished[-1] if finished else end,
    )


def _text(events: list[StreamEvent]) -> str:
    text = ""
    for one in events:
        if isinstance(one, TextDelta):
            text += one.text
        elif isinstance(one, TextCorrected):
            text = one.text
    return text


def _calls(pieces: list[ToolCallDelta]) -> list[tuple[str, str, str]]:
    calls: dict[int, tuple[str, str, str]] = {}
    for one in pieces:
        call_id, name, arguments = calls.get(one.index, ("", "", ""))
        whole = (call_id + one.call_id, name + one.name, arguments + one.arguments)
        calls[one.index] = whole
    return [call for _, call in sorted(calls.items())]


def read_every_way(wire: str, *parts: bytes) -> Reading:
    """Read a body whole, and make sure that other cuts read the same."""
    body = b"".join(parts)
    whole = replay(wire, [body])
    for cutting in (pieces(body, 1), pieces(body, 5), *(in_two(body) if len(body) < 300 else ())):
        assert replay(wire, cutting) == whole
    return whole


def assert_fit_at_cuts(wire: str, atoms: list[bytes], cuts: list[int]) -> None:
    """Read a body whole and cut at these places: the same, and fit to be stored."""
    body = b"".join(atoms)
    places = sorted({min(cut, len(body)) for cut in cuts})
    parts = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
    reading = replay(wire, parts)
    assert reading == replay(wire, [body])
    for call_id, name, arguments in reading.tools:
        (reading.text + reading.reasoning + call_id + name + arguments).encode()


def assert_same_at_every_cut(wire: str, body: bytes) -> Reading:
    """Return what a recording says, once every cutting has said the same."""
    whole = replay(wire, [body])
    for size in (1, 7, 1460):
        assert replay(wire, pieces(body, size)) == whole, size
    for seed in range(50):
        assert replay(wire, at_random(body, seed)) == whole, seed
    if len(body) <= EVERY_CUT:
        for parts in in_two(body):
            assert replay(wire, parts) == whole
    assert_events_round_edges(body)
    return whole


def assert_events_round_edges(body: bytes) -> None:
    """Cut two neighbouring events at every place near the edge between them."""
    mark = b"\r\n\r\n" if b"\r\n\r\n" in body else b"\n\n" if b"\n\n" in body else b"\n"
    blocks = [one + mark for one in body.split(mark) if one.strip()]
    events = [one for one in blocks if not one.startswith(b":")]
    assert len(_decoded(blocks)) == len(events)
    for before, after in itertools.pairwise(events):
        pair = before + after
        expected = _decoded([pair])
        assert len(expected) == 2
        first = max(0, len(before) - ROUND_EDGES)
        for at in range(first, min(len(pair), len(before) + ROUND_EDGES) + 1):
            assert _decoded([pair[:at], pair[at:]]) == expected, at


def _decoded(parts: list[bytes]) -> list[SseEvent]:
    lines = parts[0].startswith(b"{")
    decoder = JsonLines() if lines else SseDecoder(lenient=True)
    return [event for part in parts for event in decoder.feed(part)] + decoder.end()


def data_of(body: bytes) -> list[dict[str, Any]]:
    """Return the JSON objects of a recording's `data:` lines, read line by line."""
    lines = [line.strip() for line in body.decode().split("\n")]
    return [json.loads(line[5:]) for line in lines if line.startswith("data:") and "{" in line]
