"""The models of a service that lists them as OpenAI does."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import Role
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.presets import preset
from desktop_chat.domain.stream import ChatRequest, ModelInfo, Turn
from desktop_chat.protocols.requests.addresses import models_endpoint
from desktop_chat.protocols.requests.listing import fetch_models
from desktop_chat.protocols.transport.credentials import request_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import StreamEvent
    from desktop_chat.protocols.transport.http import Http

_NO_LIST: Final = (404, 405, 501)
"""How services answer that list no models."""


class OpenAiModels:
    """Lists models beside the path of questions."""

    path: str
    """Where questions go, below the base URL."""

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes."""
        raise NotImplementedError

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that `GET /models` names."""
        url = models_endpoint(provider.base_url, self.path)
        return await fetch_models(provider, url, request_headers(provider, key), http)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models: a service that does so for a key alone knows the key.

        Where everybody is given the list, or nobody, something else proves the key: at best what
        costs nothing, else the shortest question. Without a list the models that are known of
        the service are returned.
        """
        try:
            models = await self.list_models(provider, key, http)
        except ChatError as error:
            if error.failure.status not in _NO_LIST or not provider.model:
                raise
            unlisted = error
        else:
            if key is not None:
                await self._prove(provider, key, models, http)
            return models
        try:
            await self._ask(provider, provider.model, key, http)
        except ChatError as error:
            # Nothing at all is there: the address is what has to be mended.
            raise (unlisted if error.failure.status in _NO_LIST else error) from None
        return tuple(ModelInfo(one) for one in provider.models or (provider.model,))

    async def _prove(
        self, provider: Provider, key: Secret, models: tuple[ModelInfo, ...], http: Http
    ) -> None:
        """Ask for what a key alone opens, of a service whose list is open to everybody."""
        known = preset(provider.preset)
        if known is None or not known.open_list:
            return
        try:
            if known.key_path:
                url = models_endpoint(provider.base_url, self.path, known.key_path)
                async with http.stream("GET", url, headers=request_headers(provider, key)):
                    return
            listed = [one.id for one in models]
            usual = provider.model
            if model := usual if usual in listed else next(iter(listed), usual):
                await self._ask(provider, model, key, http)
        except ChatError as error:
            # Somebody's own proxy may not have it.
            if not known.key_path or error.failure.status not in _NO_LIST:
                raise

    async def _ask(self, provider: Provider, model: str, key: Secret | None, http: Http) -> None:
        """Ask the shortest question, and wait for the answer to begin."""
        question = ChatRequest(provider=provider, model=model, turns=(Turn(Role.USER, "Hi"),))
        async with aclosing(self.stream(question, key, http)) as events:
            await anext(events)
