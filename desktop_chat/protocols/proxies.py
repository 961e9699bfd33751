"""Proxies: which one an address is reached through, and in which words people name them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.network_options import ProxyUse
from desktop_chat.domain.providers import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.network_options import NetworkOptions

_SCHEMES: Final = {
    "http": "http",
    "https": "https",
    "socks": "socks5",
    "socks5": "socks5",
    "socks5h": "socks5h",
}
_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class ProxyAddress:
    """A proxy, and as whom it is asked. A password is a `Secret`: it prints as its mask."""

    url: str
    """Scheme, host and port."""
    user: str = ""
    password: Secret | None = None


def proxy_for(
    scheme: str, host: str, port: int, options: NetworkOptions, *, meant: bool
) -> ProxyAddress | None:
    """Return the proxy to an address; None where it is reached straight.

    `meant`: somebody named the proxy for this very service, so hosts beside this computer are
    reached through it as well; this computer itself never is. Raises `ChatError` (`PROXY`).
    """
    if options.proxy_use is ProxyUse.OWN:
        if is_loopback(host) or (not meant and is_near(host)):
            return None
        if is_listed(host, port, options.no_proxy.split(",")):
            return None
        found = read_proxy(options.proxy, "from the network settings")
        return ProxyAddress(found.url, options.proxy_user or found.user, found.password)
    if options.proxy_use is ProxyUse.NONE or is_near(host):
        return None
    return _system_proxy(scheme, host, port)


def is_near(host: str) -> bool:
    """Whether a host is this computer or one beside it, which no proxy can reach for us."""
    if is_loopback(host) or host.endswith(".local"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_link_local


def is_listed(host: str, port: int, entries: Iterable[str]) -> bool:
    """Whether a host is among those that need no proxy.

    An entry is a name with everything below it, an address, a network such as `10.0.0.0/8`, or
    `*`; each with a port where it is meant for that port alone.
    """
    return any(_fits(host.lower().rstrip("."), port, entry.strip().lower()) for entry in entries)


def read_proxy(text: str, origin: str) -> ProxyAddress:
    """Return the proxy that an address names. Raises `ChatError` where it is none.

    `origin` says where the address stands, for the sentence.
    """
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    scheme, _, rest = address.partition("://")
    try:
        parts = urlsplit(f"http://{rest}")
        known = _SCHEMES[scheme.lower()]
        port = parts.port if parts.port is not None else _PORTS[known]
        usable = bool(parts.hostname) and port > 0 and address.isascii() and address.isprintable()
    except (ValueError, KeyError):
        parts, known, port, usable = urlsplit(""), "", 0, False
    if not usable:
        raise ChatError(Failure(kind=ErrorKind.PROXY, host=origin, detail="unusable"))
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    password = Secret(unquote(parts.password)) if parts.password else None
    return ProxyAddress(f"{known}://{host}:{port}", unquote(parts.username or ""), password)


def _system_proxy(scheme: str, host: str, port: int) -> ProxyAddress | None:
    import urllib.request  # noqa: PLC0415 - 30 ms that a local service never needs

    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all") or ""
    if not address or is_listed(host, port, proxies.get("no", "").split(",")):
        return None
    if urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    return read_proxy(address, "from the system's settings")


def _fits(host: str, port: int, entry: str) -> bool:
    if entry == "*":
        return True
    name, colon, number = entry.rpartition(":")
    if colon and number.isdigit() and (name.startswith("[") or ":" not in name):
        if int(number) != port:
            return False
        entry = name
    entry = entry.strip("[]")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        ending = entry.removeprefix("*").removeprefix(".")
        return bool(ending) and (host == ending or host.endswith(f".{ending}"))
