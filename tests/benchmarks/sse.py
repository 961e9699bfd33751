"""How fast the event-stream decoder is beside the two that most clients use."""

from __future__ import annotations

import json
import time
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import httpx
from httpx_sse import EventSource
from typing_extensions import override

from desktop_chat.protocols.framing.sse import SseDecoder
from tests.benchmarks.registry import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVENTS: Final = 20_000
EVENTS_PER_CHUNK: Final = 3
"""What one read of a socket brings from a fast service."""
ROUNDS: Final = 15
NOISE: Final = 0.25


def sse_vs_httpx_sse() -> Result:
    """Return how much longer httpx-sse takes."""
    return compared("sse_vs_httpx_sse", httpx_sse, bound=1.3)


def sse_vs_openai() -> Result:
    """Return how much longer the decoder of the openai package takes."""
    # Not by an import statement: a type checker would read two thousand files for one class.
    decoder = import_module("openai._streaming").SSEDecoder
    return compared("sse_vs_openai", lambda chunks: openai(decoder, chunks), bound=2.5)


def compared(name: str, rival: Callable[[list[bytes]], int], bound: float) -> Result:
    """Return the median of interleaved rounds: the rival's time over ours, on the same bytes."""
    chunks = recording()
    wanted = EVENTS + 1
    ratios, rivals = [], []
    for _ in range(ROUNDS):
        theirs = timed(lambda: rival(chunks), wanted)
        own = timed(lambda: ours(chunks), wanted)
        ratios.append(theirs / own)
        rivals.append(theirs)
    value = median(ratios)
    spread = (max(ratios) - min(ratios)) / value
    held = value >= bound
    return Result(
        name=name,
        value=round(value, 3),
        unit="x faster",
        bound=bound,
        floor=round(EVENTS / median(rivals)),
        ok=held or ("noisy" if spread > NOISE else False),
    )


def recording() -> list[bytes]:
    """Return an answer as services send it, cut into reads that respect no event."""
    words = ["so ", "the ", "häuser ", "in 中文 ", "are ", "painted "]
    events = []
    for number in range(EVENTS):
        choice = {"index": 0, "delta": {"content": words[number % len(words)]}}
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]}
        events.append(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
    body = b"".join(events) + b"data: [DONE]\n\n"
    size = EVENTS_PER_CHUNK * len(body) // EVENTS
    return [body[at : at + size] for at in range(0, len(body), size)]


def ours(chunks: list[bytes]) -> int:
    """Return how many events our decoder finds."""
    decoder = SseDecoder()
    count = sum(len(decoder.feed(chunk)) for chunk in chunks)
    return count + len(decoder.end())


def openai(decoder: Callable[[], Any], chunks: list[bytes]) -> int:
    """Return how many events the decoder of the openai package finds."""
    return sum(1 for _ in decoder().iter_bytes(iter(chunks)))


def httpx_sse(chunks: list[bytes]) -> int:
    """Return how many events httpx-sse finds in a response of the same chunks."""
    headers = {"content-type": "text/event-stream; charset=utf-8"}
    response = httpx.Response(200, headers=headers, stream=Chunks(chunks))
    return sum(1 for _ in EventSource(response).iter_sse())


class Chunks(httpx.SyncByteStream):
    """A body that is there already."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    @override
    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def timed(work: Callable[[], int], wanted: int) -> float:
    """Return how long some work took, which must find all that is there."""
    begun = time.perf_counter()
    found = work()
    took = time.perf_counter() - begun
    if found != wanted:
        raise ValueError(f"{found} events were found, not {wanted}")
    return took
