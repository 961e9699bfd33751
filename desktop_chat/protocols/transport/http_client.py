"""The HTTP library's client, made for one route."""

from __future__ import annotations

import importlib.util
import logging
import sys
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Final

import httpx

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.protocols.transport.routes import Route, context_of

if TYPE_CHECKING:
    import ssl

# Below warnings these print addresses, which may hold what nobody else should read.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# Tried with each request, which looks through every folder of the path for it in vain.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # documented: it cannot be imported

WRITE_S: Final = 30.0


class Client(httpx.AsyncClient):
    """The library's client with the route that it was made for."""

    route: Route


def make_client(route: Route) -> Client:
    """Return a client for all requests of one route; its owner closes it with `aclose`.

    Blocks where the route names files. Raises `ChatError` (`PROXY`, `TLS`) where it cannot be
    used at all.
    """
    context = context_of(route)
    try:
        client = Client(
            transport=httpx.AsyncHTTPTransport(
                verify=context,
                trust_env=False,
                http2=False,
                proxy=_proxy(route, context),
                limits=httpx.Limits(
                    max_connections=None, max_keepalive_connections=8, keepalive_expiry=30
                ),
            ),
            timeout=httpx.Timeout(None, write=WRITE_S),
            follow_redirects=False,
            trust_env=False,
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        raise ChatError(Failure(kind=ErrorKind.PROXY, host=route.proxy_host)) from None
    client.route = route
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _proxy(route: Route, context: ssl.SSLContext) -> httpx.Proxy | None:
    if not route.proxy:
        return None
    password = route.proxy_password.reveal() if route.proxy_password else ""
    named = bool(route.proxy_user or password)
    return httpx.Proxy(
        route.proxy,
        ssl_context=context if route.proxy.startswith("https:") else None,
        auth=(route.proxy_user, password) if named else None,
    )
