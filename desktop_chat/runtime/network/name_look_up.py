"""The first layer of a connection that is examined: what the name of the service stands for."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop_chat.domain.checkup import Layer, Step, Verdict
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.protocols.transport.credentials import trouble
from desktop_chat.protocols.transport.faults import UNANSWERED, connect_failure, was_looking_up

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.protocols.transport.routes import Route
    from desktop_chat.runtime.network.findings import Findings

_SHOWN = 3


async def look_up(provider: Provider, route: Route, limit_s: float, findings: Findings) -> None:
    """Look up the host that is connected to, which may be a proxy. Raises `ChatError`."""
    at_proxy = urlsplit(route.proxy) if route.proxy else None
    host = (at_proxy.hostname or "") if at_proxy else provider.host
    port = (at_proxy.port or 0) if at_proxy else provider.port
    name = f"the proxy {host}" if at_proxy else host
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        findings.end(Step(Layer.DNS, Verdict.NOT_USED, f"{name} is an address"))
        return
    findings.begin(Layer.DNS)
    began = time.monotonic()
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limit_s):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        cause = UNANSWERED if was_looking_up(error) else error
        raise _not_found(provider, route, cause) from None
    except (OSError, UnicodeError) as error:
        raise _not_found(provider, route, error) from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    seen = f"{name} is {', '.join(addresses[:_SHOWN])}"
    findings.end(Step(Layer.DNS, Verdict.OK, seen, time.monotonic() - began))


def _not_found(provider: Provider, route: Route, error: Exception) -> ChatError:
    place = trouble(provider, ErrorKind.DNS)
    return ChatError(connect_failure(error, place, route.proxy_host))
