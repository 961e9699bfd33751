"""Looking for model servers on this computer: all at once, without keys, and not for long.

A stranger at one of the ports, such as a web site, is asked one question and then left alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.domain.discovery import LocalServer, usual_ports
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.presets import preset
from desktop_chat.protocols.discovery.signs import SIGNS, owner_of
from desktop_chat.protocols.requests.model_lists import NOT_FOR_CHAT, models_in, read_page
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOSTS: Final = ("127.0.0.1", "[::1]")
"""Not `localhost`: where it means both, the one that refuses is waited for on Windows."""
_LIST: Final = "/v1/models"
_LOCKED: Final = (401, 403)
_HEADERS: Final = {"accept": "application/json"}
_MOST_BYTES: Final = 1024 * 1024


class Place(NamedTuple):
    """Where a server may be, and the presets of those that usually are there."""

    host: str
    port: int
    preset_ids: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The beginning of every address there."""
        return f"http://{self.host}:{self.port}"


def usual_places() -> tuple[Place, ...]:
    """Return all places where the servers that the program knows usually are."""
    ports = usual_ports()
    return tuple(Place(host, port, ids) for host in _HOSTS for port, ids in ports.items())


async def find_servers(places: Sequence[Place], within_s: float) -> tuple[LocalServer, ...]:
    """Return the model servers that answer at these places in time."""
    client = make_client(Route())
    try:
        http = Http(client, "", lambda _phase: None)
        await knock_at_home(http)
        found = await asyncio.gather(*(_find_in_time(http, one, within_s) for one in places))
    finally:
        await client.aclose()
    # One that listens at both kinds of addresses is one all the same.
    by_port = {one.port: one for one in reversed(found) if one is not None}
    return tuple(one for one in found if one is not None and by_port[one.port] is one)


async def knock_at_home(http: Http) -> None:
    """Connect to a door of our own, which closes at once.

    A process's first connection imports half of the HTTP library, and that would take of the time
    that the servers have.
    """
    with contextlib.suppress(OSError, ChatError):
        door = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
        async with door:
            port = door.sockets[0].getsockname()[1]
            async with http.stream("GET", f"http://127.0.0.1:{port}/", headers=_HEADERS):
                pass


async def _find_in_time(http: Http, place: Place, within_s: float) -> LocalServer | None:
    try:
        async with asyncio.timeout(within_s):
            return await _find(http, place)
    except (TimeoutError, ChatError):
        return None


async def _find(http: Http, place: Place) -> LocalServer | None:
    page: object = None
    try:
        page = await _listed(http, place)
    except ChatError as error:
        if error.failure.status not in _LOCKED:
            raise
    preset_id = owner_of(page) or await _shown(http, place, locked=page is None)
    known = preset(preset_id)
    if known is None:
        return None
    models = (
        [] if page is None else [one for one in models_in(page) if NOT_FOR_CHAT not in one.tags]
    )
    return LocalServer(
        preset_id=known.id,
        name=known.name,
        base_url=place.origin + ("/v1" if known.base_url.endswith("/v1") else ""),
        models=tuple(one.id for one in models),
        needs_key=page is None,
    )


async def _listed(http: Http, place: Place) -> object:
    async with http.stream("GET", place.origin + _LIST, headers=_HEADERS) as body:
        return read_page(await body.read(_MOST_BYTES), body.place)


async def _shown(http: Http, place: Place, *, locked: bool) -> str:
    """Return which of the servers that usually are at a place it is; empty: none of them."""
    asked = [one for one in place.preset_ids if locked or not SIGNS[one].locked_only]
    shown = await asyncio.gather(*(_is_shown(http, place, one) for one in asked))
    known = zip(asked, shown, strict=True)
    return next((one for one, is_it in known if is_it), "")


async def _is_shown(http: Http, place: Place, preset_id: str) -> bool:
    sign = SIGNS[preset_id]
    try:
        async with http.stream("GET", place.origin + sign.path, headers=_HEADERS) as body:
            answer = json.loads(await body.read(_MOST_BYTES))
    except (ChatError, ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and sign.is_shown(answer)
