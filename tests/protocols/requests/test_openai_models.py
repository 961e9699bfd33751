"""What proves a key: a list that it opens, or else something that it alone opens."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.keys import Secret
from desktop_chat.protocols.registry import protocol
from tests.protocols.asking import CANARY, provider, transport
from tests.protocols.servers import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop_chat.domain.stream import ModelInfo
    from tests.protocols.servers import Call, Request

    Script = Callable[[Call], Awaitable[None]]

ANSWER = b'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\ndata: [DONE]\n\n'


def answering(status: str) -> Script:
    """A service without a list, which answers questions so."""

    async def script(call: Call) -> None:
        if call.request.line.startswith("GET"):
            await call.answer(b"", "404 Not Found")
        elif status == "200 OK":
            await call.stream(ANSWER, content_type="text/event-stream")
        else:
            await call.answer(b'{"error": {"message": "no"}}', status)

    return script


def checked(
    script: Script, model: str = "known", models: tuple[str, ...] = (), service: str = ""
) -> tuple[tuple[ModelInfo, ...], list[Request]]:
    """Return what a check gives, and what the service was asked."""

    async def run() -> tuple[tuple[ModelInfo, ...], list[Request]]:
        async with serving(script) as server, transport(server.url) as http:
            asked = replace(provider(server.url), model=model, models=models, preset=service)
            check = protocol("openai_chat").check
            return await check(asked, Secret(CANARY), http), server.requests

    return asyncio.run(run())


def test_its_known_models_are_taken_once_it_answered() -> None:
    models, requests = checked(answering("200 OK"), models=("known", "other"))
    assert [one.id for one in models] == ["known", "other"]
    assert [one.line.split()[0] for one in requests] == ["GET", "POST"]
    assert requests[1].values("authorization") == [f"Bearer {CANARY}"]


def test_the_model_that_was_written_by_hand_is_taken() -> None:
    models, _ = checked(answering("200 OK"))
    assert [one.id for one in models] == ["known"]


@pytest.mark.parametrize(
    ("status", "model", "kind"),
    [
        ("401 Unauthorized", "known", ErrorKind.BAD_KEY),
        ("404 Not Found", "known", ErrorKind.NO_PATH),
        ("200 OK", "", ErrorKind.NO_PATH),
    ],
)
def test_it_is_told_what_is_wrong(status: str, model: str, kind: ErrorKind) -> None:
    with pytest.raises(ChatError) as raised:
        checked(answering(status), model)
    assert raised.value.failure.kind is kind


def open_to_all(key: str) -> Script:
    """A service that lists its models to everybody, and answers those alone who have its key."""

    async def script(call: Call) -> None:
        known = call.request.values("authorization") == [f"Bearer {key}"]
        if call.request.line.startswith("GET /v1/models"):
            await call.answer(b'{"data": [{"id": "first"}, {"id": "known"}]}')
        elif not known:
            await call.answer(b'{"error": {"message": "no"}}', "401 Unauthorized")
        elif call.request.line.startswith("GET /v1/key"):
            await call.answer(b'{"data": {}}')
        else:
            await call.stream(ANSWER, content_type="text/event-stream")

    return script


@pytest.mark.parametrize(
    ("service", "proof"),
    [
        ("openrouter", "GET /v1/key HTTP/1.1"),
        ("huggingface", "POST /v1/chat/completions HTTP/1.1"),
        ("nvidia", "POST /v1/chat/completions HTTP/1.1"),
    ],
)
def test_a_list_that_is_open_to_everybody_proves_no_key(service: str, proof: str) -> None:
    models, requests = checked(open_to_all(CANARY), service=service)
    assert [one.id for one in models] == ["first", "known"]
    assert [one.line for one in requests] == ["GET /v1/models HTTP/1.1", proof]
    with pytest.raises(ChatError) as raised:
        checked(open_to_all("another"), service=service)
    assert raised.value.failure.kind is ErrorKind.BAD_KEY


def test_a_service_that_lists_to_its_keys_alone_is_asked_nothing_more() -> None:
    _, requests = checked(open_to_all("another"), service="groq")
    assert [one.line for one in requests] == ["GET /v1/models HTTP/1.1"]


def test_a_proxy_that_has_no_such_path_is_taken_by_its_list() -> None:
    async def proxy(call: Call) -> None:
        if call.request.line.startswith("GET /v1/models"):
            await call.answer(b'{"data": [{"id": "first"}]}')
        else:
            await call.answer(b"", "404 Not Found")

    models, _ = checked(proxy, service="openrouter")
    assert [one.id for one in models] == ["first"]


def test_the_first_listed_model_is_asked_where_the_usual_one_is_gone() -> None:
    _, requests = checked(open_to_all(CANARY), model="gone", service="nvidia")
    assert b'"model":"first"' in requests[1].body.replace(b" ", b"")
