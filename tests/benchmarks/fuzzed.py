"""Damaged answers: recorded ones and some of each dialect, mutated as a seed decides."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.stream import Limits
from tests.protocols.cuttings import at_random, pieces
from tests.protocols.dialects import DIALECTS
from tests.protocols.extras import EXTRAS

if TYPE_CHECKING:
    from random import Random

ROOT: Final = Path(__file__).resolve().parents[2]
MARKS: Final = {
    "openai_chat": b'"choices"',
    "openai_responses": b'"response.',
    "anthropic_messages": b'"content_block',
    "gemini": b'"candidates"',
    "ollama_chat": b'"done"',
    "azure_openai": b'"choices"',
    "light_chat": b"start852",
}
"""What a recording holds that a protocol reads."""
USUAL: Final = 2000
"""Bytes of a stream, about."""
LARGE: Final = (5000, 70_000, 300_000)
ONE_LARGE_IN: Final = 100
ONE_NARROW_IN: Final = 10
NARROW: Final = Limits(answer_bytes=1500, event_bytes=500, picture_event_bytes=500, line_bytes=500)
TOKENS: Final = (
    b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf",
    b"\xe2\x80\xa8", b"\xf0\x9f\x98", b"data:", b"data: ", b"data: [DONE]\n\n", b"data: \n\n",
    b"event: error\n", b"event: done\n", b"event: output\n", b"id: \0\n", b"retry: x\n", b": c\n",
    b'error: {"message":"m"}\n', b"{", b"}", b"[", b"]", b'"', b"\\", b",", b"null", b"[]", b"{}",
    b"\\ud83d", b"\\ude00", b"\\u0000", b"1e999", b"-1", b"NaN", b"9" * 5000, b"[" * 3000,
    b'{"a":' * 3000, b"<think>", b"</think>", b"<html><title>t</title>", b"start852", b"end852",
    b"undefined", b'{"error":{"message":"m","code":429}}', b'{"detail":"d"}', b"\x1f\x8b\x08",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 3.5, 2**70, "", "text", "error", "\ud83d", "a\0b", [], {}, [None], [[]],
    {"a": {}}, ["x", 1], {"text": "t"}, {"message": "m"}, {"type": "text", "text": "t"},
)  # fmt: skip


@dataclass(frozen=True)
class Stream:
    """A body and the protocol that is to read it."""

    wire: str
    body: bytes
    parts: list[bytes]
    """The body in pieces."""
    limits: Limits


class Corpus:
    """What streams are made of; without recordings beside the checkout, of the dialects alone."""

    def __init__(self) -> None:
        shared = Path(os.environ.get("DESKTOP_CHAT_SHARED") or ROOT.parent / "shared")
        bodies = [file.read_bytes() for file in sorted((shared / "wire/streams").glob("*.*"))]
        self._all = [events_of(body) for body in bodies]
        self._own = {
            wire: [
                *map(events_of, dialect_bodies(wire)),
                *(events_of(body) for body in bodies if MARKS[wire] in body),
            ]
            for wire in DIALECTS
        }
        self._all += [events for own in self._own.values() for events in own]

    def stream(self, wire: str, source: Random) -> Stream:
        """Return the stream that a seed makes for a protocol."""
        if source.random() < 0.02:
            body = source.randbytes(source.randrange(USUAL))
        else:
            body = self._mutated(wire, source)
        if source.randrange(ONE_LARGE_IN) == 0:
            body = enlarged(body, source)
        limits = NARROW if source.randrange(ONE_NARROW_IN) == 0 else Limits()
        return Stream(wire, body, cut(body, source), limits)

    def _mutated(self, wire: str, source: Random) -> bytes:
        foreign = source.random() < 0.1
        events = source.choice(self._all if foreign else self._own[wire])
        begin = 0 if source.random() < 0.5 else source.randrange(len(events))
        chosen: list[bytes] = []
        size = 0
        for event in events[begin:]:
            size += len(event)
            if chosen and size > USUAL:
                break
            chosen.append(event)
        if source.random() < 0.5:
            chosen += events[-2:]
        for _ in range(source.choice((0, 1, 1, 2, 3, 5))):
            source.choice(EVENT_CHANGES)(chosen, source)
        body = bytearray(b"".join(chosen))
        for _ in range(source.choice((0, 0, 1, 2, 4, 8))):
            source.choice(BYTE_CHANGES)(body, source)
        return bytes(body)


def events_of(body: bytes) -> list[bytes]:
    """Return a body's events, or its lines where it has no events, each with its end."""
    mark = next((one for one in (b"\r\n\r\n", b"\n\n") if one in body), b"\n")
    return [one + mark for one in body.split(mark) if one] or [b"\n"]


