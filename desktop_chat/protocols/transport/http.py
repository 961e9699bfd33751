"""Requests out, raw bytes in, failures as values.

This module, `http_client` and `http_exchange` alone know the HTTP library: exchanging it means
rewriting them. Their tests talk to real servers alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import httpx

from desktop_chat import __version__
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.providers import is_loopback, split_origin
from desktop_chat.domain.stream import Limits, Phase
from desktop_chat.protocols.framing.inflate import Inflater
from desktop_chat.protocols.transport.error_bodies import failure_of
from desktop_chat.protocols.transport.faults import (
    broken,
)
from desktop_chat.protocols.transport.http_exchange import Exchange
from desktop_chat.protocols.transport.outgoing import header_fields, json_bytes
from desktop_chat.protocols.transport.passage import passage_of
from desktop_chat.protocols.transport.redaction import message_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.protocols.transport.http_client import Client
    from desktop_chat.protocols.transport.recording import Recording

HEADER_BYTES: Final = 64 * 1024
ERROR_BODY_S: Final = 10.0
SETTLE_S: Final = 0.1
_OWN_HEADERS: Final = {
    "accept": "text/event-stream, application/json;q=0.9, */*;q=0.1",
    "accept-encoding": "identity",
    "user-agent": f"DesktopChat/{__version__}",
}


class Http:
    """One request at a time, as a protocol makes it: made by the runtime for one reply."""

    def __init__(
        self,
        client: Client,
        service: str,
        report: Callable[[Phase], None],
        limits: Limits | None = None,
        *,
        whole_targets: bool = False,
        watch: Callable[[str, Mapping[str, Any]], None] | None = None,
    ) -> None:
        """`whole_targets`: nothing secret is sent, so where a redirect points is told whole.

        `watch` is called with each event of the library's trace.
        """
        self._client = client
        self._watch = watch
        self._whole_targets = whole_targets
        self.recording: Recording | None = None
        """Keeps what goes over the wire, where it is wanted."""
        self._service = service
        self._report = report
        self.limits = limits or Limits()

    @contextlib.asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str | Secret],
        json: object = None,
        model: str = "",
        connect_to: str = "",
    ) -> AsyncGenerator[Body, None]:
        """Send a request and give its body, once the service has answered with success.

        `connect_to` is the IP address at which the host was found, if that is settled already.
        Values of `headers` and inside `json` that are `Secret` are revealed here and nowhere
        else. Raises `ChatError` alone, which may also come out of the body's methods.
        """
        place = self._place(url, model)
        request, secrets = self._request(method, url, headers, json, place)
        if self.recording is not None:
            fields = request.headers.items()
            passage = passage_of(self._client.route)
            self.recording.sent(method, str(request.url), fields, request.content, secrets, passage)
        if connect_to:
            request.extensions["sni_hostname"] = request.url.raw_host.decode("ascii")
            request.url = request.url.copy_with(host=connect_to)
        exchange = Exchange(self._client, self._report, self.limits, place, secrets)
        exchange.watch = self._watch
        response = await exchange.open(request)
        body = Body(response, self.limits, place, secrets)
        if self.recording is not None:
            self.recording.answered(response.status_code, response.headers.items())
            body.took = self.recording.took
        try:
            await self._check(response, body, place, secrets)
            yield body
            await body.settle()
        finally:
            if self.recording is not None:
                self.recording.ended()
            await body.aclose()

    def _place(self, url: str, model: str) -> Failure:
        _, host, port = split_origin(url)
        return Failure(
            kind=ErrorKind.INTERNAL,
            service=self._service,
            host=host,
            port=port,
            model=model,
            local=is_loopback(host),
        )

    def _request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str | Secret],
        json: object,
        place: Failure,
    ) -> tuple[httpx.Request, tuple[Secret, ...]]:
        secrets = list(self._client.route.secrets)
        fields = header_fields({**_OWN_HEADERS, **headers}, secrets, place)
        content = None
        if json is not None:
            fields["content-type"] = "application/json"
            content = json_bytes(json, secrets)
        try:
            request = self._client.build_request(method, url, headers=fields, content=content)
        except (httpx.InvalidURL, ValueError, TypeError):
            raise ChatError(replace(place, kind=ErrorKind.BAD_ADDRESS)) from None
        return request, tuple(secrets)

    async def _check(
        self, response: httpx.Response, body: Body, place: Failure, secrets: tuple[Secret, ...]
    ) -> None:
        """Raise what the head of the answer says is wrong."""
        size = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        if size > HEADER_BYTES:
            raise ChatError(replace(place, kind=ErrorKind.LIMIT, limit="64 KB of headers"))
        status = response.status_code
        if 300 <= status < 400:
            target = _target(response, secrets, whole=self._whole_targets)
            raise ChatError(replace(place, kind=ErrorKind.REDIRECT, status=status, target=target))
        if status >= 400:
            data = await body.read_error()
            if status == 407 and self._client.route.proxy:
                place = replace(place, host=self._client.route.proxy_host, port=0)
            raise ChatError(failure_of(status, body.headers, data, place, secrets))


def _leave(_data: bytes) -> None:
    """Keep nothing."""


class Body:
    """An answer's body: raw bytes, plain, as they come."""

    def __init__(
        self,
        response: httpx.Response,
        limits: Limits,
        place: Failure,
        secrets: tuple[Secret, ...],
    ) -> None:
        self._response = response
        self._limits = limits
        self._idle_s = limits.idle_s
        self._raw = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
        self._exhausted = False
        self.place = place
        """A failure with every fact but its kind, for the protocol to fill."""
        self.secrets = secrets
        self.took: Callable[[bytes], None] = _leave
        """Told of each piece."""
        self.status = response.status_code
        self.headers: Mapping[str, str] = {
            name.lower(): value for name, value in response.headers.items()
        }

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def hurry(self, idle_s: float) -> None:
        """Wait at most so long for each further piece: the answer is known to be over."""
        self._idle_s = min(self._idle_s, idle_s)

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes. Raises `ChatError`: silence, a broken connection, damaged data."""
        encoding = self.headers.get("content-encoding", "")
        inflater = Inflater(encoding)
        first = True
        try:
            while (data := await self._next(first=first)) is not None:
                first = False
                for piece in inflater.feed(data):
                    self.took(piece)
                    yield piece
            for piece in inflater.end():
                self.took(piece)
                yield piece
        except ChatError as error:
            if error.failure.service or error.failure.host:
                raise
            found = error.failure
            failure = replace(self.place, kind=found.kind, limit=found.limit, detail=found.detail)
            raise ChatError(failure) from None

    async def read(self, limit: int) -> bytes:
        """Return the whole body. Raises `ChatError` (`LIMIT`) where it is larger."""
        data = bytearray()
        async for piece in self.chunks():
            data += piece
            if len(data) > limit:
                raise ChatError(
                    replace(self.place, kind=ErrorKind.LIMIT, limit=f"{limit / 2**20:g} MB")
                )
        return bytes(data)

    async def read_error(self) -> bytes:
        """Return the start of an error's body: what comes in time, and is not too much."""
        data = bytearray()
        try:
            async with asyncio.timeout(ERROR_BODY_S):
                async for piece in self.chunks():
                    data += piece
                    if len(data) >= self._limits.error_body_bytes:
                        break
        except (TimeoutError, ChatError):
            pass  # The status says enough; the words so far are a gift.
        return bytes(data[: self._limits.error_body_bytes])

    async def settle(self) -> None:
        """Take the end of the body if it is there already: the connection can be used again."""
        if self._exhausted or self._response.is_closed:
            return
        try:
            async with asyncio.timeout(SETTLE_S):
                while await self._next(first=False) is not None:
                    pass
        except (TimeoutError, ChatError):
            pass  # Then the connection is closed instead.

    async def aclose(self) -> None:
        """Let the answer go; a connection that is not at the body's end is closed."""
        await self._raw.aclose()
        await self._response.aclose()
        # The library's answer and its stream hold each other, and with them all of the request.
        self._response.stream = httpx.ByteStream(b"")

    async def _next(self, *, first: bool) -> bytes | None:
        if self._exhausted:
            return None
        limit = self._limits.first_byte_s if first else self._idle_s
        begun = time.monotonic()
        try:
            async with asyncio.timeout(None if math.isinf(limit) else limit):
                return await anext(self._raw)
        except StopAsyncIteration:
            self._exhausted = True
            return None
        except TimeoutError:
            raise ChatError(replace(self.place, kind=ErrorKind.SILENCE, seconds=limit)) from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            self._exhausted = True
            failure = broken(error, self.place, self.secrets, time.monotonic() - begun)
        raise ChatError(failure)


def _target(response: httpx.Response, secrets: tuple[Secret, ...], *, whole: bool) -> str:
    """Return where a redirect points, without what may be secret in it."""
    location = response.headers.get("location", "")
    try:
        target = _asked(response).join(location).copy_with(fragment=None, userinfo=b"")
        if whole:
            return str(target) if location else ""
        target = target.copy_with(query=None)
    except (httpx.InvalidURL, ValueError):
        return message_of(location, secrets)
    return message_of(str(target), secrets) if location else ""


def _asked(response: httpx.Response) -> httpx.URL:
    """Return the address that was asked for, by the host's name."""
    name = response.request.extensions.get("sni_hostname")
    return response.url.copy_with(host=name) if name else response.url
