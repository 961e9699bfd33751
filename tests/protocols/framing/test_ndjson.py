"""JSON lines from bytes: right at every cut, and bounded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.protocols.framing.ndjson import JsonLines
from desktop_chat.protocols.framing.sse import STRAY_LIMIT
from tests.protocols.cuttings import in_two, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 64


def decoded(parts: Iterable[bytes], limit: int = 2**20) -> list[str]:
    decoder = JsonLines(limit)
    events = [event for part in parts for event in decoder.feed(part)]
    return [event.data for event in events + decoder.end()]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"", []),
        (b'{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']),
        (b'{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']),
        (b'{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']),
        (b'{"a":1}\n{"b":', ['{"a":1}']),
        (b'\xef\xbb\xbf{"a":1}\n', ['{"a":1}']),
        (b'\n\n  {"a":1}  \n\n', ['{"a":1}']),
        (b'data: {"a":1}\n\ndata:{"b":2}\n\ndata: [DONE]\n\n', ['{"a":1}', '{"b":2}', "[DONE]"]),
        ('{"a":"x\u2028y\u0085z\r"}\n'.encode(), ['{"a":"x\u2028y\u0085z\r"}']),
        (b'{"a":"\xff"}\n', ['{"a":"\ufffd"}']),
        ('{"a":"😀"}\n'.encode(), ['{"a":"😀"}']),
        (b"words\n{broken\n", ["{broken"]),
    ],
)
def test_a_line_ends_with_a_line_feed_alone_at_every_cut(body: bytes, lines: list[str]) -> None:
    for parts in ([body], pieces(body, 1), *in_two(body)):
        assert decoded(parts) == lines


def test_lines_that_are_none_are_kept_to_be_told_up_to_a_bound() -> None:
    decoder = JsonLines()
    decoder.feed(b"Bad gateway\n" + b"x" * 10_000 + b"\nmore\n")
    assert decoder.stray.startswith(b"Bad gateway\nxxx")
    assert len(decoder.stray) <= STRAY_LIMIT + 1


def test_empty_lines_are_signs_of_life() -> None:
    decoder = JsonLines()
    assert decoder.feed(b"\n\r\n\n") == []
    assert decoder.comments == 3


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_line_at_its_limit_passes_and_one_byte_more_does_not(size: int) -> None:
    line = json.dumps({"a": "x" * (LIMIT - 9)}).encode()
    assert len(line) == LIMIT
    assert decoded(pieces(line + b"\n" + line, size), LIMIT) == [line.decode()] * 2
    decoder = JsonLines(LIMIT)
    seen: list[str] = []

    def feed(parts: list[bytes]) -> None:
        for part in parts:
            seen.extend(event.data for event in decoder.feed(part))

    with pytest.raises(ChatError) as caught:
        feed([*pieces(b"{}\n" + line + b" \n", size), b""])
    assert seen == ["{}"]
    assert caught.value.failure.kind is ErrorKind.LIMIT
    with pytest.raises(ChatError):
        decoder.end()


@given(st.binary(max_size=200), st.integers(1, 9))
def test_no_bytes_at_all_break_it_and_every_cut_is_the_same(body: bytes, size: int) -> None:
    assert decoded(pieces(body, size)) == decoded([body])


@given(st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2)))
def test_whatever_is_written_as_lines_is_read(values: list[dict[str, str]]) -> None:
    body = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    assert [json.loads(line) for line in decoded([body.encode()])] == values
