"""A loopback service that answers at an even pace; run in a process of its own.

    python -m tests.benchmarks.token_server TOKENS_A_SECOND SECONDS

Prints its port, then of each answer the number in its question, how long it took and when it was
written out, on the monotonic clock. Ends when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
import time
from typing import Final

from tests.benchmarks.answers import cut, mixed
from tests.benchmarks.silent_server import HEAD, chunk

NOTHING: Final = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
STEP_S: Final = 0.004
_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_NUMBER: Final = re.compile(rb"Question (\d+)")


async def serve(
    pace: float, chunks: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one question, whatever it is."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET "):
            # The program reads lists of models anew by itself.
            writer.write(NOTHING)
            await writer.drain()
            writer.close()
            return
        length = _LENGTH.search(head)
        question = _NUMBER.search(await reader.readexactly(int(length[1]) if length else 0))
        writer.write(HEAD)
        clock = asyncio.get_running_loop().time
        begun, sent = clock(), 0
        while sent < len(chunks):
            due = min(int((clock() - begun) * pace), len(chunks))
            writer.write(b"".join(chunks[sent:due]))
            sent = due
            await writer.drain()
            await asyncio.sleep(STEP_S)
        number = int(question[1]) if question else 0
        print(json.dumps([number, clock() - begun, time.monotonic()]), flush=True)
        done = b"data: [DONE]\n\n"
        writer.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(done), done))
        await writer.drain()
    writer.close()


async def listen(pace: float, seconds: float) -> None:
    """Serve until the standard input is closed."""
    chunks = [chunk(piece) for piece in cut(mixed(int(pace * seconds)))]
    server = await asyncio.start_server(
        lambda reader, writer: serve(pace, chunks, reader, writer), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(listen(float(sys.argv[1]), float(sys.argv[2])))
