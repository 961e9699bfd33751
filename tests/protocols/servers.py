"""Raw loopback servers that answer as a script says, well or badly."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


@dataclass
class Request:
    """A request as it came over the wire."""

    line: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def values(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key == name]


@dataclass
class RawServer:
    """A server that listens; what it was asked stands in `requests`."""

    port: int
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    """How many connections are not closed yet."""
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a connection that the script left open was closed by the client."""

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"


class Call:
    """One request in a script's hands."""

    def __init__(
        self,
        server: RawServer,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.server = server
        self.request = request
        self.reader = reader
        self.writer = writer

    @property
    def number(self) -> int:
        """Which request of the server this is, from 1."""
        return len(self.server.requests)

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: str = "200 OK", **headers: str) -> None:
        """Send a status line and headers; `content_type` means `content-type`."""
        lines = [f"HTTP/1.1 {status}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def answer(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        """Send a whole answer with its length."""
        await self.head(status, content_length=str(len(body)), **headers)
        await self.send(body)

    async def chunk(self, data: bytes) -> None:
        """Send a piece of a chunked body; an empty one ends it."""
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def stream(self, *pieces: bytes, **headers: str) -> None:
        """Send a chunked answer with its end."""
        await self.head(transfer_encoding="chunked", **headers)
        for piece in pieces:
            await self.chunk(piece)
        await self.chunk(b"")

    def reset(self) -> None:
        """Break the connection off so that the other side sees a reset."""
        self.writer.transport.abort()

    async def hold(self) -> None:
        """Keep the connection open and silent until the client closes it."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(65536):
                pass
        self.server.closed.set()


Script = "Callable[[Call], Awaitable[None]]"


async def end(listener: asyncio.Server) -> None:
    """Stop listening; asyncio loses a connection that it accepts in the turn of the end itself."""
    for one in listener.sockets:
        asyncio.get_running_loop().remove_reader(one)
    for _ in range(2):
        await asyncio.sleep(0)
    listener.close()


@asynccontextmanager
async def serving(
    script: Callable[[Call], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """Run a server on a free port; each request on each connection is given to the script."""
    server = RawServer(0)
    tasks: set[asyncio.Task[None]] = set()

    def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        server.open += 1
        task = asyncio.get_running_loop().create_task(converse(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        # One that is cancelled before it began does nothing at all.
        task.add_done_callback(lambda _task: writer.close())

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError, ssl.SSLError):
            while (request := await _read(reader)) is not None:
                server.requests.append(request)
                await script(Call(server, request, reader, writer))
                if writer.is_closing():
                    break
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError):
            await writer.wait_closed()
        server.open -= 1

    listener = await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        await end(listener)
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def listening(
    on_bytes: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """Run a server that sees bytes, not requests; give its port."""

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await on_bytes(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    listener = await asyncio.start_server(on_connection, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        await end(listener)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    line, *fields = head.decode("latin-1").rstrip().split("\r\n")
    headers = [
        (name.strip().lower(), value.strip())
        for name, _, value in (one.partition(":") for one in fields)
    ]
    request = Request(line, headers)
    length = int((request.values("content-length") or ["0"])[0])
    request.body = await reader.readexactly(length)
    return request
