"""The transport against real servers: connections, heads, keys."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import Header
from desktop_chat.domain.stream import Finished, FinishReason, Limits, Phase
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import route_for
from tests.protocols.answers import DONE, GOOD, STOP, delta, good, served
from tests.protocols.asking import CANARY, SHORT, Answer, ask, ask_with, provider
from tests.protocols.servers import Call, listening, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


# The way it should be.


def test_a_good_answer_comes_whole_and_reports_its_phases() -> None:
    answer, requests = served(good)
    assert answer.failure is None
    assert answer.text == "Good answer."
    assert answer.finished == Finished(FinishReason.STOP)
    assert answer.usage is not None
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (3, 4)
    assert answer.phases == [Phase.CONNECTING, Phase.WAITING]
    (request,) = requests
    assert request.line == "POST /v1/chat/completions HTTP/1.1"
    assert request.values("accept-encoding") == ["identity"]
    assert request.values("authorization") == [f"Bearer {CANARY}"]
    assert request.values("user-agent")[0].startswith("DesktopChat/")
    assert json.loads(request.body)["messages"] == [{"role": "user", "content": "Hello?"}]


def test_the_connection_is_kept_for_the_next_question() -> None:
    async def run() -> None:
        async with serving(good) as server:
            client = make_client(route_for(server.url))
            for _ in range(3):
                answer = Answer()
                http = Http(client, "Service", answer.phases.append, SHORT)
                await ask_with(http, provider(server.url), answer)
                assert answer.text == "Good answer."
            assert server.connections == 1
            await client.aclose()

    asyncio.run(run())


def test_a_question_leaves_nothing_that_only_a_collection_could_find() -> None:
    async def run() -> int:
        async with serving(good) as server:
            client = make_client(route_for(server.url))
            for _ in range(2):
                gc.collect()
                answer = Answer()
                http = Http(client, "Service", answer.phases.append, SHORT)
                await ask_with(http, provider(server.url), answer)
            found = sum(type(one).__module__.startswith("httpx") for one in _garbage())
            await client.aclose()
            return found

    assert asyncio.run(run()) == 0


def _garbage() -> list[object]:
    """Return what a collection finds now."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gc.set_debug(0)
    found = list(gc.garbage)
    gc.garbage.clear()
    return found


def test_a_stale_connection_is_tried_again_in_silence() -> None:
    async def script(call: Call) -> None:
        if call.number == 2:
            call.reset()
        else:
            await good(call)

    async def run() -> None:
        async with serving(script) as server:
            client = make_client(route_for(server.url))
            for expected in (1, 3):
                answer = Answer()
                http = Http(client, "Service", answer.phases.append, SHORT)
                await ask_with(http, provider(server.url), answer)
                assert answer.failure is None
                assert answer.text == "Good answer."
                assert len(server.requests) == expected
            await client.aclose()

    asyncio.run(run())


def test_a_new_connection_that_breaks_is_not_tried_again() -> None:
    async def script(call: Call) -> None:
        call.reset()

    answer, requests = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.BROKEN_STREAM
    assert len(requests) == 1


def test_a_server_that_closes_while_the_question_is_sent_is_told() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.transport.abort()

    async def run() -> Answer:
        async with listening(rude) as port:
            return await ask(f"http://127.0.0.1:{port}/v1", question="long " * 2_000_000)

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is ErrorKind.BROKEN_STREAM


def test_a_refusal_that_comes_while_the_question_is_sent_is_read() -> None:
    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 5\r\n\r\nlarge")
        await writer.drain()
        while await reader.read(1 << 20):
            pass

    async def run() -> Answer:
        async with listening(early) as port:
            return await ask(f"http://127.0.0.1:{port}/v1", question="long " * 200_000)

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert (failure.kind, failure.message) == (ErrorKind.TOO_LONG, "large")


def test_several_questions_run_at_the_same_time_over_one_client() -> None:
    async def script(call: Call) -> None:
        question = json.loads(call.request.body)["messages"][0]["content"]
        await call.stream(delta(question), STOP, DONE)

    async def run() -> None:
        async with serving(script) as server:
            client = make_client(route_for(server.url))
            answers = [Answer() for _ in range(8)]
            await asyncio.gather(
                *(
                    ask_with(
                        Http(client, "Service", one.phases.append, SHORT),
                        provider(server.url),
                        one,
                        question=f"Question {number}",
                    )
                    for number, one in enumerate(answers)
                )
            )
            assert [one.text for one in answers] == [f"Question {n}" for n in range(8)]
            await client.aclose()

    asyncio.run(run())


