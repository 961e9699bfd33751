"""Azure OpenAI: chat completions at addresses of deployments, with the key in its own header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.stream import ModelInfo
from desktop_chat.protocols.answers.chat_reader import ChatReader
from desktop_chat.protocols.openai_chat import REFUSABLE, chat_body
from desktop_chat.protocols.requests.asking import Asking, Question
from desktop_chat.protocols.requests.azure_addresses import AzureAddress
from desktop_chat.protocols.requests.listing import fetch_models
from desktop_chat.protocols.transport.credentials import question_headers, request_headers, trouble

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, StreamEvent
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

_KEY_HEADER: Final = "api-key"
_NOT_LISTED: Final = (400, 404, 405, 410)


@final
class AzureOpenAi:
    """The protocol `azure_openai`. A model is called by the name of its deployment."""

    id = "azure_openai"
    label = "Azure OpenAI"
    can_continue = False

    def __init__(self) -> None:
        self._asking = Asking(REFUSABLE)

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes; options that the service refuses are left out once."""
        address = AzureAddress(request.provider.base_url)
        if address.needs_deployment and not (request.model or address.deployment):
            raise ChatError(trouble(request.provider, ErrorKind.NO_MODEL))
        headers = question_headers(request, key, _KEY_HEADER)
        url = address.chat(request.model)
        return self._asking.ask(Question(request, url, headers, chat_body, ChatReader), http)

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the deployments, else the models of which some are deployed by their names."""
        address = AzureAddress(provider.base_url)
        if not address.lists:
            known = address.deployment or provider.model
            return (ModelInfo(known),) if known else ()
        headers = request_headers(provider, key, _KEY_HEADER)
        if url := address.deployments():
            try:
                return await fetch_models(provider, url, headers, http)
            except ChatError as error:
                if error.failure.status not in _NOT_LISTED:
                    raise
        return await fetch_models(provider, address.models(), headers, http)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Ask for what a key opens at no cost, where listing alone proves nothing."""
        address = AzureAddress(provider.base_url)
        if not address.lists:
            headers = request_headers(provider, key, _KEY_HEADER)
            async with http.stream("GET", address.models(), headers=headers):
                pass  # Whoever may read this may ask.
        return await self.list_models(provider, key, http)


PROTOCOL: Final[WireProtocol] = AzureOpenAi()
