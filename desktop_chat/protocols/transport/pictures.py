"""Fetching one picture that a person asked to see: nothing is sent but the wish itself.

The address was written by a model, so by whoever could write into what it read. A press on a
button must not let that reach into the network at home: the name is looked up here, every address
that it has must be of the open internet, and the connection goes to the very one that was looked
at, so that a second look-up cannot give another. A redirect is not followed but told.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.pictures import (
    PICTURE_BYTES,
    Fetched,
    Moved,
    Near,
    PictureAnswer,
    is_near,
    is_public,
)
from desktop_chat.domain.providers import split_origin
from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import Route, route_for

WHOLE_S: Final = 60.0
LIMITS: Final = Limits(connect_s=10, first_byte_s=20, idle_s=15, error_body_bytes=1024)
HEADERS: Final = {"accept": "image/png, image/jpeg, image/webp, image/gif, image/bmp"}
TRIED: Final = 3
"""Addresses of one name that are tried."""
_UNREACHED: Final = frozenset({ErrorKind.REFUSED, ErrorKind.OFFLINE, ErrorKind.CONNECT_TIMEOUT})


async def fetch_picture(
    address: str, *, near: bool, limits: Limits = LIMITS, route: Route | None = None
) -> PictureAnswer:
    """Fetch a picture; `near`: the person knows that it is in their own network.

    Raises `ChatError` alone.
    """
    scheme, host, port = split_origin(address)
    place = Failure(kind=ErrorKind.BAD_ADDRESS, host=host, port=port)
    if not scheme or not host or "@" in urlsplit(address).netloc:
        raise ChatError(place)
    if not near and is_near(host):
        return Near(host)
    try:
        async with asyncio.timeout(WHOLE_S):
            return await _fetch(address, limits, route or route_for(address), near=near)
    except TimeoutError:
        raise ChatError(replace(place, kind=ErrorKind.SILENCE, seconds=WHOLE_S)) from None


async def _fetch(address: str, limits: Limits, route: Route, *, near: bool) -> PictureAnswer:
    # A stranger's server learns nothing of who asks.
    route = replace(route, certificate="", certificate_key="", passphrase=None)
    if route.proxy:
        # The proxy looks names up, and what it can reach is for its owner to say.
        return await _ask(address, limits, route, "")
    _, host, port = split_origin(address)
    found = await _look_up(host, port)
    if not near and not all(map(is_public, found)):
        return Near(host)
    for number, one in enumerate(found[:TRIED], 1):
        try:
            return await _ask(address, limits, route, one)
        except ChatError as error:
            if error.failure.kind not in _UNREACHED or number == min(len(found), TRIED):
                raise
    raise ChatError(Failure(kind=ErrorKind.DNS, host=host, port=port))


async def _ask(address: str, limits: Limits, route: Route, connect_to: str) -> PictureAnswer:
    """Ask for a picture with a client of its own, which knows nothing and is forgotten."""
    client = make_client(route)
    http = Http(client, "", lambda _phase: None, limits, whole_targets=True)
    try:
        async with http.stream("GET", address, headers=HEADERS, connect_to=connect_to) as body:
            return Fetched(await body.read(PICTURE_BYTES))
    except ChatError as error:
        if error.failure.kind is ErrorKind.REDIRECT and error.failure.target:
            return Moved(error.failure.target)
        raise
    finally:
        await client.aclose()


async def _look_up(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ChatError(Failure(kind=ErrorKind.DNS, host=host, port=port)) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