def test_cookies_of_a_service_are_not_kept() -> None:
    async def script(call: Call) -> None:
        await call.stream(GOOD, set_cookie="track=1; Path=/")

    async def run() -> None:
        async with serving(script) as server:
            client = make_client(route_for(server.url))
            for _ in range(2):
                http = Http(client, "Service", lambda phase: None, SHORT)
                await ask_with(http, provider(server.url), Answer())
            assert server.requests[1].values("cookie") == []
            await client.aclose()

    asyncio.run(run())


# The head of the answer.


def test_a_server_that_thinks_long_before_its_head_is_waited_for() -> None:
    async def script(call: Call) -> None:
        await asyncio.sleep(0.5)
        await good(call)

    answer, _ = served(script, limits=Limits(connect_s=0.2, first_byte_s=5))
    assert answer.text == "Good answer."


def test_silence_before_the_head_ends_at_its_limit() -> None:
    async def script(call: Call) -> None:
        await call.hold()

    answer, _ = served(script, limits=Limits(first_byte_s=0.2))
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.SILENCE
    assert answer.failure.seconds == 0.2
    assert answer.phases == [Phase.CONNECTING, Phase.WAITING]


@pytest.mark.parametrize("whole", [True, False])
def test_headers_without_end_pass_a_limit(whole: bool) -> None:
    async def script(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\n")
        size = 70_000 if whole else 1_000_000
        await call.send(b"x-filler: " + b"a" * size)
        if whole:
            await call.send(b"\r\ncontent-length: 0\r\n\r\n")
        await call.hold()

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.LIMIT
    assert answer.failure.limit == "64 KB of headers"


@pytest.mark.parametrize(
    "head",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"* OK IMAP ready\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x16"],
)
def test_a_server_that_speaks_something_else_sent_the_wrong_content(head: bytes) -> None:
    async def script(call: Call) -> None:
        await call.send(head)
        call.writer.close()

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind in (ErrorKind.WRONG_CONTENT, ErrorKind.BROKEN_STREAM)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_shown_and_never_followed(status: int) -> None:
    async def run() -> None:
        async with serving(good) as other:

            async def script(call: Call) -> None:
                where = f"http://user:pass@127.0.0.1:{other.port}/else?token={CANARY}"
                await call.answer(b"", f"{status} Moved", location=where)

            async with serving(script) as server:
                answer = await ask(server.url)
            assert answer.failure is not None
            assert answer.failure.kind is ErrorKind.REDIRECT
            assert answer.failure.target == f"http://127.0.0.1:{other.port}/else"
            assert other.connections == 0

    asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        ("401 No", b'{"error":{"message":"no such key"}}', ErrorKind.BAD_KEY, "no such key"),
        ("403 No", b"<html><title>Blocked</title>", ErrorKind.FORBIDDEN, "Blocked"),
        ("404 No", b"404 page not found", ErrorKind.NO_PATH, "404 page not found"),
        ("413 No", b"<html><h1>Too Large</h1></html>", ErrorKind.TOO_LONG, "Too Large"),
        ("422 No", b'{"detail":[{"msg":"wrong"}]}', ErrorKind.BAD_REQUEST, "wrong"),
        ("500 No", b"", ErrorKind.SERVER_TROUBLE, "500 Internal Server Error"),
        ("529 No", b'{"type":"error"}', ErrorKind.SERVER_TROUBLE, None),
    ],
)
def test_an_error_status_gives_its_kind_and_the_services_words(
    status: str, body: bytes, kind: ErrorKind, message: str | None
) -> None:
    async def script(call: Call) -> None:
        await call.answer(body, status, x_request_id="req_1")

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is kind
    assert answer.failure.status == int(status[:3])
    assert answer.failure.request_id == "req_1"
    if message is not None:
        assert answer.failure.message == message


def test_an_errors_body_without_end_is_read_to_a_bound() -> None:
    async def script(call: Call) -> None:
        await call.head("500 Oops", transfer_encoding="chunked")
        for _ in range(10_000):
            await call.chunk(b"x" * 65536)

    begin = time.monotonic()
    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.SERVER_TROUBLE
    assert len(answer.failure.message) <= 300
    assert time.monotonic() - begin < 8


def test_a_pause_asked_for_stands_in_the_failure() -> None:
    async def script(call: Call) -> None:
        await call.answer(b"", "429 Slow", retry_after="7", x_should_retry="false")

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.RATE_LIMITED
    assert answer.failure.seconds == 7
    assert not answer.failure.may_retry


# Keys.


