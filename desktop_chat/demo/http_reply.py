"""Writing HTTP/1.1 answers to a stream: whole ones, and ones that grow."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping


class Reply:
    """The answer to one request. A slow client is waited for, never buffered for."""

    def __init__(self, writer: asyncio.StreamWriter, *, chunked: bool, keep: bool) -> None:
        self._writer = writer
        self._chunked = chunked
        # Without chunks the end of a growing answer is the end of the connection.
        self._keep = keep
        self._ended_by_closing = False

    @property
    def keeps_alive(self) -> bool:
        """Whether another request may follow on this connection."""
        return self._keep and not self._ended_by_closing

    async def send(
        self, status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a whole answer in JSON."""
        body = json.dumps(content).encode()
        self._head(
            status,
            {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **(headers or {}),
            },
        )
        self._writer.write(body)
        await self._writer.drain()

    def begin(self, content_type: str, headers: Mapping[str, str]) -> None:
        """Send the head of an answer that grows."""
        if not self._chunked:
            self._ended_by_closing = True
        coding = {"Transfer-Encoding": "chunked"} if self._chunked else {}
        self._head(200, {"Content-Type": content_type, **coding, **headers})

    async def write(self, content: bytes) -> None:
        """Send a piece of an answer that grows."""
        if self._chunked:
            content = b"%x\r\n%s\r\n" % (len(content), content)
        self._writer.write(content)
        await self._writer.drain()

    async def end(self) -> None:
        """End an answer that grew."""
        if self._chunked:
            self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def cut(self) -> None:
        """Drop the connection in the middle, as a broken network does."""
        self._ended_by_closing = True
        self._writer.transport.abort()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {_phrase(status)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Connection: {'keep-alive' if self.keeps_alive else 'close'}")
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
