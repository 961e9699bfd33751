"""A loopback service that answers at once and keeps connections; run in a process of its own.

Sends the first token, and the rest of a short answer a moment later. Prints its port. Ends when
its standard input is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from typing import Final

from tests.benchmarks.silent_server import HEAD, chunk

QUESTION: Final = "Hello?"
MOMENT_S: Final = 0.002
"""So that the end of an answer takes nothing of the time to its first token."""
DONE: Final = b"data: [DONE]\n\n"
WORDS: Final = b"Hello"
FIRST: Final = HEAD + chunk(WORDS.decode())
REST: Final = b"".join(map(chunk, (", ", "world", "."))) + b"%x\r\n%s\r\n0\r\n\r\n" % (
    len(DONE),
    DONE,
)
_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer whatever is asked, for as long as the connection stands."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            writer.write(FIRST)
            await asyncio.sleep(MOMENT_S)
            writer.write(REST)
            await writer.drain()
    writer.close()


async def listen() -> None:
    """Serve until the standard input is closed."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(listen())
