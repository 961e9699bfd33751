"""Pictures in answers: what may be fetched for one that a person asks to see, and what came."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

PICTURE_BYTES: Final = 5 * 1024 * 1024
"""A larger picture is not taken."""
_NEAR_ENDINGS: Final = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes that an address gave."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Near:
    """Nothing was asked: the address is of this computer or of the network that it stands in."""

    host: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The address only points at another one, which was not followed."""

    target: str


PictureAnswer = Fetched | Near | Moved


def is_near(host: str) -> bool:
    """Whether a host's name alone says that it is this computer or one beside it."""
    host = host.lower().rstrip(".").strip("[]")
    try:
        return not is_public(host)
    except ValueError:
        return "." not in host or host.endswith(_NEAR_ENDINGS)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet. Raises `ValueError` for other texts."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast
