"""A service that lists no models is proved by the shortest question instead."""

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
    script: Script, model: str = "known", models: tuple[str, ...] = ()
) -> tuple[tuple[ModelInfo, ...], list[Request]]:
    """Return what a check gives, and what the service was asked."""

    async def run() -> tuple[tuple[ModelInfo, ...], list[Request]]:
        async with serving(script) as server, transport(server.url) as http:
            asked = replace(provider(server.url), model=model, models=models)
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
