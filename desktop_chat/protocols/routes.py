"""Which way a request takes: straight to this computer, through a proxy, with whose certificates.

Clients are shared by all requests of one route.
"""

from __future__ import annotations

import ipaddress
import ssl
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.providers import is_loopback, split_origin

_PROXY_SCHEMES = {"http": "http", "https": "https", "socks": "socks5", "socks5": "socks5",
                  "socks5h": "socks5h"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """What tells clients apart. Proxy addresses may hold a password, so they are not printed."""

    tls: bool = False
    proxy: str = field(default="", repr=False)
    ca_file: str = ""
    """The organisation's own certificates, in addition to the system's."""

    @property
    def proxy_host(self) -> str:
        """The proxy's host and port as the person knows them, empty where there is none."""
        parts = urlsplit(self.proxy)
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def route_for(url: str, *, ca_file: str = "") -> Route:
    """Return the route to an address: through the system's proxy, but straight to near ones.

    Raises `ChatError` (`BAD_ADDRESS`, `PROXY`) where the address or the proxy's make no sense.
    """
    scheme, host, port = split_origin(url)
    if not host:
        raise ChatError(Failure(kind=ErrorKind.BAD_ADDRESS, message="This is no web address."))
    tls = scheme == "https"
    proxy = "" if _is_near(host) else _system_proxy(scheme, host, port)
    return Route(tls=tls, proxy=proxy, ca_file=ca_file if tls else "")


def _is_near(host: str) -> bool:
    """Whether a host is this computer or one beside it, which no proxy can reach for us."""
    if is_loopback(host) or host.endswith(".local"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_link_local


def _system_proxy(scheme: str, host: str, port: int) -> str:
    import urllib.request  # noqa: PLC0415 - 30 ms that a local service never needs

    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all") or ""
    if not address or urllib.request.proxy_bypass(f"{host}:{port}"):
        return ""
    return _checked_proxy(address)


def _checked_proxy(address: str) -> str:
    if "://" not in address:
        address = f"http://{address}"
    scheme, _, rest = address.partition("://")
    try:
        parts = urlsplit(f"http://{rest}")
        known = _PROXY_SCHEMES[scheme.lower()]
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except (ValueError, KeyError):
        known, usable = "", False
    if not usable:
        raise ChatError(
            Failure(kind=ErrorKind.PROXY, host="from the system's settings", detail="unusable")
        )
    return f"{known}://{rest}"


@cache
def trust(ca_file: str = "") -> ssl.SSLContext:
    """Return the context that trusts what the system trusts, made once, when first needed."""
    import truststore  # noqa: PLC0415 - only for addresses that need it

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.platform.startswith("linux") and not _system_has_roots():
        import certifi  # noqa: PLC0415

        context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


@cache
def no_trust() -> ssl.SSLContext:
    """Return a context that trusts nobody: for routes without TLS, where reading roots costs."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _system_has_roots() -> bool:
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return True
    return bool(paths.capath) and any(Path(paths.capath).iterdir())
