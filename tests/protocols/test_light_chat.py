"""The light-chat protocol: every known body at every cut, and what its request looks like."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import Limits, RawTail, StreamEvent, TextDelta, UsageReported
from desktop_chat.protocols.answers.light_decoder import LightBody, LightDecoder
from desktop_chat.protocols.light_chat import LightReader
from tests.protocols.asking import CANARY, ask, provider
from tests.protocols.cuttings import in_two, pieces
from tests.protocols.servers import Call, serving

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Failure(kind=ErrorKind.INTERNAL)


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict[str, Any]]:
    return list(json.loads((shared / "wire/lightchat_cases.json").read_text("utf-8")))


def decoded(parts: list[bytes], content_type: str = "") -> tuple[str, LightDecoder]:
    decoder = LightDecoder(content_type)
    text = "".join([decoder.feed(part) for part in parts])
    return text + decoder.end(), decoder


def read(
    parts: list[bytes], content_type: str = "", limits: Limits | None = None
) -> tuple[list[StreamEvent], ChatError | None]:
    reader = LightReader(PLACE, limits, (), content_type)
    events: list[StreamEvent] = []
    for part in parts:
        events += reader.feed(part)
        if reader.ended:
            break
    events += reader.end()
    try:
        reader.outcome(broken=False)
    except ChatError as error:
        return events, error
    return events, None


def text_of(events: list[StreamEvent]) -> str:
    return "".join(one.text for one in events if isinstance(one, TextDelta))


def test_every_known_body_is_right_at_every_cut(cases: list[dict[str, Any]]) -> None:
    assert len(cases) == 58
    for case in cases:
        chunks = [bytes.fromhex(one) for one in case["chunks"]]
        body = b"".join(chunks)
        for parts in (chunks, [body], pieces(body, 1), pieces(body, 3), *in_two(body)):
            text, decoder = decoded(parts, case["content_type"])
            assert text == case["text"], (case["name"], parts)
            assert decoder.metadata == case["meta"], (case["name"], parts)


def test_every_known_error_is_told(cases: list[dict[str, Any]]) -> None:
    told = [case for case in cases if case["error"] and case["status"] == 200]
    assert len(told) >= 5
    for case in told:
        body = b"".join(bytes.fromhex(one) for one in case["chunks"])
        for parts in ([body], pieces(body, 1), *in_two(body)):
            events, error = read(parts, case["content_type"])
            assert text_of(events) == ""
            assert error is not None
            if case["error"] == "empty answer":
                assert error.failure.kind is ErrorKind.EMPTY
            else:
                assert error.failure.message == case["error"]


@pytest.mark.parametrize(
    ("body", "text", "tail"),
    [
        ("Hiundefined", "Hi", "undefined"),
        ("Hiundefinedundefined", "Hi", "undefinedundefined"),
        ("is undefined", "is undefined", ""),
        ("is undefinedundefined", "is undefined", "undefined"),
        ("is\u3000undefined", "is\u3000undefined", ""),
        ("undefinedundefinedx", "undefinedundefinedx", ""),
        ("Hiundefinedunde", "Hiundefinedunde", ""),
        ("start852{}end852undefined\u3000is", "undefined\u3000is", ""),
        ("start852{}end852undefinedis", "is", ""),
        ("start852{}end852undefinedundefinedis", "undefinedis", ""),
        ("start852{} end852 Hi", " Hi", ""),
        ("start852 {} \nend852Hi", "Hi", ""),
        ("\ufeffstart852{}end852Hi", "Hi", ""),
        (" start852{}end852Hi", " start852{}end852Hi", ""),
        ("start852{]end852Hi", "start852{]end852Hi", ""),
        ("start852{}end853", "start852{}end853", ""),
        ("start852{\"a\":1", "start852{\"a\":1", ""),
        ("start852 words", "start852 words", ""),
        ("start852[]end852", "start852[]end852", ""),
        ('{"answer": 42}', '{"answer": 42}', ""),
        ('{"error": "x"} and more', '{"error": "x"} and more', ""),
        ('{"error": "x", "poem": "y"}', '{"error": "x", "poem": "y"}', ""),
        ('{"status": "fine"}', '{"status": "fine"}', ""),
        ("{curly} words", "{curly} words", ""),
        ("<b>bold</b> words", "<b>bold</b> words", ""),
        ("<!-- note -->", "<!-- note -->", ""),
        ("data: is a word", "data: is a word", ""),
        ("data: is\na word", "data: is\na word", ""),
        ("dat", "dat", ""),
        ("start85", "start85", ""),
        ("\x1b[31mred\r\n", "\x1b[31mred\r\n", ""),
    ],
)  # fmt: skip
def test_what_is_meant_stays_and_what_is_stray_goes(body: str, text: str, tail: str) -> None:
    data = body.encode()
    for parts in ([data], pieces(data, 1), *in_two(data)):
        found, decoder = decoded(parts)
        assert found == text, parts
        assert decoder.raw_tail == tail, parts


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'start852{"a":"' + b"x" * 65_518 + b'"}end852Hi', LightBody.TEXT),
        (b'start852{"a":"' + b"x" * 70_000 + b'"}end852Hi', LightBody.TEXT),
        (b"start852{}" + b" " * 70_000 + b"end852Hi", LightBody.TEXT),
        (b" " * 5000 + b'{"error":"x"}', LightBody.TEXT),
        (b" " * 4000 + b'{"error":"x"}', LightBody.ERROR),
        (b'{"error":"' + b"x" * 3000 + b'"}' + b" " * 3000, LightBody.ERROR),
        (b'{"error":"' + b"x" * 5000 + b'"}', LightBody.TEXT),
        (b'{"error":"x"}' + b" " * 9000, LightBody.TEXT),
        (b'data: {"a":"' + b"x" * 70_000 + b'"}\n\n', LightBody.TEXT),
        (b'data: {"a":"' + b"x" * 60_000 + b'"}\n\n', LightBody.EVENTS),
    ],
    ids=range(10),
)
def test_what_is_too_far_away_to_be_waited_for_is_so_at_every_cut(
    body: bytes, kind: LightBody
) -> None:
    whole, first = decoded([body])
    assert first.kind is kind
    places = {size + by for size in (4096, 8192, 65_536) for by in range(-20, 20)}
    for parts in (pieces(body, 7), pieces(body, 1460), *([body[:a], body[a:]] for a in places)):
        text, decoder = decoded(parts)
        assert (text, decoder.kind) == (whole, kind)
        assert (decoder.metadata, decoder.events) == (first.metadata, first.events)


def test_header_data_may_take_as_much_as_is_waited_for() -> None:
    fits = b'start852{"a":"' + b"x" * (65_536 - 14) + b'"}end852Hi'
    assert decoded([fits])[0] == decoded(pieces(fits, 100))[0] == "Hi"


def test_what_was_taken_off_the_end_is_kept_apart() -> None:
    events, error = read([b"Hello", b"undefined"])
    assert error is None
    assert text_of(events) == "Hello"
    assert RawTail("undefined") in events


def test_a_character_cut_off_at_the_end_is_a_break() -> None:
    events, error = read([b"caf\xc3"])
    assert text_of(events) == "caf\ufffd"
    assert error is not None
    assert error.failure.kind is ErrorKind.BROKEN_STREAM


def test_no_nul_enters_a_message() -> None:
    events, _ = read([b"a\0b"])
    assert text_of(events) == "a␀b"


def test_an_event_stream_after_all_is_read_as_one() -> None:
    chunk = b'data: {"choices":[{"index":0,"delta":{"content":"H\xc3\xa9"}}],"usage":null}\r\n\r\n'
    body = chunk * 2 + b'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\ndata: [DONE]\n\n'
    for parts in ([body], pieces(body, 1), *in_two(body)):
        events, error = read(parts)
        assert error is None
        assert text_of(events) == "HéHé"
        assert any(isinstance(one, UsageReported) for one in events)


def test_a_code_in_the_body_tells_the_kind() -> None:
    _, error = read([b'{"code": 401, "message": "token invalid"}'])
    assert error is not None
    assert error.failure.kind is ErrorKind.BAD_KEY


def test_an_answer_in_json_is_shown_as_it_comes() -> None:
    decoder = LightDecoder()
    assert decoder.feed(b'{"ans') == ""
    assert decoder.feed(b'wer": "') == '{"answer": "'
    assert decoder.feed(b"x") == "x"


def test_a_header_that_never_ends_becomes_text_in_time() -> None:
    decoder = LightDecoder()
    filler = b'start852{"a":"' + b"x" * 70_000
    text = "".join(decoder.feed(part) for part in pieces(filler, 100))
    assert len(text) > 65_000
    assert text + decoder.feed(b'"}end852') + decoder.end() == filler.decode() + '"}end852'


def test_single_bytes_of_a_long_header_take_little_time() -> None:
    body = b'start852{"a":"' + b'\\"}end852' * 6_000 + b'"}end852Hi'
    text, decoder = decoded(pieces(body, 1))
    assert text == "Hi"
    assert decoder.metadata == {"a": '"}end852' * 6_000}


def test_more_text_than_is_kept_passes_a_limit() -> None:
    events, error = read([b"x" * 60] * 3, limits=Limits(answer_bytes=100))
    assert text_of(events) == "x" * 100
    assert error is not None
    assert error.failure.kind is ErrorKind.LIMIT


BITS = st.sampled_from(
    [
        "start852", "end852", "{}", '{"a":"}"}', "undefined", "undef", " ", "\n", ".", "é", "你",
        "x", "{", "}", '"', "<html", "data:", "\ufeff", "\u3000", '{"error":"e"}', "\u00a0",
    ]
)  # fmt: skip


@given(st.lists(BITS, max_size=8), st.lists(st.integers(0, 80), max_size=6))
def test_every_cutting_gives_the_same_text(bits: list[str], cuts: list[int]) -> None:
    body = "".join(bits).encode()
    places = sorted({min(cut, len(body)) for cut in cuts})
    parts = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
    whole, decoder = decoded([body])
    cut, other = decoded(parts)
    assert (cut, other.kind, other.metadata, other.raw_tail) == (
        whole,
        decoder.kind,
        decoder.metadata,
        decoder.raw_tail,
    )


@given(st.binary(max_size=120), st.integers(1, 9))
def test_no_bytes_at_all_break_it(body: bytes, size: int) -> None:
    events, error = read(pieces(body, size))
    whole, whole_error = read([body])
    assert text_of(events) == text_of(whole)
    assert (error and error.failure) == (whole_error and whole_error.failure)


def test_the_key_travels_in_the_body_and_nowhere_else() -> None:
    async def script(call: Call) -> None:
        await call.stream(b'start852{"id":1}end852', b"Hel", b"loundefined")

    async def run() -> None:
        async with serving(script) as server:
            root = server.url.removesuffix("/v1")
            for base in (root, f"{root}/", f"{root}/api/light/chat/createChatCompletion"):
                answer = await ask(provider(base, "light_chat"), question="Wie geht's? 你好")
                assert answer.failure is None
                assert answer.text == "Hello"
            for request in server.requests:
                assert request.line.split()[1] == "/api/light/chat/createChatCompletion"
                assert request.values("authorization") == []
                assert CANARY not in str(request.headers)
                assert json.loads(request.body) == {
                    "model": "model-1",
                    "token": CANARY,
                    "messages": [{"role": "user", "content": "Wie geht's? 你好"}],
                    "params": {"n": 1, "stream": True},
                }

    asyncio.run(run())


def test_a_break_keeps_the_text_and_is_told() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(b"Half")
        call.writer.close()

    async def run() -> None:
        async with serving(script) as server:
            answer = await ask(provider(server.url, "light_chat"))
            assert answer.text == "Half"
            assert answer.failure is not None
            assert answer.failure.kind is ErrorKind.BROKEN_STREAM

    asyncio.run(run())
