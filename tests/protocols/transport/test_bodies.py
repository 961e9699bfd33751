"""Bodies that break, lie, flood and never end."""

from __future__ import annotations

import asyncio
import gzip
import math
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.stream import Finished, FinishReason, KeepAlive, Limits
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import route_for
from tests.protocols.answers import DONE, GOOD, STOP, delta, served
from tests.protocols.asking import SHORT, Answer, ask, ask_with, provider
from tests.protocols.servers import Call, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


# The body.


def test_silence_in_the_middle_ends_at_its_limit_and_keeps_the_text() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(delta("Half an "))
        await call.hold()

    answer, _ = served(script, limits=Limits(idle_s=0.2))
    assert answer.text == "Half an "
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.seconds) == (ErrorKind.SILENCE, 0.2)


def test_a_slow_stream_is_no_silence() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        for letter in "slow":
            await call.chunk(delta(letter))
            await asyncio.sleep(0.1)
        await call.chunk(STOP + DONE)
        await call.chunk(b"")

    answer, _ = served(script, limits=Limits(idle_s=0.25))
    assert answer.failure is None
    assert answer.text == "slow"


@pytest.mark.parametrize("infinite", [True, False])
def test_stopping_closes_the_socket_at_once(infinite: bool) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(delta("One"))
        await call.hold()

    async def run() -> None:
        begun = asyncio.Event()
        async with serving(script) as server:
            answer = Answer(on_event=lambda _: begun.set())
            client = make_client(route_for(server.url))
            limits = Limits(idle_s=math.inf, first_byte_s=math.inf) if infinite else SHORT
            http = Http(client, "Service", answer.phases.append, limits)
            task = asyncio.create_task(ask_with(http, provider(server.url), answer))
            await asyncio.wait_for(begun.wait(), 5)
            begin = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(server.closed.wait(), 1)
            assert time.monotonic() - begin < 1
            await client.aclose()

    asyncio.run(run())


def broken_after(*pieces: bytes, end: str) -> Callable[[Call], Awaitable[None]]:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        for piece in pieces:
            await call.chunk(piece)
        await asyncio.sleep(0.05)
        if end == "reset":
            call.reset()
        else:
            call.writer.close()

    return script


@pytest.mark.parametrize("end", ["reset", "close"])
@pytest.mark.parametrize(
    "cut", [b'data: {"choi', 'data: {"choices":[{"delta":{"content":"é'.encode()[:-1]]
)
def test_a_break_in_the_middle_keeps_what_came(end: str, cut: bytes) -> None:
    answer, _ = served(broken_after(delta("Kept. "), cut, end=end))
    assert answer.text == "Kept. "
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.BROKEN_STREAM


@pytest.mark.parametrize("begun", [True, False])
def test_a_cut_after_a_long_silence_says_how_long_it_was(
    begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        if begun:
            await call.head(transfer_encoding="chunked")
            await call.chunk(delta("Kept. "))
        await asyncio.sleep(0.3)
        call.reset()

    for limit, told in ((0.2, True), (5.0, False)):
        monkeypatch.setattr("desktop_chat.protocols.transport.faults.IDLE_CUT_S", limit)
        answer, _ = served(script)
        assert answer.failure is not None
        assert answer.failure.kind is ErrorKind.BROKEN_STREAM
        assert (answer.failure.seconds >= 0.2) is told


@pytest.mark.parametrize("end", ["reset", "close"])
def test_a_break_after_the_finish_is_no_break(end: str) -> None:
    answer, _ = served(broken_after(delta("Whole."), STOP, end=end))
    assert answer.failure is None
    assert answer.text == "Whole."
    assert answer.finished == Finished(FinishReason.STOP)


def test_a_length_that_is_longer_than_the_body_is_a_break() -> None:
    async def script(call: Call) -> None:
        await call.head(content_length="5000")
        await call.send(delta("Part"))
        call.writer.close()

    answer, _ = served(script)
    assert answer.text == "Part"
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.BROKEN_STREAM


def test_a_length_that_is_shorter_than_the_body_takes_that_much() -> None:
    body = delta("Whole") + STOP

    async def script(call: Call) -> None:
        await call.head(content_length=str(len(body)))
        await call.send(body + b"trailing rubbish")
        call.writer.close()

    answer, _ = served(script)
    assert answer.failure is None
    assert answer.text == "Whole"


def test_a_clean_end_without_terminal_is_a_break() -> None:
    async def script(call: Call) -> None:
        await call.stream(delta("Part"))

    answer, _ = served(script)
    assert answer.text == "Part"
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.BROKEN_STREAM


def test_no_bytes_at_all_are_an_empty_answer() -> None:
    async def script(call: Call) -> None:
        await call.stream(content_type="text/event-stream")

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.EMPTY


def test_a_socket_held_open_after_the_end_is_closed() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(GOOD)
        await call.hold()

    async def run() -> None:
        async with serving(script) as server:
            begin = time.monotonic()
            answer = await ask(server.url)
            assert answer.text == "Good answer."
            assert answer.failure is None
            assert time.monotonic() - begin < 3
            await asyncio.wait_for(server.closed.wait(), 1)

    asyncio.run(run())


def test_a_socket_held_open_after_a_finish_reason_is_closed_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(delta("Whole.") + STOP)
        await call.hold()

    monkeypatch.setattr("desktop_chat.protocols.requests.reading.AFTER_TERMINAL_S", 0.2)
    begin = time.monotonic()
    answer, _ = served(script)
    assert answer.failure is None
    assert answer.text == "Whole."
    assert time.monotonic() - begin < 2


def test_a_web_page_without_end_is_left() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(b"<html><title>Portal</title>")
        for _ in range(100_000):
            await call.chunk(b"<p>word</p>" * 1000)

    begin = time.monotonic()
    answer, _ = served(script)
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.message) == (ErrorKind.WRONG_CONTENT, "Portal")
    assert time.monotonic() - begin < 2


