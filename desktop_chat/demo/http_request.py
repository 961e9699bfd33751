"""Reading one HTTP/1.1 request from a stream, within bounds."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_LIMIT: Final = 64 * 1024
BODY_LIMIT: Final = 16 * 1024 * 1024
IDLE_S: Final = 120.0
"""How long a connection may be kept without a request."""
_READ_S: Final = 30.0
"""How long a request may take to arrive once it has begun."""


_HEX: Final = re.compile(rb"[0-9A-Fa-f]{1,16}")


class RequestError(Exception):
    """A request that cannot be served; the connection ends after the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Request:
    """A request, with its header names in lower case."""

    method: str
    path: str
    version: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to ask again on this connection."""
        wish = self.headers.get("connection", "").lower()
        if self.version == "HTTP/1.0":
            return "keep-alive" in wish
        return "close" not in wish


async def read_request(
    reader: asyncio.StreamReader, say_continue: Callable[[], None]
) -> Request | None:
    """Read a request; None where the client has nothing more to ask.

    Raises `RequestError`, `ConnectionError`, `asyncio.IncompleteReadError`, `TimeoutError`.
    """
    async with asyncio.timeout(IDLE_S):
        first = await reader.read(1)
        while first in (b"\r", b"\n"):
            first = await reader.read(1)
    if not first:
        return None
    async with asyncio.timeout(_READ_S):
        head = _parsed_head(first + await _line(reader, b"\r\n\r\n"))
        if "expect" in head.headers:
            if head.headers["expect"].lower() != "100-continue":
                raise RequestError(417, "Only 100-continue can be expected.")
            _length(head.headers)
            say_continue()
        body = await _read_body(reader, head.headers)
    return Request(head.method, head.path, head.version, head.headers, body)


def _parsed_head(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise RequestError(400, "This is not an HTTP/1.1 request.")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise RequestError(400, "A header line cannot be read.")
        name = name.lower()
        if name in headers and name in ("content-length", "transfer-encoding", "authorization"):
            raise RequestError(400, f"The header {name} came twice.")
        headers[name] = value.strip()
    path = words[1].partition("?")[0]
    return Request(words[0], path, words[2], headers)


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    coding = headers.get("transfer-encoding", "").lower()
    if coding:
        if coding != "chunked" or "content-length" in headers:
            raise RequestError(400, "The length of the body is not clear.")
        return await _read_chunks(reader)
    return await reader.readexactly(_length(headers))


def _length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise RequestError(400, "Content-Length is not a number.")
    length = int(text[:20])
    if length > BODY_LIMIT:
        raise RequestError(413, "The request is larger than 16 MiB.")
    return length


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := _chunk_size(await _line(reader, b"\r\n")):
        if len(body) + size > BODY_LIMIT:
            raise RequestError(413, "The request is larger than 16 MiB.")
        body += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise RequestError(400, "A chunk does not end where it says.")
    trailers = 0
    while (line := await _line(reader, b"\r\n")) != b"\r\n":
        trailers += len(line)
        if trailers > HEAD_LIMIT:
            raise RequestError(431, "The trailers are larger than 64 KiB.")
    return bytes(body)


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not _HEX.fullmatch(digits):
        raise RequestError(400, "A chunk's size cannot be read.")
    return int(digits, 16)


async def _line(reader: asyncio.StreamReader, end: bytes) -> bytes:
    try:
        return await reader.readuntil(end)
    except asyncio.LimitOverrunError:
        raise RequestError(431, "The head of the request is larger than 64 KiB.") from None
