"""The way from a built request to the head of its answer, and what goes wrong on it."""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import Limits, Phase
from desktop_chat.protocols.transport.credentials import KEY_HEADERS
from desktop_chat.protocols.transport.faults import (
    UNANSWERED,
    broken,
    connect_failure,
    was_looking_up,
)
from desktop_chat.protocols.transport.http_client import WRITE_S, Client
from desktop_chat.protocols.transport.redaction import message_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop_chat.domain.keys import Secret

_BEYOND_PROXY: Final = (403, 502, 503, 504)
"""What a proxy answers where it knows us, and the host is the trouble."""


class Exchange:
    """One request and its two deadlines: for the connection, and for the first byte."""

    def __init__(
        self,
        client: Client,
        report: Callable[[Phase], None],
        limits: Limits,
        place: Failure,
        secrets: tuple[Secret, ...],
    ) -> None:
        self._client = client
        self._report = report
        self._limits = limits
        self._place = place
        self._secrets = secrets
        self._reused = True
        self._connected = False
        self._tunnelling = False
        self._asked_at = 0.0
        self._deadline: asyncio.Timeout | None = None
        self._socket: Any = None
        self.watch: Callable[[str, Mapping[str, Any]], None] | None = None
        """Who else follows the library's trace."""

    async def open(self, request: httpx.Request) -> httpx.Response:
        """Send, and return the answer's head; a connection gone stale is tried once more."""
        failure = await self._send(request)
        if isinstance(failure, Failure) and self._is_stale(failure):
            failure = await self._send(request)
        if isinstance(failure, Failure):
            raise ChatError(failure)
        return failure

    async def _send(self, request: httpx.Request) -> httpx.Response | Failure:
        self._reused, self._connected, self._tunnelling = True, False, False
        request.extensions["trace"] = self._on_progress
        self._report(Phase.CONNECTING)
        # A header of ours or of the person's is the only one; else the address may name a user.
        keyed = any(name in request.headers for name in KEY_HEADERS)
        auth = httpx.Auth() if keyed else httpx.USE_CLIENT_DEFAULT
        sent = False
        try:
            async with asyncio.timeout(self._limits.connect_s) as self._deadline:
                response = await self._client.send(request, stream=True, auth=auth)
                sent = True
                return response
        except TimeoutError as error:
            return self._broken(UNANSWERED) if was_looking_up(error) else self._late()
        except httpx.ProxyError as error:
            return self._refused_by_proxy(str(error))
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            return replace(self._place, kind=ErrorKind.BAD_ADDRESS)
        except httpx.TimeoutException as error:
            return self._late() if not self._connected else self._broken(error)
        except Exception as error:  # noqa: BLE001 - proxies, TLS and idna raise kinds of their own
            return self._broken(error)
        finally:
            # Stopped in a handshake, with TLS or a proxy, the library leaves the socket open.
            if not sent and self._socket is not None:
                with contextlib.suppress(Exception):
                    await self._socket.aclose()

    def _broken(self, error: Exception) -> Failure:
        if self._connected:
            silent_s = time.monotonic() - self._asked_at if self._asked_at else 0.0
            return broken(error, self._place, self._secrets, silent_s)
        proxy_host = self._client.route.proxy_host
        if proxy_host and not isinstance(error, httpx.HTTPError):
            return replace(self._place, kind=ErrorKind.PROXY, host=proxy_host, port=0)
        return connect_failure(error, self._place, proxy_host, self._secrets)

    def _refused_by_proxy(self, words: str) -> Failure:
        """Return what the proxy answered: that it does not know us, or cannot reach the host."""
        status = int(words[:3]) if re.match(r"[1-9][0-9]{2}\b", words) else 0
        unreached = status in _BEYOND_PROXY or "could not connect" in words
        return replace(
            self._place,
            kind=ErrorKind.PROXY,
            host=self._client.route.proxy_host,
            port=0,
            target=self._place.host if unreached else "",
            status=status,
            detail=message_of(words, self._secrets),
        )

    def _late(self) -> Failure:
        if not self._connected:
            seconds = self._limits.connect_s
            return replace(self._place, kind=ErrorKind.CONNECT_TIMEOUT, seconds=seconds)
        return replace(self._place, kind=ErrorKind.SILENCE, seconds=self._limits.first_byte_s)

    def _is_stale(self, failure: Failure) -> bool:
        return self._reused and self._connected and failure.kind is ErrorKind.BROKEN_STREAM

    async def _on_progress(self, event: str, info: dict[str, Any]) -> None:
        """Follow the library's trace: a documented extension, the same for every transport."""
        if self.watch is not None:
            self.watch(event, info)
        if event.endswith("connect_tcp.started"):
            self._reused = False
        elif event.endswith("connect_tcp.complete"):
            self._socket = info.get("return_value")
        elif event.endswith("send_request_headers.started"):
            request = info.get("request")
            self._tunnelling = getattr(request, "method", b"") == b"CONNECT"
            if not self._tunnelling:
                self._connected = True
                self._reschedule(WRITE_S + self._limits.first_byte_s)
        elif event.endswith("send_request_body.complete") and not self._tunnelling:
            self._report(Phase.WAITING)
            self._asked_at = time.monotonic()
            self._reschedule(self._limits.first_byte_s)

    def _reschedule(self, seconds: float) -> None:
        if self._deadline is not None:
            when = None if math.isinf(seconds) else asyncio.get_running_loop().time() + seconds
            self._deadline.reschedule(when)