def test_one_authorization_header_is_sent_and_the_persons_own_takes_the_keys_place() -> None:
    async def run() -> None:
        async with serving(good) as server:
            address = server.url.replace("//", "//user:password@")
            await ask(provider(address))
            theirs = (Header("AUTHORIZATION", "Custom abc"), Header("X-Team", "blue"))
            await ask(provider(server.url, headers=theirs))
            first, second = server.requests
            assert first.values("authorization") == [f"Bearer {CANARY}"]
            assert second.values("authorization") == ["Custom abc"]
            assert second.values("x-team") == ["blue"]

    asyncio.run(run())


def test_a_header_from_the_environment_is_read_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEAM_TOKEN", "from-the-environment")

    async def run() -> None:
        async with serving(good) as server:
            known = (Header("x-team-token", variable="TEAM_TOKEN"),)
            await ask(provider(server.url, headers=known))
            assert server.requests[0].values("x-team-token") == ["from-the-environment"]
            unknown = (Header("x-team-token", variable="NO_SUCH_VARIABLE"),)
            answer = await ask(provider(server.url, headers=unknown))
            assert answer.failure is not None
            assert answer.failure.kind is ErrorKind.NO_KEY
            assert "NO_SUCH_VARIABLE" in answer.failure.message

    asyncio.run(run())


@pytest.mark.parametrize("name", ["", "X Team", "X-Tëam", "X:", "X\nY"])
def test_a_header_whose_name_cannot_be_sent_is_named(name: str) -> None:
    async def run() -> Answer:
        async with serving(good) as server:
            return await ask(provider(server.url, headers=(Header(name, "value"),)))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is ErrorKind.BAD_REQUEST
    assert "cannot be sent" in failure.message


def test_headers_that_frame_a_message_are_not_the_persons() -> None:
    async def run() -> Answer:
        async with serving(good) as server:
            theirs = (Header("Content-Length", "1"), Header("Transfer-Encoding", "chunked"))
            return await ask(provider(server.url, headers=theirs))

    assert asyncio.run(run()).text == "Good answer."


def test_a_header_that_is_a_secret_comes_back_in_no_message() -> None:
    async def script(call: Call) -> None:
        await call.answer(f"I saw {call.request.headers}".encode(), "400 Bad")

    async def run() -> Answer:
        async with serving(script) as server:
            theirs = (Header("X-Team-Token", "correct-horse-battery"),)
            return await ask(provider(server.url, headers=theirs))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert "I saw" in failure.message
    assert "correct-horse" not in repr(failure)


@pytest.mark.parametrize("wire", ["openai_chat", "light_chat"])
@pytest.mark.parametrize("key", [f"{CANARY}\n", f" {CANARY}", f"\u200b{CANARY}", "É" + CANARY, ""])
def test_no_key_breaks_a_request_or_shows_in_what_is_said(wire: str, key: str) -> None:
    async def script(call: Call) -> None:
        sent = call.request.body.decode() + str(call.request.headers)
        words = f"I got {sent} and bearer {CANARY}".encode()
        await call.answer(words, "400 Bad")

    async def run() -> Answer:
        async with serving(script) as server:
            return await ask(provider(server.url, wire), key=key)

    answer = asyncio.run(run())
    assert answer.failure is not None
    assert CANARY not in repr(answer.failure)
    assert CANARY not in repr(answer.error)


def test_the_key_is_in_no_log_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    async def echo(call: Call) -> None:
        await call.answer(f"wrong key {CANARY}".encode(), "401 No")

    async def breaks(call: Call) -> None:
        call.reset()

    async def run(script: Callable[[Call], Awaitable[None]], wire: str) -> None:
        async with serving(script) as server:
            answer = await ask(provider(server.url, wire))
            assert answer.error is not None
            said.append("".join(traceback.format_exception(answer.error)))
            said.append(repr(answer))

    said: list[str] = []
    for name in ("httpx", "httpcore", "asyncio", "hpack"):
        caplog.set_level(logging.DEBUG, name)
    caplog.set_level(logging.DEBUG)
    for wire in ("openai_chat", "light_chat"):
        asyncio.run(run(echo, wire))
        asyncio.run(run(breaks, wire))
    # What was logged is enough to know that the loggers were on.
    assert "send_request_body" in caplog.text
    assert CANARY not in caplog.text
    assert all(CANARY not in one for one in said)


def test_a_secret_inside_a_body_is_revealed_on_the_wire_alone() -> None:
    async def run() -> None:
        async with serving(good) as server:
            client = make_client(route_for(server.url))
            http = Http(client, "Service", lambda phase: None, SHORT)
            sent = {"token": Secret(CANARY), "odd": "\ud83d"}
            async with http.stream("POST", server.url, headers={}, json=sent) as body:
                assert await body.read(10_000) == GOOD
            assert json.loads(server.requests[0].body)["token"] == CANARY
            await client.aclose()

    asyncio.run(run())
