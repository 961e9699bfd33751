"""Ollama's own protocol: JSON lines, thinking apart, and a context as large as one asks for."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final, final

from desktop_chat.domain.chat import Role
from desktop_chat.domain.stream import ChatRequest, Turn
from desktop_chat.protocols.addresses import endpoint, models_endpoint, without_ending
from desktop_chat.protocols.asking import Asking, Question
from desktop_chat.protocols.credentials import request_headers
from desktop_chat.protocols.listing import fetch_models
from desktop_chat.protocols.ollama_reader import OllamaReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ModelInfo, StreamEvent
    from desktop_chat.protocols.http import Http

_PATH: Final = "/api/chat"
_MODELS: Final = "/api/tags"
_OTHER_PATHS: Final = (_MODELS, "/api/generate", "/v1/chat/completions", "/v1")
"""What people paste after the host, because other programs want it so."""


@final
class OllamaChat:
    """The protocol `ollama_chat`."""

    id = "ollama_chat"
    label = "Ollama"
    can_continue = False

    def __init__(self) -> None:
        self._asking = Asking({})

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes."""
        url = endpoint(_root(request.provider), _PATH)
        headers = request_headers(request.provider, key)
        return self._asking.ask(Question(request, url, headers, ollama_body, OllamaReader), http)

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that are on the computer."""
        url = models_endpoint(_root(provider), _PATH, _MODELS)
        return await fetch_models(provider, url, request_headers(provider, key), http)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models; a key is proved by a question, for the list is open to everybody."""
        models = await self.list_models(provider, key, http)
        model = provider.model or (models[0].id if models else "")
        if key and model:
            question = ChatRequest(provider=provider, model=model, turns=(Turn(Role.USER, "Hi"),))
            async with aclosing(self.stream(question, key, http)) as events:
                await anext(events)
        return models


def _root(provider: Provider) -> str:
    return without_ending(provider.base_url, *_OTHER_PATHS)


def ollama_body(
    request: ChatRequest,
    refused: frozenset[str],  # noqa: ARG001 - nothing is sent that a service could do without
) -> Mapping[str, object]:
    """Return a question as Ollama takes it."""
    return {
        "model": request.model,
        "messages": [{"role": turn.role.value, "content": turn.text} for turn in request.turns],
        "stream": True,
    }
