"""A loopback service that gets stuck in a chosen way; run in a process of its own.

Prints its port. Ends when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
from typing import Final

HEAD: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)


def chunk(text: str) -> bytes:
    """Return one delta as an HTTP chunk."""
    delta = {"choices": [{"index": 0, "delta": {"content": text}}]}
    event = f"data: {json.dumps(delta)}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(event), event)


async def serve(phase: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one question as far as the phase goes, then stay silent or never end."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        if phase != "headers":
            writer.write(HEAD + chunk("a word "))
            await writer.drain()
        while phase == "flood":
            writer.write(chunk("word ") * 20)
            await writer.drain()
        while await reader.read(65536):
            pass
    writer.close()


async def listen(phase: str) -> None:
    """Serve until the standard input is closed."""
    server = await asyncio.start_server(
        lambda reader, writer: serve(phase, reader, writer), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def never_accept() -> None:
    """Hold a port whose queue is full, so that a further connection never comes about."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        print(server.getsockname()[1], flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1] == "connecting":
        never_accept()
    else:
        asyncio.run(listen(sys.argv[1]))