def test_a_document_that_breaks_off_tells_of_the_break() -> None:
    async def script(call: Call) -> None:
        await call.head(content_length="5000", content_type="application/json")
        await call.send(b'{"choices":[{"message":{"content":"Half')
        await call.hold()

    answer, _ = served(script, limits=Limits(idle_s=0.2))
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.SILENCE


def test_a_web_page_with_status_200_is_the_wrong_content() -> None:
    async def script(call: Call) -> None:
        page = b"<!DOCTYPE html><html><head><title>Sign in</title></head>"
        await call.answer(page, content_type="text/html")

    answer, _ = served(script)
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.message) == (ErrorKind.WRONG_CONTENT, "Sign in")


@pytest.mark.parametrize("label", [{"content_encoding": "gzip"}, {}])
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_gzip_is_opened_with_and_without_its_label(label: dict[str, str], size: int) -> None:
    packed = gzip.compress(GOOD)

    async def script(call: Call) -> None:
        pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
        await call.stream(*pieces, **label)

    answer, _ = served(script)
    assert answer.failure is None
    assert answer.text == "Good answer."


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x-unknown"])
def test_plain_bytes_under_a_false_label_are_read(encoding: str) -> None:
    async def script(call: Call) -> None:
        await call.stream(GOOD, content_encoding=encoding)

    answer, _ = served(script)
    if encoding == "deflate":
        assert answer.failure is not None
        assert answer.failure.kind is ErrorKind.BROKEN_STREAM
    else:
        assert answer.text == "Good answer."


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_damaged_gzip_is_a_break(damage: str) -> None:
    packed = bytearray(gzip.compress(delta("x" * 500) * 50))
    if damage == "cut":
        packed = packed[:-20]
    else:
        packed[30:60] = b"\xff" * 30

    async def script(call: Call) -> None:
        await call.stream(bytes(packed), content_encoding="gzip")

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.BROKEN_STREAM


@pytest.mark.parametrize("filler", [b"\0", b"\n"])
def test_a_bomb_passes_a_limit(filler: bytes) -> None:
    bomb = gzip.compress(filler * (256 * 1024 * 1024 // len(filler)), 1)

    async def script(call: Call) -> None:
        await call.stream(bomb)

    begin = time.monotonic()
    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.LIMIT
    assert time.monotonic() - begin < 20


# Floods.


def test_a_hundred_megabytes_of_text_end_at_sixteen() -> None:
    piece = delta("x" * 60_000)

    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        for _ in range(1700):
            await call.chunk(piece)

    answer, _ = served(script)
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.limit) == (ErrorKind.LIMIT, "16 MB")
    assert len(answer.text) == 16 * 1024 * 1024


def test_an_event_of_ten_megabytes_passes_its_limit_and_keeps_what_came() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(delta("Before. "))
        await call.chunk(b'data: {"choices":[{"delta":{"content":"')
        for _ in range(160):
            await call.chunk(b"y" * 65536)

    answer, _ = served(script)
    assert answer.text == "Before. "
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.limit) == (ErrorKind.LIMIT, "8 MB")


def test_a_million_empty_lines_and_many_comments_are_only_signs_of_life() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        for _ in range(16):
            await call.chunk(b"\n" * 65536)
        for _ in range(100):
            await call.chunk(b": ping\n\n" * 100)
        await call.chunk(b": no end " + b"z" * 1_000_000)
        await call.chunk(b"\n\n" + GOOD)
        await call.chunk(b"")

    answer, _ = served(script)
    assert answer.failure is None
    assert answer.text == "Good answer."
    assert any(isinstance(one, KeepAlive) for one in answer.events)


def test_a_body_may_be_left_before_its_end() -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        for _ in range(1000):
            await call.chunk(GOOD)

    async def run() -> None:
        async with serving(script) as server:
            client = make_client(route_for(server.url))
            http = Http(client, "Service", lambda phase: None, SHORT)
            async with (
                http.stream("POST", server.url, headers={}, json={}) as body,
                aclosing(body.chunks()) as chunks,
            ):
                assert await anext(chunks)
            await client.aclose()

    asyncio.run(run())
