"""The models of a service that lists them as OpenAI does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.protocols.requests.addresses import models_endpoint
from desktop_chat.protocols.requests.listing import fetch_models
from desktop_chat.protocols.transport.credentials import request_headers

if TYPE_CHECKING:
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ModelInfo
    from desktop_chat.protocols.transport.http import Http


class OpenAiModels:
    """Lists models beside the path of questions."""

    path: str
    """Where questions go, below the base URL."""

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that `GET /models` names."""
        url = models_endpoint(provider.base_url, self.path)
        return await fetch_models(provider, url, request_headers(provider, key), http)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models: a service that does so for a key knows the key."""
        return await self.list_models(provider, key, http)
