"""The HTTP clients of the network thread, one for each route, with the secrets that a way needs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome
from desktop_chat.domain.network_options import (
    CERTIFICATE_SLOT,
    NETWORK_ID,
    PROXY_SLOT,
    NetworkOptions,
    ProxyUse,
    Way,
    way_to,
)
from desktop_chat.domain.providers import split_origin
from desktop_chat.protocols.transport.http_client import Client, make_client
from desktop_chat.protocols.transport.proxies import is_near
from desktop_chat.protocols.transport.routes import Route, is_locked, route_for, with_times
from desktop_chat.runtime.jobs.daemon import call_in_daemon
from desktop_chat.runtime.network.key_reading import KEY_TROUBLE, read_in_time

if TYPE_CHECKING:
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.network_options import NetworkSettings
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.network.key_reading import SecretReader


class Clients:
    """Made and used on the network thread alone."""

    def __init__(self, reader: SecretReader) -> None:
        self._reader = reader
        self._clients: dict[Route, Client] = {}

    async def to_provider(self, provider: Provider, settings: NetworkSettings) -> Client:
        """Return the client for a provider's requests. Raises `ChatError`."""
        try:
            way = way_to(provider.id, provider.network, settings)
            return await self._client(provider.base_url, way)
        except ChatError as error:
            raise ChatError(_placed(error.failure, provider)) from None

    async def fresh(self, provider: Provider, settings: NetworkSettings) -> Client:
        """Return a client that shares no connection with others. Raises `ChatError`."""
        try:
            way = way_to(provider.id, provider.network, settings)
            route = await self._route(provider.base_url, way)
            return await call_in_daemon("certificates", lambda: make_client(route))
        except ChatError as error:
            raise ChatError(_placed(error.failure, provider)) from None

    async def route_to(self, address: str, settings: NetworkSettings) -> Route:
        """Return the way to an address that belongs to no provider. Raises `ChatError`."""
        return await self._route(address, way_to(NETWORK_ID, NetworkOptions(), settings))

    async def close(self) -> None:
        """Close every connection."""
        clients, self._clients = list(self._clients.values()), {}
        await asyncio.gather(*(one.aclose() for one in clients))

    async def _client(self, address: str, way: Way) -> Client:
        route = await self._route(address, way)
        if (known := self._clients.get(route)) is not None:
            return known
        if route.files:
            made = await call_in_daemon("certificates", lambda: make_client(route))
        else:
            made = make_client(route)
        client = self._clients.setdefault(route, made)
        if client is not made:  # another request made the same one meanwhile
            await made.aclose()
        return client

    async def _route(self, address: str, way: Way) -> Route:
        options = way.options
        meant = way.proxy_owner != NETWORK_ID
        if options.proxy_use is ProxyUse.SYSTEM and not is_near(split_origin(address)[1]):
            # Registries and desktops are asked, which may take their time.
            route = await call_in_daemon("proxies", lambda: route_for(address, options))
        else:
            route = route_for(address, options, meant=meant)
        if route.proxy and options.password_for and options.password_for == options.proxy_place:
            password = await self._secret(way.proxy_owner, PROXY_SLOT)
            route = replace(route, proxy_password=password)
        if route.files:
            plain = route
            route = await call_in_daemon("certificates", lambda: with_times(plain))
            if await call_in_daemon("certificates", lambda: is_locked(plain)):
                passphrase = await self._secret(way.certificate_owner, CERTIFICATE_SLOT)
                route = replace(route, passphrase=passphrase)
        return route

    async def _secret(self, owner: str, slot: str) -> Secret | None:
        """Return what the keyring holds; None where it holds nothing, which is told in its use."""
        found = await read_in_time(self._reader, owner, slot)
        if found.outcome in (KeyOutcome.OK, KeyOutcome.MISSING):
            return found.secret
        kind = KEY_TROUBLE.get(found.outcome, ErrorKind.KEYRING_REFUSED)
        raise ChatError(Failure(kind=kind, detail=found.detail))


def _placed(failure: Failure, provider: Provider) -> Failure:
    return replace(
        failure,
        service=provider.name,
        host=failure.host or provider.host,
        port=provider.port,
        local=provider.is_local,
    )
