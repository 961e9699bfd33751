"""What goes over the wire is kept to the byte, without a single key, and within bounds."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.exchange import KEPT_BYTES, Exchange, Hidden, shown
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import Header, KeySource, Provider
from desktop_chat.protocols.registry import PROTOCOLS
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.recording import Recording, variable_for
from desktop_chat.protocols.transport.routes import route_for
from tests.protocols.answers import good
from tests.protocols.asking import CANARY, SHORT, Answer, ask_with, provider
from tests.protocols.servers import Call, RawServer, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEY = Secret(CANARY)


def recorded(
    script: Callable[[Call], Awaitable[None]],
    make: Callable[[str], Provider] = provider,
    question: str = "Hello?",
    key: str = CANARY,
) -> tuple[Exchange, RawServer]:
    """Ask once over a real connection; give what was kept, and the server."""

    async def run() -> tuple[Exchange | None, RawServer]:
        async with serving(script) as server:
            one = make(server.url)
            client = make_client(route_for(server.url))
            recording = Recording(one)
            http = Http(client, "Service", lambda _phase: None, SHORT)
            http.recording = recording
            await ask_with(http, one, Answer(), question=question, key=key)
            await client.aclose()
            return recording.exchange(), server

    exchange, server = asyncio.run(run())
    assert exchange is not None
    return exchange, server


def a_recording(**sent: object) -> Recording:
    given: dict[str, object] = {
        "method": "POST",
        "url": "https://example.org/v1",
        "fields": [("authorization", f"Bearer {CANARY}")],
        "content": b"{}",
        "secrets": (Secret(f"Bearer {CANARY}"),),
        **sent,
    }
    recording = Recording(provider("https://example.org/v1"))
    recording.sent(**given)  # type: ignore[arg-type]
    return recording


def exchange_of(recording: Recording) -> Exchange:
    found = recording.exchange()
    assert found is not None
    return found


@pytest.mark.parametrize("wire", sorted(PROTOCOLS))
def test_the_request_is_kept_as_it_was_sent_and_no_key_in_it(wire: str) -> None:
    async def echo(call: Call) -> None:
        said = f"{call.request.headers} {call.request.body.decode()} {CANARY}"
        await call.answer(said.encode(), "400 Bad Request", x_key=CANARY, set_cookie="a=secret")

    exchange, server = recorded(echo, lambda url: provider(url, wire))
    sent = server.requests[-1]
    assert f"{exchange.method} " in sent.line
    assert shown(exchange.url).startswith("http://127.0.0.1:")
    body = "".join(one if isinstance(one, str) else CANARY for one in exchange.body)
    assert body.encode() == sent.body
    names = [name for name, _ in exchange.headers]
    assert sorted(names) == sorted(name for name, _ in sent.headers)
    assert exchange.variables == ("SERVICE_API_KEY",)
    assert exchange.status == 400
    assert CANARY not in repr(exchange)
    assert "a=secret" not in repr(exchange)


def test_the_answer_is_kept_as_it_came() -> None:
    exchange, _ = recorded(good)
    assert exchange.answer.startswith("data: ")
    assert exchange.answer.endswith("data: [DONE]\n\n")
    assert "answer." in exchange.answer
    assert ("content-type", "text/event-stream") in exchange.answer_headers
    assert (exchange.request_cut, exchange.answer_cut) == (0, 0)


def test_the_last_attempt_counts() -> None:
    async def refuses_once(call: Call) -> None:
        if call.number == 1:
            error = {"error": {"message": "Unknown parameter: stream_options"}}
            await call.answer(json.dumps(error).encode(), "400 Bad Request")
        else:
            await good(call)

    exchange, server = recorded(refuses_once)
    assert len(server.requests) == 2
    assert exchange.status == 200
    assert "stream_options" not in shown(exchange.body)
    assert "Unknown parameter" not in exchange.answer


def test_a_key_that_a_person_typed_is_hidden_too() -> None:
    exchange, _ = recorded(good, question=f"My key is {CANARY}, isn't it?")
    assert CANARY not in repr(exchange)
    assert "My key is •••, isn't it?" in shown(exchange.body)


def test_headers_from_variables_keep_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE", "gate-canary-1234567")
    headers = (Header("X-Gate", variable="GATE"), Header("X-Api-Key", value="other-canary-99"))
    exchange, _ = recorded(good, lambda url: provider(url, headers=headers))
    found = dict(exchange.headers)
    assert found["x-gate"] == (Hidden("GATE"),)
    assert found["x-api-key"] == (Hidden("X_API_KEY"),)
    assert "canary" not in repr(exchange)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://example.org/v1?key=hidden1&a=b", "https://example.org/v1?key=•••&a=b"),
        ("https://me:hidden1@example.org/v1", "https://•••@example.org/v1"),
        ("https://example.org/v1?a=b#c", "https://example.org/v1?a=b#c"),
        (f"https://example.org/{CANARY}/v1", "https://example.org/•••/v1"),
    ],
)
def test_secrets_in_an_address_are_hidden(url: str, seen: str) -> None:
    exchange = exchange_of(a_recording(url=url))
    assert shown(exchange.url) == seen
    assert "hidden1" not in repr(exchange)


def test_a_key_is_hidden_in_every_way_that_json_writes_it() -> None:
    key = 'a/b"c\\d-e+f/0123'
    recording = a_recording(
        fields=[("x-api-key", key)],
        content=json.dumps({"token": key}).encode(),
        secrets=(Secret(key),),
    )
    recording.answered(200, [("x-echo", key)])
    recording.took(json.dumps({"said": key}).encode() + key.replace("/", "\\/").encode())
    exchange = exchange_of(recording)
    for way in (key, json.dumps(key)[1:-1], key.replace("/", "\\/"), "c\\d-e"):
        assert way not in shown(exchange.body)
        assert way not in exchange.answer
    assert dict(exchange.answer_headers)["x-echo"] == "•••"


def test_a_short_key_is_hidden_as_well() -> None:
    recording = a_recording(
        fields=[("authorization", "Bearer abc")], content=b"", secrets=(Secret("Bearer abc"),)
    )
    assert exchange_of(recording).headers == (
        ("authorization", ("Bearer ", Hidden("SERVICE_API_KEY"))),
    )


def test_no_more_is_kept_than_there_is_room_for() -> None:
    recording = a_recording(content=b"x" * (KEPT_BYTES + 7))
    recording.answered(200, [])
    for _ in range(3):
        recording.took(b"y" * (KEPT_BYTES // 2))
    assert recording.size <= 2 * KEPT_BYTES
    before = exchange_of(recording)
    assert (before.request_cut, before.answer_cut) == (7, KEPT_BYTES // 2)
    assert len(before.answer) == KEPT_BYTES
    recording.ended()
    assert recording.size < KEPT_BYTES // 100
    assert exchange_of(recording) == before


def test_nothing_sent_is_nothing_kept() -> None:
    assert Recording(provider("https://example.org/v1")).exchange() is None


@pytest.mark.parametrize(
    ("name", "variable", "found"),
    [
        ("OpenAI", "", "OPENAI_API_KEY"),
        ("My «own» service", "", "MY_OWN_SERVICE_API_KEY"),
        ("9 lives", "", "KEY_9_LIVES_API_KEY"),
        ("你好", "", "API_KEY"),
        ("OpenAI", "MY_KEY", "MY_KEY"),
        ("OpenAI", "x; rm -rf", "OPENAI_API_KEY"),
        ("$(rm)", "", "RM_API_KEY"),
    ],
)
def test_the_variable_is_one_that_every_shell_takes(name: str, variable: str, found: str) -> None:
    one = Provider(
        id="p",
        name=name,
        protocol="openai_chat",
        base_url="https://example.org",
        key_source=KeySource.ENVIRONMENT if variable else KeySource.KEYRING,
        key_variable=variable,
    )
    assert variable_for(one) == found
