"""Ollama's own protocol: JSON lines, thinking apart, and a context as large as one asks for."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final, final

from desktop_chat.domain.chat import Role
from desktop_chat.domain.stream import ChatRequest, Turn
from desktop_chat.protocols.answers.ollama_reader import OllamaReader
from desktop_chat.protocols.requests.addresses import endpoint, models_endpoint, without_ending
from desktop_chat.protocols.requests.asking import Asking, Question
from desktop_chat.protocols.requests.fields import only_set, with_extra
from desktop_chat.protocols.requests.listing import fetch_models
from desktop_chat.protocols.transport.credentials import question_headers, request_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ModelInfo, StreamEvent
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

_PATH: Final = "/api/chat"
_MODELS: Final = "/api/tags"
_OTHER_PATHS: Final = (_MODELS, "/api/generate", "/v1/chat/completions", "/v1")
"""What people paste after the host, because other programs want it so."""

_EFFORTS: Final = {"minimal": "low", "xhigh": "high"}
"""Efforts that it does not know, and the nearest that it does."""


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
        headers = question_headers(request, key)
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


PROTOCOL: Final[WireProtocol] = OllamaChat()


def _root(provider: Provider) -> str:
    return without_ending(provider.base_url, *_OTHER_PATHS)


def ollama_body(
    request: ChatRequest,
    refused: frozenset[str],  # noqa: ARG001 - nothing is sent that a service could do without
) -> Mapping[str, object]:
    """Return a question as Ollama takes it."""
    body: dict[str, object] = {
        "model": request.model,
        "messages": [{"role": turn.role.value, "content": turn.text} for turn in request.context],
        "stream": True,
    }
    return with_extra(body | ollama_parameters(request.parameters), request.parameters)


def ollama_parameters(wanted: Parameters) -> dict[str, object]:
    """Return what is set as Ollama calls it."""
    options = only_set(
        temperature=wanted.temperature,
        top_p=wanted.top_p,
        num_predict=wanted.max_tokens,
        seed=wanted.seed,
        stop=list(wanted.stop),
        num_ctx=wanted.context_tokens,
    )
    effort = wanted.reasoning_effort
    think = False if effort == "none" else _EFFORTS.get(effort, effort)
    return only_set(options=options, think=think)
