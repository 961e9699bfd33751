"""The demo service over real loopback connections, with the client that the program uses."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import socket
import time
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from desktop_chat.demo.service import DemoService
from desktop_chat.domain.keys import MASK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

FAST = float("inf")
Body = dict[str, Any]


@dataclass
class Streamed:
    """What a streamed answer held."""

    chunks: list[Body] = field(default_factory=list)
    text: str = ""
    reasoning: str = ""
    roles: list[str] = field(default_factory=list)
    finish: list[str] = field(default_factory=list)
    done: bool = False
    gaps: list[float] = field(default_factory=list)


def run(
    use: Callable[[DemoService, httpx.AsyncClient], Awaitable[None]], rate: float = FAST
) -> None:
    """Run a test against a service of its own; nothing of it may be left afterwards."""

    async def main() -> None:
        async with asyncio.timeout(60), serving(rate) as (service, client):
            await use(service, client)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left

    asyncio.run(main())


@contextlib.asynccontextmanager
async def serving(rate: float) -> AsyncIterator[tuple[DemoService, httpx.AsyncClient]]:
    service = DemoService(tokens_per_second=rate)
    await service.start()
    headers = {"Authorization": f"Bearer {service.token.reveal()}"}
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=service.base_url, headers=headers, trust_env=False, limits=limits, timeout=30
    ) as client:
        yield service, client
        await service.close()


def body(text: str, **more: Any) -> Body:
    return {"model": "demo", "messages": [{"role": "user", "content": text}], **more}


async def ask(
    client: httpx.AsyncClient, text: str, into: Streamed | None = None, **more: Any
) -> Streamed:
    """Ask and read the whole stream, with usage."""
    streamed = into or Streamed()
    question = body(text, stream=True, stream_options={"include_usage": True}, **more)
    last = time.monotonic()
    async with client.stream("POST", "/chat/completions", json=question) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        async for line in response.aiter_lines():
            if line == "data: [DONE]":
                streamed.done = True
            elif line:
                assert not streamed.done
                note(streamed, json.loads(line.removeprefix("data: ")))
                streamed.gaps.append(time.monotonic() - last)
                last = time.monotonic()
    return streamed


def note(streamed: Streamed, chunk: Body) -> None:
    streamed.chunks.append(chunk)
    for choice in chunk["choices"]:
        delta = choice["delta"]
        streamed.text += delta.get("content", "")
        streamed.reasoning += delta.get("reasoning_content", "")
        streamed.roles += [delta["role"]] if "role" in delta else []
        streamed.finish += [choice["finish_reason"]] if choice["finish_reason"] else []


def test_an_answer_streams_as_the_real_service_does() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        answer = await ask(client, "Show me around")
        first, last = answer.chunks[0], answer.chunks[-1]
        assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
        assert answer.roles == ["assistant"]
        assert answer.finish == ["stop"]
        assert answer.done
        assert {one["object"] for one in answer.chunks} == {"chat.completion.chunk"}
        assert {one["model"] for one in answer.chunks} == {"demo"}
        assert len({(one["id"], one["created"]) for one in answer.chunks}) == 1
        assert last["choices"] == []
        assert last["usage"]["completion_tokens"] == len(answer.chunks) - 3
        assert last["usage"]["total_tokens"] > last["usage"]["completion_tokens"]
        assert all(one["usage"] is None for one in answer.chunks[:-1])
        assert "Show me around" in answer.text

    run(use)


def test_usage_comes_only_where_it_was_asked_for() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        response = await client.post("/chat/completions", json=body("hello", stream=True))
        assert "usage" not in response.text
        assert response.text.endswith("data: [DONE]\n\n")

    run(use)


def test_an_answer_can_come_whole() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        response = await client.post("/chat/completions", json=body("think long 50"))
        answer = response.json()
        assert answer["object"] == "chat.completion"
        assert answer["choices"][0]["finish_reason"] == "stop"
        assert answer["choices"][0]["message"]["reasoning_content"]
        used = answer["usage"]
        thought = used["completion_tokens_details"]["reasoning_tokens"]
        assert used["completion_tokens"] - thought == 50

    run(use)


def test_an_answer_ends_at_the_limit_that_was_set() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        answer = await ask(client, "hello", max_tokens=9)
        assert answer.finish == ["length"]
        assert answer.chunks[-1]["usage"]["completion_tokens"] == 9

    run(use)


def test_models_are_listed() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        response = await client.get("/models")
        assert [one["id"] for one in response.json()["data"]] == ["demo"]

    run(use)


def test_thinking_comes_before_the_answer() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        answer = await ask(client, "Think first")
        order = [next(iter(one["choices"][0]["delta"]), "") for one in answer.chunks[1:-2]]
        assert order == sorted(order, reverse=True)
        assert set(order) == {"reasoning_content", "content"}
        counted = answer.chunks[-1]["usage"]["completion_tokens_details"]["reasoning_tokens"]
        assert counted == order.count("reasoning_content")

    run(use)


@pytest.mark.parametrize(("length", "expected"), [("long 7", 7), ("Write a long answer", 1200)])
def test_a_long_answer_has_its_length(length: str, expected: int) -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        answer = await ask(client, length)
        assert answer.chunks[-1]["usage"]["completion_tokens"] == expected
        assert len(answer.chunks) == expected + 3

    run(use)


@pytest.mark.parametrize(
    ("status", "code", "pause"),
    [(401, "invalid_api_key", None), (429, "rate_limit_exceeded", "3"), (500, None, None)],
)
def test_a_refusal_that_was_wished_for_looks_real(
    status: int, code: str | None, pause: str | None
) -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        response = await client.post("/chat/completions", json=body(f"error {status}", stream=True))
        assert response.status_code == status
        assert response.headers.get("retry-after") == pause
        assert response.headers["x-request-id"].startswith("req_")
        error = response.json()["error"]
        assert error["code"] == code
        assert set(error) == {"message", "type", "param", "code"}
        assert (await client.get("/models")).status_code == 200

    run(use)


def test_a_drop_breaks_the_connection_in_mid_answer() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        answer = Streamed()
        with pytest.raises(httpx.RemoteProtocolError):
            await ask(client, "drop", into=answer)
        assert len(answer.text) > 40
        assert not answer.finish
        assert not answer.done
        assert (await ask(client, "long 5")).done

    run(use)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", "Basic {}", "{}", "Bearer {}x", "Bearer é"]
)
def test_without_the_token_nothing_is_answered(header: str | None) -> None:
    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        headers = httpx.Headers()
        if header is not None:
            value = header.format(service.token.reveal()).encode("latin-1")
            headers = httpx.Headers({b"Authorization": value})
        async with httpx.AsyncClient(base_url=service.base_url, trust_env=False) as stranger:
            for method, path in (("GET", "/models"), ("POST", "/chat/completions"), ("GET", "/x")):
                response = await stranger.request(method, path, headers=headers, json=body("hi"))
                assert response.status_code == 401
                assert response.json()["error"]["code"] == "invalid_api_key"
                assert service.token.reveal() not in response.text

    run(use)


def test_address_and_token_are_new_in_every_run_and_the_token_hides() -> None:
    first, second = DemoService(), DemoService()
    assert first.token != second.token
    assert len(first.token.reveal()) >= 32
    assert f"{first.token}{first.token!r}" == MASK * 2

    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        assert service.base_url.startswith("http://127.0.0.1:")
        assert service._server is not None
        (address,) = {one.getsockname()[0] for one in service._server.sockets}
        assert address == "127.0.0.1"

    run(use)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"[" * 50_000, 400),
        (b'{"messages": []}', 400),
        (b'{"messages": "hi"}', 400),
        (b'{"model": "gpt-4", "messages": [{}]}', 404),
        (b'{"model": ["x"], "messages": [{}]}', 404),
        (b'{"messages": [5, null, {}, {"role": 7, "content": 8}]}', 200),
        (b'{"messages": [{"role": "user", "content": [{"text": "long 3"}, 5]}]}', 200),
        (b'{"messages": [{"role": "user", "content": "\\ud800 hi"}], "stream": true}', 200),
    ],
)
def test_any_body_gets_an_answer(content: bytes, status: int) -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        response = await client.post("/chat/completions", content=content)
        assert response.status_code == status
        if status != 200:
            assert response.json()["error"]["message"]
        assert (await client.get("/models")).status_code == 200

    run(use)


def test_unknown_addresses_and_methods_are_refused() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        assert (await client.get("/nothing")).status_code == 404
        assert (await client.get("/chat/completions")).status_code == 405
        assert (await client.delete("/models")).status_code == 405

    run(use)


def test_one_connection_serves_many_questions() -> None:
    async def use(service: DemoService, client: httpx.AsyncClient) -> None:
        for _ in range(5):
            await ask(client, "long 3")
            await client.get("/models")
            await client.post("/chat/completions", json=body("error 500"))
        assert len(service._connections) == 1

    run(use)


def test_many_are_answered_at_once() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        answers = await asyncio.gather(*(ask(client, f"long {n}") for n in range(1, 41)))
        assert [one.chunks[-1]["usage"]["completion_tokens"] for one in answers] == [*range(1, 41)]

    run(use)


def test_tokens_come_at_their_pace_and_not_in_bursts() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        begun = time.monotonic()
        answer = await ask(client, "long 120")
        assert 0.9 < time.monotonic() - begun < 3
        assert sum(gap > 0.002 for gap in answer.gaps) > 40

    run(use, rate=120)


def test_slow_is_slower() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        begun = time.monotonic()
        await ask(client, "slow long 30")
        assert time.monotonic() - begun > 0.4

    run(use, rate=360)


async def connect(service: DemoService) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = int(service.base_url.split(":")[2].partition("/")[0])
    return await asyncio.open_connection("127.0.0.1", port)


async def talk(service: DemoService, *pieces: bytes) -> bytes:
    """Send raw bytes, and return all that comes until the service hangs up."""
    reader, writer = await connect(service)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await reader.read()
    finally:
        writer.close()


def head(
    service: DemoService, *lines: str, request: str = "POST /v1/chat/completions HTTP/1.1"
) -> bytes:
    key = f"Authorization: Bearer {service.token.reveal()}"
    return "\r\n".join([request, "Host: x", key, *lines, "", ""]).encode()


QUESTION = json.dumps(body("long 4")).encode()


def test_a_body_in_chunks_is_read() -> None:
    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        start = head(service, "Transfer-Encoding: chunked", "Connection: close")
        chunks = b"".join(b"%x;ext=1\r\n%s\r\n" % (1, bytes([one])) for one in QUESTION)
        answer = await talk(service, start, chunks, b"0\r\nTrailer: x\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b'"completion_tokens": 4' in answer

    run(use)


def test_a_client_that_expects_to_be_told_to_continue_is_told() -> None:
    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        length = f"Content-Length: {len(QUESTION)}"
        reader, writer = await connect(service)
        writer.write(head(service, length, "Expect: 100-continue", "Connection: close"))
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(QUESTION)
        assert (await reader.read()).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()

    run(use)


def test_an_old_client_gets_an_answer_that_ends_with_the_connection() -> None:
    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        question = json.dumps(body("long 4", stream=True)).encode()
        start = head(
            service,
            f"Content-Length: {len(question)}",
            request="POST /v1/chat/completions HTTP/1.0",
        )
        answer = await talk(service, start + question)
        assert b"Transfer-Encoding" not in answer
        assert answer.endswith(b"data: [DONE]\n\n")

    run(use)


def test_requests_sent_in_one_go_are_answered_in_their_order() -> None:
    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        models = head(service, request="GET /v1/models HTTP/1.1")
        last = head(service, "Connection: close", request="GET /v1/x HTTP/1.1")
        answer = await talk(service, b"\r\n" + models + models + last)
        assert answer.count(b"HTTP/1.1 200") == 2
        assert b"HTTP/1.1 404" in answer

    run(use)


@pytest.mark.parametrize(
    ("request_lines", "status"),
    [
        (["nonsense"], 400),
        (["GET /v1/models HTTP/9.9"], 400),
        (["GET /v1/models HTTP/1.1", "no colon"], 400),
        (["GET /v1/models HTTP/1.1", " folded: x"], 400),
        (["POST /v1/x HTTP/1.1", "Content-Length: 1", "Content-Length: 2"], 400),
        (["POST /v1/x HTTP/1.1", "Content-Length: -1"], 400),
        (["POST /v1/x HTTP/1.1", "Content-Length: 1e9"], 400),
        (["POST /v1/x HTTP/1.1", "Content-Length: 16777217"], 413),
        (["POST /v1/x HTTP/1.1", f"Content-Length: {'9' * 5000}"], 413),
        (["POST /v1/x HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked"], 400),
        (["POST /v1/x HTTP/1.1", "Transfer-Encoding: gzip"], 400),
        (["POST /v1/x HTTP/1.1", "Transfer-Encoding: chunked", "", "zz"], 400),
        (["POST /v1/x HTTP/1.1", "Transfer-Encoding: chunked", "", "-5"], 400),
        (["POST /v1/x HTTP/1.1", "Transfer-Encoding: chunked", "", "1000001"], 413),
        (["POST /v1/x HTTP/1.1", "Transfer-Encoding: chunked", "", "1", "ab", ""], 400),
        (["POST /v1/x HTTP/1.1", "Content-Length: 5", "Expect: miracles"], 417),
        (["GET /v1/models HTTP/1.1", f"Long: {'x' * 70_000}"], 431),
        ([f"GET /{'x' * 70_000} HTTP/1.1"], 431),
    ],
    ids=range(18),
)
def test_a_request_out_of_bounds_is_refused(request_lines: list[str], status: int) -> None:
    async def use(service: DemoService, client: httpx.AsyncClient) -> None:
        answer = await talk(service, "\r\n".join([*request_lines, "", ""]).encode())
        assert answer.startswith(b"HTTP/1.1 %d " % status)
        assert (await client.get("/models")).status_code == 200

    run(use)


def test_a_body_that_is_too_large_is_refused_while_it_is_sent() -> None:
    async def use(_: DemoService, client: httpx.AsyncClient) -> None:
        response = await client.post("/chat/completions", content=b"x" * (17 * 1024 * 1024))
        assert response.status_code == 413
        fits = body("long 2" + "x" * (15 * 1024 * 1024))
        assert (await client.post("/chat/completions", json=fits)).status_code == 200

    run(use)


def test_a_client_that_leaves_in_mid_answer_is_let_go() -> None:
    async def use(service: DemoService, _: httpx.AsyncClient) -> None:
        question = body("long 100000", stream=True)
        reader, writer = await connect(service)
        content = json.dumps(question).encode()
        writer.write(head(service, f"Content-Length: {len(content)}") + content)
        await reader.readuntil(b"data: ")
        writer.close()
        async with asyncio.timeout(10):
            while service._connections:  # noqa: ASYNC110 - it has no event to wait for
                await asyncio.sleep(0.005)

    run(use)


def waits(service: DemoService) -> list[int]:
    """Return for each connection the bytes that its client has not taken yet."""
    frames = [one.get_stack()[0] for one in service._connections]
    return [frame.f_locals["writer"].transport.get_write_buffer_size() for frame in frames]


def test_a_client_that_does_not_read_costs_no_memory_and_harms_nobody() -> None:
    async def use(service: DemoService, client: httpx.AsyncClient) -> None:
        question = json.dumps(body("long 200000", stream=True)).encode()
        _, writer = await connect(service)
        writer.write(head(service, f"Content-Length: {len(question)}") + question)
        await writer.drain()
        while not max(waits(service)):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        assert (await ask(client, "long 500")).done
        assert 0 < max(waits(service)) < 256 * 1024
        writer.close()

    run(use)


def test_a_start_that_is_cancelled_leaves_no_socket_behind() -> None:
    async def main() -> None:
        for turns in range(8):
            service = DemoService()
            start = asyncio.create_task(service.start())
            for _ in range(turns):
                await asyncio.sleep(0)
            start.cancel()
            await asyncio.gather(start, return_exceptions=True)
            if not start.cancelled():
                await service.close()
        looked_up = asyncio.get_running_loop().getaddrinfo("127.0.0.1", 0)
        await looked_up  # the look-ups that were cancelled above have ended before this one

    with warnings.catch_warnings(record=True, category=ResourceWarning) as told:
        warnings.simplefilter("always")
        asyncio.run(main())
        gc.collect()
    assert not [one for one in told if "socket" in str(one.message)]


def test_a_connection_that_comes_at_the_end_leaves_no_socket_behind() -> None:
    async def main(turns: int) -> None:
        service = DemoService()
        await service.start()
        port = int(service.base_url.rpartition(":")[2].removesuffix("/v1"))
        with socket.create_connection(("127.0.0.1", port)):
            for _ in range(turns):
                await asyncio.sleep(0)
            await service.close()
            for _ in range(3):
                await asyncio.sleep(0)  # as the program's loop does at its end

    with warnings.catch_warnings(record=True, category=ResourceWarning) as told:
        warnings.simplefilter("always")
        for turns in range(6):
            asyncio.run(main(turns))
        gc.collect()
    assert not [str(one.message) for one in told]


@pytest.mark.parametrize("clients", [0, 1, 20])
def test_closing_waits_for_nobody(clients: int) -> None:
    async def main() -> None:
        async with serving(60) as (service, client):
            questions = [asyncio.create_task(ask(client, "long 1000")) for _ in range(clients)]
            idle = await connect(service)
            half = await connect(service)
            half[1].write(b"POST /v1/chat")
            async with asyncio.timeout(10):
                while len(service._connections) < clients + 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            begun = time.monotonic()
            await service.close()
            assert time.monotonic() - begun < 2  # the answers themselves take 17 s
            assert await idle[0].read() == b""
            results = await asyncio.gather(*questions, return_exceptions=True)
            assert all(isinstance(one, httpx.TransportError) for one in results)
            with pytest.raises(OSError):  # noqa: PT011 - which one is the system's business
                await connect(service)
            idle[1].close()
            half[1].close()
            await service.close()

    asyncio.run(asyncio.wait_for(main(), 30))