def dialect_bodies(wire: str) -> list[bytes]:
    """Return what the tests know of how a protocol speaks."""
    dialect = DIALECTS[wire]
    header = b'start852{"a": {"b": "end852"}}end852undefined'
    light = header + dialect.good + b"undefined"
    words = ("<think>Hm", ".</think>", "Häuser ", "中文 ", "\U0001f600 ", "a\0b ", "\\n", "```\n")
    long = b"".join(map(dialect.piece, words * 3)) + dialect.end
    extras = list(asdict(EXTRAS[wire]).values())
    mixed = [one for extra in extras for one in (extra, dialect.piece("so "))]
    bodies = [dialect.good, long, long, b"".join(mixed), b"".join(reversed(mixed)), dialect.whole]
    bodies.append(dialect.piece("a") + dialect.error)
    return [one for one in (*bodies, light if wire == "light_chat" else b"") if one]


def cut(body: bytes, source: Random) -> list[bytes]:
    """Return a body in pieces of one size, or of any."""
    size = source.choice((0, 0, 0, 0, 0, 1, 7, 100, 1460, 65536))
    if size == 1 and len(body) > USUAL:
        size = 7
    return pieces(body, size) if size else at_random(body, source.randrange(2**32))


def enlarged(body: bytes, source: Random) -> bytes:
    """Return a body that repeats, or whose middle repeats."""
    begin, end = sorted(source.randrange(len(body) + 1) for _ in range(2))
    middle = body[begin:end] or body or b"\n"
    times = source.choice(LARGE) // len(middle)
    return body[:begin] + middle * times + body[end:]


# What may befall an event, and what may befall bytes.


def lose(events: list[bytes], source: Random) -> None:
    if events:
        del events[source.randrange(len(events))]


def repeat(events: list[bytes], source: Random) -> None:
    if events:
        events.insert(source.randrange(len(events) + 1), source.choice(events))


def swap(events: list[bytes], source: Random) -> None:
    if events:
        one, other = (source.randrange(len(events)) for _ in range(2))
        events[one], events[other] = events[other], events[one]


def change_value(events: list[bytes], source: Random) -> None:
    """Put another value in the place of one somewhere in an event's JSON."""
    if not events:
        return
    at = source.randrange(len(events))
    begin = events[at].find(b"{")
    try:
        value = json.loads(events[at][begin:])
    except ValueError:
        return
    holder, key = source.choice(list(places_in(value)) or [({}, "")])
    if source.random() < 0.2:
        holder[source.choice(("index", "type", "error", "text", "delta"))] = holder.pop(key, None)
    else:
        holder[key] = source.choice(VALUES)
    events[at] = events[at][:begin] + json.dumps(value).encode() + b"\n\n"


def places_in(value: Any) -> list[tuple[dict[str, Any], str]]:
    """Return each field of the objects in a JSON value."""
    found: list[tuple[dict[str, Any], str]] = []
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            found += places_in(inner)
    return found + [(value, key) for key in value if isinstance(value, dict)]


def flip(body: bytearray, source: Random) -> None:
    if body:
        body[source.randrange(len(body))] = source.randrange(256)


def insert(body: bytearray, source: Random) -> None:
    at = source.randrange(len(body) + 1)
    body[at:at] = source.choice(TOKENS)


def cut_out(body: bytearray, source: Random) -> None:
    at = source.randrange(len(body) + 1)
    del body[at : at + source.choice((1, 2, 10, 100))]


def end_early(body: bytearray, source: Random) -> None:
    del body[source.randrange(len(body) + 1) :]


EVENT_CHANGES: Final = (lose, repeat, swap, change_value, change_value, change_value)
BYTE_CHANGES: Final = (flip, insert, insert, cut_out, end_early)
