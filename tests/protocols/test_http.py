"""The transport against real servers that behave well, badly and wickedly."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import math
import socket
import time
import traceback
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from desktop_chat.domain.errors import ChatError, ErrorKind, TlsFault
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import Header
from desktop_chat.domain.stream import Finished, FinishReason, KeepAlive, Limits, Phase
from desktop_chat.protocols import faults, routes
from desktop_chat.protocols.http import Http, make_client
from desktop_chat.protocols.routes import Route, route_for
from tests.protocols.asking import CANARY, SHORT, Answer, ask, ask_with, provider
from tests.protocols.servers import Authority, Call, listening, serving

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable
    from pathlib import Path


def delta(text: str) -> bytes:
    chunk = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


STOP = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
DONE = b"data: [DONE]\n\n"
GOOD = delta("Good ") + delta("answer.") + STOP + USAGE + DONE


async def good(call: Call) -> None:
    await call.stream(GOOD, content_type="text/event-stream")


def served(
    script: Callable[[Call], Awaitable[None]], *, limits: Limits = SHORT
) -> tuple[Answer, list[Any]]:
    """Ask a server that follows the script once; give the answer and what it was asked."""

    async def run() -> tuple[Answer, list[Any]]:
        async with serving(script) as server:
            return await ask(server.url, limits=limits), server.requests

    return asyncio.run(run())


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


# Before the connection stands.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_where_nobody_listens_is_refused() -> None:
    port = free_port()
    failure = asyncio.run(ask(f"http://127.0.0.1:{port}/v1")).failure
    assert failure is not None
    assert failure.kind is ErrorKind.REFUSED
    assert (failure.host, failure.port, failure.local) == ("127.0.0.1", port, True)
    assert failure.service == "Service"
    assert failure.model == "model-1"


class Resolving(asyncio.SelectorEventLoop):
    """A loop whose look-ups are the test's, as the network thread's are its own."""

    answer: Callable[[], Awaitable[list[Any]]]
    asked: list[object]

    @override
    async def getaddrinfo(self, host: object, port: object, **_: object) -> list[Any]:
        self.asked.append(host)
        return await self.answer()


def run_resolving(
    answer: Callable[[], Awaitable[list[Any]]], main: Callable[[], Awaitable[Answer]]
) -> tuple[Answer, list[object]]:
    loop = Resolving()
    loop.answer = answer
    loop.asked = []

    async def wrapped() -> Answer:
        return await main()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(wrapped()), loop.asked


@pytest.mark.parametrize(("offline", "kind"), [(False, ErrorKind.DNS), (True, ErrorKind.OFFLINE)])
def test_a_name_that_is_not_found_says_so_or_that_there_is_no_network(
    offline: bool, kind: ErrorKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown() -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(faults, "is_offline", lambda: offline)
    answer, asked = run_resolving(
        unknown, lambda: ask("http://no-such-host.test/v1", route=Route())
    )
    assert answer.failure is not None
    assert answer.failure.kind is kind
    assert answer.failure.host == "no-such-host.test"
    assert asked in (["no-such-host.test"], [b"no-such-host.test"])


def test_a_resolver_that_never_answers_ends_as_a_timeout_and_is_cancelled_at_once() -> None:
    async def never() -> list[Any]:
        await asyncio.Event().wait()
        raise AssertionError

    limits = Limits(connect_s=0.2)
    answer, _ = run_resolving(
        never, lambda: ask("http://slow.test/v1", route=Route(), limits=limits)
    )
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.CONNECT_TIMEOUT
    assert answer.failure.seconds == 0.2

    async def cancelled() -> Answer:
        task = asyncio.create_task(ask("http://slow.test/v1", route=Route()))
        await asyncio.sleep(0.05)
        begin = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - begin < 0.1
        return Answer()

    run_resolving(never, cancelled)


def test_a_full_backlog_ends_as_a_connect_timeout() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(address)
            fillers.append(filler)
        begin = time.monotonic()
        limits = Limits(connect_s=0.3)
        failure = asyncio.run(ask(f"http://127.0.0.1:{address[1]}/v1", limits=limits)).failure
        for filler in fillers:
            filler.close()
    assert failure is not None
    assert failure.kind is ErrorKind.CONNECT_TIMEOUT
    assert time.monotonic() - begin < 1.5


@pytest.mark.parametrize(
    "address", ["ftp://host/v1", "nonsense", "http://", "http://a..b/v1", "http://h:99999/v1"]
)
def test_an_address_that_is_none_is_named_as_such(address: str) -> None:
    async def run() -> ErrorKind:
        try:
            answer = await ask(address, limits=Limits(connect_s=2))
        except ChatError as error:
            return error.failure.kind
        assert answer.failure is not None
        return answer.failure.kind

    kind = asyncio.run(run())
    assert kind in (ErrorKind.BAD_ADDRESS, ErrorKind.DNS, ErrorKind.OFFLINE)


# TLS.


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def served_tls(
    tls: ssl.SSLContext, host: str, ca_file: Path | str, limits: Limits = SHORT
) -> Answer:
    async def run() -> Answer:
        async with serving(good, tls) as server:
            url = f"https://{host}:{server.port}/v1"
            return await ask(url, route=Route(tls=True, ca_file=str(ca_file)), limits=limits)

    return asyncio.run(run())


def test_a_certificate_of_the_organisation_is_trusted_when_it_is_given(
    authority: Authority,
) -> None:
    answer = served_tls(authority.server("127.0.0.1"), "127.0.0.1", authority.file)
    assert answer.failure is None
    assert answer.text == "Good answer."


@pytest.mark.parametrize(
    ("named", "expired", "known", "fault"),
    [
        ("127.0.0.1", True, True, TlsFault.EXPIRED),
        ("127.0.0.1", False, False, TlsFault.UNKNOWN_ISSUER),
        ("other.test", False, True, TlsFault.OTHER_NAME),
    ],
)
def test_a_bad_certificate_is_told_by_what_is_wrong_with_it(
    authority: Authority, named: str, expired: bool, known: bool, fault: TlsFault
) -> None:
    tls = authority.server(named, expired=expired)
    failure = served_tls(tls, "127.0.0.1", authority.file if known else "").failure
    assert failure is not None
    assert failure.kind is ErrorKind.TLS
    assert failure.tls is fault
    assert failure.host == "127.0.0.1"


def test_a_port_that_speaks_plain_http_has_no_tls() -> None:
    async def run() -> Answer:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()

        async with listening(plain) as port:
            return await ask(f"https://127.0.0.1:{port}/v1", route=Route(tls=True))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert (failure.kind, failure.tls) == (ErrorKind.TLS, TlsFault.NO_TLS)


def test_a_handshake_that_stalls_ends_as_a_connect_timeout() -> None:
    async def run() -> Answer:
        async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(1000):
                pass

        async with listening(stall) as port:
            limits = Limits(connect_s=0.3)
            return await ask(f"https://127.0.0.1:{port}/v1", route=Route(tls=True), limits=limits)

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is ErrorKind.CONNECT_TIMEOUT


def test_a_certificate_file_that_is_none_is_told() -> None:
    with pytest.raises(ChatError) as caught:
        make_client(Route(tls=True, ca_file="/no/such/file.pem"))
    assert caught.value.failure.kind is ErrorKind.TLS


def test_plain_routes_read_no_certificates() -> None:
    assert routes.no_trust().cert_store_stats()["x509_ca"] == 0


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
    assert time.monotonic() - begin < 3


def test_a_pause_asked_for_stands_in_the_failure() -> None:
    async def script(call: Call) -> None:
        await call.answer(b"", "429 Slow", retry_after="7", x_should_retry="false")

    answer, _ = served(script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.RATE_LIMITED
    assert answer.failure.seconds == 7
    assert not answer.failure.may_retry


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
            assert time.monotonic() - begin < 0.3
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
            assert time.monotonic() - begin < 1
            await asyncio.wait_for(server.closed.wait(), 1)

    asyncio.run(run())


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


# Proxies.


def test_near_hosts_are_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "inner.test")
    for near in ("http://localhost:1/v1", "http://10.0.0.7/v1", "http://nas.local", "http://[::1]"):
        assert route_for(near).proxy == ""
    assert route_for("https://api.test/v1").proxy == "http://proxy.test:3128"
    assert route_for("https://inner.test/v1").proxy == ""
    assert "proxy.test:3128" not in repr(route_for("https://api.test/v1"))


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("socks://proxy.test:1080", "socks5://proxy.test:1080"),
        ("proxy.test:3128", "http://proxy.test:3128"),
        ("socks5h://u:p@proxy.test:1080", "socks5h://u:p@proxy.test:1080"),
    ],
)
def test_proxy_addresses_are_read_as_people_write_them(
    address: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", address)
    route = route_for("https://api.test/v1")
    assert route.proxy == proxy
    asyncio.run(make_client(route).aclose())


@pytest.mark.parametrize("address", ["gopher://x", "http://", "socks4://h:1", "http://h:port"])
def test_a_proxy_address_that_is_none_is_named(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(ChatError) as caught:
        make_client(route_for("https://api.test/v1"))
    assert caught.value.failure.kind is ErrorKind.PROXY


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("target", ["http://api.test/v1", "https://api.test/v1"])
def test_a_proxy_that_refuses_is_named(scheme: str, target: str) -> None:
    async def run() -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1000)
            if scheme == "http":
                writer.write(b"HTTP/1.1 407 Proxy Auth\r\ncontent-length: 0\r\n\r\n")
            else:
                writer.write(b"\x05\xff")
            await writer.drain()

        async with listening(refuse) as port:
            route = Route(tls=target.startswith("https"), proxy=f"{scheme}://127.0.0.1:{port}")
            answer = await ask(target, route=route)
        assert answer.failure is not None
        assert answer.failure.kind is ErrorKind.PROXY
        if scheme != "http" or target.startswith("https"):
            assert answer.failure.host == f"127.0.0.1:{port}"

    asyncio.run(run())


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_proxy_that_is_not_there_is_named(scheme: str) -> None:
    route = Route(tls=True, proxy=f"{scheme}://127.0.0.1:{free_port()}")
    failure = asyncio.run(ask("https://api.test/v1", route=route)).failure
    assert failure is not None
    assert failure.kind is ErrorKind.PROXY


def test_a_proxy_that_says_nothing_ends_as_a_connect_timeout() -> None:
    async def run() -> Answer:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(1000):
                pass

        async with listening(silent) as port:
            route = Route(tls=True, proxy=f"http://127.0.0.1:{port}")
            return await ask("https://api.test/v1", route=route, limits=Limits(connect_s=0.3))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is ErrorKind.CONNECT_TIMEOUT


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
