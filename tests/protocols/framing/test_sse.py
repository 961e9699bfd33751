"""The event-stream decoder: every public case at every cut, its limits, and its cost."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.protocols.framing.sse import SseDecoder, SseEvent
from tests.protocols.cuttings import in_two, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def decoded(parts: Iterable[bytes], *, lenient: bool = False, limit: int = 2**23) -> list[SseEvent]:
    decoder = SseDecoder(limit, lenient=lenient)
    events = [event for part in parts for event in decoder.feed(part)]
    return events + decoder.end()


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict[str, Any]]:
    return list(json.loads((shared / "wire/sse_cases.json").read_text("utf-8")))


def test_every_public_case_is_right_at_every_cut(cases: list[dict[str, Any]]) -> None:
    assert len(cases) == 112
    for case in cases:
        chunks = [bytes.fromhex(one) for one in case["chunks"]]
        body = b"".join(chunks)
        expected = [SseEvent(*one) for one in case["expect"]]
        for parts in (chunks, [body], pieces(body, 1), pieces(body, 7), *in_two(body)):
            assert decoded(parts) == expected, (case["src"], case["name"], parts)


def test_a_carriage_return_ends_a_line_at_once() -> None:
    decoder = SseDecoder()
    assert decoder.feed(b"data: x\r\r") == [SseEvent("message", "x", "")]
    assert decoder.feed(b"\ndata: y\n\n") == [SseEvent("message", "y", "")]


@pytest.mark.parametrize("tail", [b"[DONE]", b'{"a":1}', b"[1]"])
def test_a_last_event_without_its_empty_line_is_saved_where_it_is_whole(tail: bytes) -> None:
    for end in (b"", b"\n"):
        decoder = SseDecoder()
        assert decoder.feed(b"data: " + tail + end) == []
        assert [event.data for event in decoder.end()] == [tail.decode()]
        assert decoder.unterminated


@pytest.mark.parametrize("tail", [b'{"a":', b"words", b"12", b""])
def test_a_last_event_that_is_cut_is_not_made_up(tail: bytes) -> None:
    decoder = SseDecoder()
    assert decoder.feed(b"data: " + tail) == []
    assert decoder.end() == []
    assert not decoder.unterminated


def test_bytes_that_are_no_utf8_cost_one_character_and_no_more() -> None:
    parts = [b"data: a\xffb\n\ndata: \xe4\xb8", b"\n\ndata: c\n\n"]
    assert [event.data for event in decoded(parts)] == ["a\ufffdb", "\ufffd", "c"]


def test_json_without_its_field_name_is_an_event_for_the_lenient() -> None:
    body = b'data: {"a":1}\n\n{"b":2}\nerror: {"c":3}\nnoise\n{"cut":\n\ndata: {"d":4}\n\n'
    for parts in ([body], pieces(body, 1), *in_two(body)):
        events = decoded(parts, lenient=True)
        assert [(event.name, event.data) for event in events] == [
            ("message", '{"a":1}'),
            ("message", '{"b":2}'),
            ("error", '{"c":3}'),
            ("message", '{"d":4}'),
        ]
    assert [event.data for event in decoded([body])] == ['{"a":1}', '{"d":4}']


def test_comments_are_counted_and_never_kept() -> None:
    decoder = SseDecoder(100)
    for _ in range(1000):
        assert decoder.feed(b": keep-alive" * 50) == []
    assert decoder.feed(b"\n\n:\ndata: x\n\n") == [SseEvent("message", "x", "")]
    assert decoder.comments == 2


@pytest.mark.parametrize("size", [1, 7, 50, 10_000])
def test_an_event_at_its_limit_passes_and_one_byte_more_does_not(size: int) -> None:
    fits = b"data: " + b"x" * 94 + b"\n\n"
    assert len(decoded(pieces(fits, size), limit=100)) == 1
    too_large = b"data: a\n\ndata: " + b"x" * 95 + b"\n\ndata: never\n\n"
    events, kind = fed(SseDecoder(100), [*pieces(too_large, size), b""])
    assert kind is ErrorKind.LIMIT
    assert [event.data for event in events] == ["a"]


@pytest.mark.parametrize("line", [b"data: x\n", b"data\n", b"data:\n"])
def test_an_event_of_endless_lines_passes_the_limit(line: bytes) -> None:
    assert fed(SseDecoder(10_000), [line] * 10_000) == ([], ErrorKind.LIMIT)


def test_a_field_without_end_passes_the_limit() -> None:
    parts = [b"unknown-field" * 10] * 1000
    assert fed(SseDecoder(10_000), parts) == ([], ErrorKind.LIMIT)


def fed(decoder: SseDecoder, parts: Iterable[bytes]) -> tuple[list[SseEvent], ErrorKind | None]:
    events: list[SseEvent] = []
    try:
        for part in parts:
            events += decoder.feed(part)
    except ChatError as error:
        return events, error.failure.kind
    return events, None


def seconds(parts: list[bytes]) -> float:
    begin = time.perf_counter()
    decoded(parts)
    return time.perf_counter() - begin


def test_a_million_empty_lines_take_no_time() -> None:
    assert seconds([b"\n" * 1_000_000]) < 1
    assert seconds([b"\r\n" * 65536] * 16) < 1


def test_single_bytes_cost_in_proportion_to_their_number() -> None:
    small = pieces(b"data: " + b"x" * 20_000 + b"\n\n", 1)
    large = pieces(b"data: " + b"x" * 200_000 + b"\n\n", 1)
    best = min(seconds(large) / max(seconds(small), 1e-9) for _ in range(3))
    assert best < 30  # 10 is linear, 100 would be quadratic


LINES = st.lists(
    st.sampled_from(
        [
            b"data: a", b"data:b", b"data", b"data: {}", b": c", b"event: e", b"id: 7", b"",
            b"id: \x00", b"\xef\xbb\xbfdata: d", b"retry: 5", b"data: \xe2\x80\xa8", b"\xff",
            b"{}", b"error: {}", b"data: [DONE]", b"data: : x",
        ]
    ),
    max_size=12,
)  # fmt: skip


@given(
    LINES,
    st.lists(st.sampled_from([b"\n", b"\r", b"\r\n"]), min_size=12, max_size=12),
    st.lists(st.integers(0, 150), max_size=6),
    st.booleans(),
)
def test_every_cutting_gives_the_same_events(
    lines: list[bytes], ends: list[bytes], cuts: list[int], lenient: bool
) -> None:
    body = b"".join(line + end for line, end in zip(lines, ends, strict=False))
    places = sorted({min(cut, len(body)) for cut in cuts})
    parts = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
    assert decoded(parts, lenient=lenient) == decoded([body], lenient=lenient)


@given(st.binary(max_size=200), st.integers(1, 9))
def test_no_bytes_at_all_break_it(body: bytes, size: int) -> None:
    assert decoded(pieces(body, size)) == decoded([body])
