"""Proxies: which one an address is reached through, and in which words people name them."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.network_options import ProxyUse
from desktop_chat.domain.providers import is_loopback
from desktop_chat.domain.proxy_address import ProxyAddress, read_proxy
from desktop_chat.protocols.transport.desktop_proxy import desktop_proxy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.network_options import NetworkOptions


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
        found = _read(options.proxy, "from the network settings")
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


def _system_proxy(scheme: str, host: str, port: int) -> ProxyAddress | None:
    import urllib.request  # noqa: PLC0415 - 30 ms that a local service never needs

    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all") or ""
    if not address and (socks := proxies.get("socks", "")):
        # Systems name it by its address alone, or as if it spoke HTTP.
        address = f"socks5://{socks.rpartition('://')[2]}"
    if is_listed(host, port, proxies.get("no", "").split(",")):
        return None
    if address and urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    address = address or desktop_proxy(scheme, host, port)
    if not address:
        return None
    return _read(address, "from the system's settings")


def _read(address: str, origin: str) -> ProxyAddress:
    found = read_proxy(address)
    if found is None:
        raise ChatError(Failure(kind=ErrorKind.PROXY, host=origin, detail="unusable"))
    return found


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
