"""OpenAI's chat completions, which most services and model servers speak in some dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.protocols.addresses import endpoint, models_endpoint
from desktop_chat.protocols.chat_reader import ChatReader
from desktop_chat.protocols.credentials import request_headers
from desktop_chat.protocols.listing import fetch_models
from desktop_chat.protocols.reading import read_answer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent
    from desktop_chat.protocols.http import Http

_PATH: Final = "/chat/completions"
_NO_USAGE: Final = re.compile(r"(?i)stream_?options|include_usage")
_NO_STREAM: Final = re.compile(
    r"(?i)stream(?:ing)?\b.{0,80}not (?:be )?(?:support|allow|available)|"
    r"(?:not|n't) support.{0,40}stream"
)


@final
class OpenAiChat:
    """The protocol `openai_chat`. Remembers of each origin alone which options it refused."""

    id = "openai_chat"
    label = "OpenAI chat completions"
    can_continue = False

    def __init__(self) -> None:
        self._refused: dict[str, frozenset[str]] = {}

    async def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes; options that the service refuses are left out once."""
        headers = request_headers(request.provider, key)
        url = endpoint(request.provider.base_url, _PATH)
        origin = request.provider.origin
        while True:
            refused = self._refused.get(origin, frozenset())
            try:
                async with http.stream(
                    "POST",
                    url,
                    headers=headers,
                    json=_question(request, refused),
                    model=request.model,
                ) as body:
                    reader = ChatReader(body.place, http.limits, body.secrets)
                    async for event in read_answer(body, reader):
                        yield event
                return
            except ChatError as error:
                option = _refused_option(error.failure)
                if not option or option in refused:
                    raise
                self._refused[origin] = refused | {option}

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that `GET /models` names."""
        url = models_endpoint(provider.base_url, _PATH)
        return await fetch_models(provider, url, request_headers(provider, key), http)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models: a service that does so for a key knows the key."""
        return await self.list_models(provider, key, http)


def _question(request: ChatRequest, refused: frozenset[str]) -> Mapping[str, object]:
    question: dict[str, object] = {
        "model": request.model,
        "messages": [{"role": turn.role.value, "content": turn.text} for turn in request.turns],
        "stream": "stream" not in refused,
    }
    if refused.isdisjoint(("stream", "usage")):
        question["stream_options"] = {"include_usage": True}
    return question


def _refused_option(failure: Failure) -> str:
    """Return which of our options the service did not take, empty where it is another trouble."""
    if failure.status not in (400, 422) or failure.kind is ErrorKind.STREAM_ERROR:
        return ""
    words = f"{failure.message}\n{failure.detail}"
    if _NO_USAGE.search(words):
        return "usage"
    return "stream" if _NO_STREAM.search(words) else ""
