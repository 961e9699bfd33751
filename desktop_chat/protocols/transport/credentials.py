"""The headers of a request: one key, in one place, and what the person adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import KeyFormatError, Secret, clean_key, take_variable
from desktop_chat.domain.providers import Header, is_secret_header

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest

AUTHORIZATION: Final = "authorization"
KEY_HEADERS: Final = frozenset((AUTHORIZATION, "x-api-key", "x-goog-api-key", "api-key"))
"""The headers in which services want a key."""


def question_headers(
    request: ChatRequest, key: Secret | None, key_header: str = AUTHORIZATION
) -> dict[str, str | Secret]:
    """Return the headers of a question: the provider's, and those set nearer to it."""
    provider = request.provider
    set_here = [Header(name, value) for name, value in request.parameters.headers]
    names = {header.name.strip().lower() for header in set_here}
    kept = [one for one in provider.headers if one.name.strip().lower() not in names]
    return request_headers(replace(provider, headers=(*kept, *set_here)), key, key_header)


def request_headers(
    provider: Provider, key: Secret | None, key_header: str = AUTHORIZATION
) -> dict[str, str | Secret]:
    """Return the person's headers and the key's; a header of theirs takes the key's place.

    `key_header` is the one in which the service wants its key; it never goes beside another.
    Raises `ChatError` (`BAD_KEY`, `NO_KEY`) where the key cannot be one, or a variable that
    holds a header's value is not set.
    """
    headers: dict[str, str | Secret] = {}
    for header in provider.headers:
        name = header.name.strip().lower()
        if not header.variable:
            secret = is_secret_header(name)
            headers[name] = Secret(header.value) if secret else header.value
        elif (found := take_variable(header.variable)) is not None:
            headers[name] = Secret(found.reveal().strip())
        else:
            message = f"The variable {header.variable} is not set."
            raise ChatError(trouble(provider, ErrorKind.NO_KEY, message))
    if key and headers.keys().isdisjoint((AUTHORIZATION, key_header)):
        found = checked_key(provider, key)
        bearer = key_header == AUTHORIZATION
        headers[key_header] = Secret(f"Bearer {found.reveal()}") if bearer else found
    return headers


def checked_key(provider: Provider, key: Secret) -> Secret:
    """Return a key that can be sent."""
    try:
        return clean_key(key.reveal())
    except KeyFormatError as error:
        raise ChatError(trouble(provider, ErrorKind.BAD_KEY, str(error))) from None


def trouble(
    provider: Provider, kind: ErrorKind, message: str = "", seconds: float = 0.0
) -> Failure:
    """Return a failure with what is known of a provider."""
    return Failure(
        kind=kind,
        service=provider.name,
        host=provider.host,
        port=provider.port,
        message=message,
        seconds=seconds,
        local=provider.is_local,
    )
