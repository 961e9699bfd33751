"""Addresses of proxies, in the words in which people and systems write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from desktop_chat.domain.keys import Secret

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


def read_proxy(text: str) -> ProxyAddress | None:
    """Return the proxy that an address names; None where it names none that can be used."""
    address = text.strip()
    if "://" not in address:
        address = f"http://{address}"
    scheme, _, rest = address.partition("://")
    try:
        parts = urlsplit(f"http://{rest}")
        known = _SCHEMES[scheme.lower()]
        port = parts.port if parts.port is not None else _PORTS[known]
    except (ValueError, KeyError):
        return None
    host = parts.hostname or ""
    if not host or not port or not address.isascii() or not address.isprintable() or " " in host:
        return None
    password = Secret(unquote(parts.password)) if parts.password else None
    place = f"[{host}]" if ":" in host else host
    return ProxyAddress(f"{known}://{place}:{port}", unquote(parts.username or ""), password)
