"""The keys of a provider, one after another, each read when a request is built."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import (
    KeyFormatError,
    KeyOutcome,
    Secret,
    clean_key,
    take_variable,
)
from desktop_chat.domain.providers import KeyPlace, KeySource
from desktop_chat.protocols.transport.credentials import trouble
from desktop_chat.runtime.jobs.daemon import call_in_daemon
from desktop_chat.runtime.network.key_reading import KEY_TROUBLE, read_in_time
from desktop_chat.storage.helper_command import HelperCommand, HelperError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.network.key_reading import SecretReader

Result = TypeVar("Result")
PAUSE_S: Final = 60.0
"""How long a key is asked last that has met its limit, where the service names no time."""
REFUSED_S: Final = 600.0
"""How long a key is asked last that the service does not know."""
_REFUSALS: Final = (ErrorKind.BAD_KEY, ErrorKind.RATE_LIMITED)
_STATUSES: Final = (401, 429)


class KeyChain:
    """Belongs to the network thread. Which key was refused is remembered, and never its value."""

    def __init__(self, reader: SecretReader) -> None:
        self._reader = reader
        self._resting: dict[tuple[str, str], float] = {}
        """Until when a key is asked last, by provider and slot."""

    async def use(
        self,
        provider: Provider,
        ask: Callable[[Secret | None, KeyPlace | None], Awaitable[Result]],
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> Result:
        """Ask with each key in turn, until one is taken; without any, where there are none.

        The next is tried where the service refused one (401) or limits it (429), as long as
        `may_go_on()`. Raises `ChatError`.
        """
        places = self._in_order(provider)
        if not places:
            return await ask(None, None)
        refusals: list[tuple[KeyPlace, Failure]] = []
        for place in places:
            try:
                key = await self.read(provider, place)
            except ChatError as error:
                if not refusals:
                    raise
                refusals.append((place, error.failure))
                continue
            try:
                return await ask(key, place)
            except ChatError as error:
                if not is_refusal(error.failure) or not may_go_on():
                    raise
                self._rest(provider, place, error.failure)
                refusals.append((place, error.failure))
        raise ChatError(_of_all(refusals))

    async def read(self, provider: Provider, place: KeyPlace) -> Secret:
        """Return the key of one place. Raises `ChatError`."""
        match place.source:
            case KeySource.ENVIRONMENT:
                return _from_environment(provider, place.variable)
            case KeySource.COMMAND:
                return await _from_command(provider, place.command)
            case _:
                return await self._from_keyring(provider, place.slot)

    def forget(self, provider_id: str) -> None:
        """Begin with the first key again: the person has changed something about them."""
        self._resting = {one: end for one, end in self._resting.items() if one[0] != provider_id}

    def _in_order(self, provider: Provider) -> list[KeyPlace]:
        """Return the places, those of keys that were refused a while ago as the last."""
        now = time.monotonic()
        resting = self._resting
        return sorted(
            provider.key_places, key=lambda one: resting.get((provider.id, one.slot), 0.0) > now
        )

    def _rest(self, provider: Provider, place: KeyPlace, failure: Failure) -> None:
        known = failure.kind is ErrorKind.RATE_LIMITED or failure.status == 429
        seconds = (failure.seconds or PAUSE_S) if known else REFUSED_S
        self._resting[provider.id, place.slot] = time.monotonic() + seconds

    async def _from_keyring(self, provider: Provider, slot: str) -> Secret:
        if provider.key_origin and provider.key_origin != provider.origin:
            # A key given for one place is never sent to another.
            raise key_trouble(provider, ErrorKind.NO_KEY)
        found = await read_in_time(self._reader, provider.id, slot)
        if found.secret is not None and found.outcome is KeyOutcome.OK:
            return found.secret
        raise key_trouble(provider, KEY_TROUBLE[found.outcome], found.detail)


def is_refusal(failure: Failure) -> bool:
    """Whether a service refused or limits a key, so that another one may fare better."""
    return failure.kind in _REFUSALS or failure.status in _STATUSES


def key_trouble(
    provider: Provider, kind: ErrorKind, detail: str = "", message: str = ""
) -> ChatError:
    """Return what to raise where there is no key to ask with."""
    return ChatError(replace(trouble(provider, kind, message), detail=detail))


def _of_all(refusals: list[tuple[KeyPlace, Failure]]) -> Failure:
    """Return the failure to tell: a pause rather than a refusal, as it passes by itself."""
    failures = [failure for _, failure in refusals]
    told = min(failures, key=lambda one: one.kind is not ErrorKind.RATE_LIMITED)
    if len(refusals) == 1:
        return told
    lines = [f"{place.label}: {_short(failure)}" for place, failure in refusals]
    return replace(told, detail="\n".join([*lines, told.detail]).strip())


def _short(failure: Failure) -> str:
    return f"{failure.kind.value} {failure.status or ''}".strip()


def _from_environment(provider: Provider, variable: str) -> Secret:
    found = take_variable(variable)
    if found is None:
        detail = f"The variable {variable} is not set."
    else:
        try:
            return clean_key(found.reveal())
        except KeyFormatError as problem:
            detail = f"{variable}: {problem}"
    no_key = key_trouble(provider, ErrorKind.NO_KEY, detail)
    raise ChatError(replace(no_key.failure, target=variable))


async def _from_command(provider: Provider, argv: tuple[str, ...]) -> Secret:
    helper = HelperCommand(argv)
    try:
        return await call_in_daemon("helper command", helper.run)
    except asyncio.CancelledError:
        helper.stop()
        raise
    except HelperError as problem:
        raise key_trouble(provider, ErrorKind.KEY_COMMAND, message=str(problem)) from None
