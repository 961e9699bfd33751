"""Anthropic's messages: instructions apart, turns in alternation, and an answer in blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from desktop_chat.domain.errors import ChatError
from desktop_chat.protocols.addresses import endpoint, models_endpoint, with_query
from desktop_chat.protocols.answer_reader import AnswerReader
from desktop_chat.protocols.anthropic_answer import AnthropicAnswer
from desktop_chat.protocols.credentials import request_headers
from desktop_chat.protocols.json_values import text_at
from desktop_chat.protocols.listing import fetch_models
from desktop_chat.protocols.reading import read_answer
from desktop_chat.protocols.turns import alternating, instructions_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent
    from desktop_chat.protocols.http import Http

_PATH: Final = "/v1/messages"
_MODELS_PATH: Final = "/v1/models"
_MODELS_A_PAGE: Final = "1000"
_VERSION: Final = "2023-06-01"
_LONGEST: Final = 16_000
"""How many tokens an answer may have; the service wants a number, and each model has its own."""
_TOO_MANY: Final = re.compile(r"max_tokens: \d+ > (\d+)")
_NO_ROOM: Final = re.compile(r"exceed context limit: (\d+) \+ \d+ > (\d+)")


@final
class AnthropicMessages:
    """The protocol `anthropic_messages`. Remembers how long a model's answers may be."""

    id = "anthropic_messages"
    label = "Anthropic messages"
    can_continue = False

    def __init__(self) -> None:
        self._longest: dict[tuple[str, str], int] = {}

    async def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes; where a model answers at less length, it is asked for that."""
        provider = request.provider
        model = (provider.origin, request.model)
        longest = self._longest.get(model, _LONGEST)
        while True:
            try:
                async with http.stream(
                    "POST",
                    endpoint(provider.base_url, _PATH),
                    headers=_headers(provider, key),
                    json=anthropic_body(request, longest),
                    model=request.model,
                ) as body:
                    answer = AnthropicAnswer(http.limits.answer_bytes)
                    reader = AnswerReader(answer, body.place, http.limits, body.secrets)
                    async for event in read_answer(body, reader):
                        yield event
                return
            except ChatError as error:
                allowed = _length_allowed(error.failure)
                if not 0 < allowed < longest:
                    raise
                longest = allowed
                if _TOO_MANY.search(error.failure.message):
                    self._longest[model] = allowed

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that `GET /v1/models` names on its pages."""
        url = models_endpoint(provider.base_url, _PATH, _MODELS_PATH)
        url = with_query(url, limit=_MODELS_A_PAGE)
        return await fetch_models(provider, url, _headers(provider, key), http, _following)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models: the service does so for keys that it knows alone."""
        return await self.list_models(provider, key, http)


def _headers(provider: Provider, key: Secret | None) -> dict[str, str | Secret]:
    return {"anthropic-version": _VERSION, **request_headers(provider, key, "x-api-key")}


def anthropic_body(request: ChatRequest, longest: int) -> Mapping[str, object]:
    """Return what is sent: instructions apart, the turns in alternation, and the length."""
    question: dict[str, object] = {
        "model": request.model,
        "max_tokens": longest,
        "messages": [
            {"role": turn.role.value, "content": turn.text} for turn in alternating(request.turns)
        ],
        "stream": True,
    }
    if instructions := instructions_of(request.turns):
        question["system"] = instructions
    return question


def _length_allowed(failure: Failure) -> int:
    """Return how long an answer may be by what the service said, 0 where it said no such thing."""
    if failure.status != 400:
        return 0
    if found := _TOO_MANY.search(failure.message):
        return int(found[1])
    if found := _NO_ROOM.search(failure.message):
        return int(found[2]) - int(found[1])
    return 0


def _following(page: object) -> Mapping[str, str]:
    last = text_at(page, "last_id")
    more = isinstance(page, dict) and page.get("has_more") is True
    return {"after_id": last} if more and last else {}
