"""Asking a service for its models, page after page where it gives them in pages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.protocols.requests.addresses import with_query
from desktop_chat.protocols.requests.model_lists import models_in, read_page
from desktop_chat.protocols.transport.credentials import trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ModelInfo
    from desktop_chat.protocols.transport.http import Http

    Following = Callable[[object], Mapping[str, str]]
    """What a page says of the next one: the fields that ask for it, none where it is the last."""

_MODELS_LIMIT: Final = 8 * 1024 * 1024
_MODELS_S: Final = 30.0
_MOST_PAGES: Final = 20


async def fetch_models(
    provider: Provider,
    url: str,
    headers: Mapping[str, str | Secret],
    http: Http,
    following: Following = lambda _page: {},
) -> tuple[ModelInfo, ...]:
    """Return the models that an address lists, on all its pages."""
    pages: list[object] = []
    try:
        async with asyncio.timeout(_MODELS_S):
            while len(pages) < _MOST_PAGES:
                async with http.stream("GET", url, headers=headers) as body:
                    pages.append(read_page(await body.read(_MODELS_LIMIT), body.place))
                next_page = following(pages[-1])
                if not next_page:
                    break
                url = with_query(url, **next_page)
            return models_in(*pages)
    except TimeoutError:
        failure = trouble(provider, ErrorKind.SILENCE, seconds=_MODELS_S)
    raise ChatError(failure)
