"""A service that goes wrong in one chosen way; run in a process of its own for each.

`fault_server.py FAULT [ARGUMENT…]`. Speaks HTTP by hand, for no library would do these things.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import ssl
import struct
import sys
import zlib
from email.utils import formatdate
from time import time
from typing import TYPE_CHECKING, Final

from tests.processes import serve_until_told
from tests.protocols.servers import Call, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Bytes = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PACE_S: Final = 0.02
"""A second of the faults' table, so that a minute passes in one."""
MEGABYTE: Final = 1024 * 1024
EVENTS: Final = "text/event-stream"
PAGE: Final = b"<!doctype html><html><title>Gateway</title><body>Sorry.</body></html>"
MESSAGE: Final = json.dumps({"error": {"message": "These are the service's words."}}).encode()


def delta(text: str) -> bytes:
    """Return an event with a piece of text."""
    choice = {"index": 0, "delta": {"content": text}}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


STOP: Final = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
USAGE: Final = b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
DONE: Final = b"data: [DONE]\n\n"
GOOD: Final = delta("Half ") + delta("and half.") + STOP + DONE
HALF: Final = delta("Half ")


async def good(call: Call) -> None:
    """Answer as one should."""
    await call.stream(GOOD, content_type=EVENTS)


async def begin(call: Call, *pieces: bytes) -> None:
    """Begin an answer that is not over."""
    await call.head(content_type=EVENTS, transfer_encoding="chunked")
    for piece in pieces:
        await call.chunk(piece)


# Request and head.


async def slow_head(call: Call) -> None:
    """Be silent for longer than a connection may take, then answer."""
    await asyncio.sleep(75 * PACE_S)
    await good(call)


async def stale(call: Call) -> None:
    """Reset a kept connection at its second question."""
    if call.number == 2:
        call.reset()
    else:
        await good(call)


async def endless_headers(call: Call) -> None:
    """Never come to the end of the headers."""
    await call.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await call.send(b"x-more: " + b"a" * 1000 + b"\r\n")


async def long_header(call: Call) -> None:
    """Send a header of a megabyte."""
    await call.send(b"HTTP/1.1 200 OK\r\nx-long: " + b"a" * MEGABYTE)
    await call.send(b"\r\ncontent-length: 0\r\n\r\n")
    await call.hold()


async def no_http(call: Call) -> None:
    """Speak something else."""
    await call.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    call.writer.close()


async def points(call: Call) -> None:
    """Point to another origin: `points STATUS ADDRESS`."""
    status, address = sys.argv[2:4]
    await call.answer(b"", f"{status} Moved", location=address)


async def refuses(call: Call) -> None:
    """Refuse: `refuses STATUS BODY`."""
    status, body = sys.argv[2:4]
    bodies = {"json": MESSAGE, "html": PAGE, "empty": b"", "huge": b"x" * (10 * MEGABYTE)}
    await call.answer(bodies[body], f"{status} No")


async def busy(call: Call) -> None:
    """Ask for a pause once: `busy FORM`."""
    if call.number > 1:
        await good(call)
        return
    headers = {
        "seconds": {"retry_after": "1"},
        "date": {"retry_after": formatdate(time() + 30, usegmt=True)},
        "milliseconds": {"retry_after_ms": "600"},
        "none": {},
        "years": {"retry_after": "315360000"},
    }
    await call.answer(MESSAGE, "429 Too Many Requests", **headers[sys.argv[2]])


async def in_trouble(call: Call) -> None:
    """Fail twice: `in_trouble STATUS`."""
    if call.number > 2:
        await good(call)
    else:
        await call.answer(PAGE if sys.argv[2] == "502" else MESSAGE, f"{sys.argv[2]} Trouble")


# Body.


async def page(call: Call) -> None:
    """Send a web page with success."""
    await call.answer(PAGE, content_type="text/html")


async def nothing(call: Call) -> None:
    """Send a stream without a byte."""
    await call.stream(content_type=EVENTS)


async def whole(call: Call) -> None:
    """Send one object in place of a stream."""
    message = {"role": "assistant", "content": "Half and half."}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    await call.answer(json.dumps(body).encode(), content_type="application/json")


async def error_body(call: Call) -> None:
    """Send an error with success."""
    await call.answer(MESSAGE, content_type="application/json")


async def error_event(call: Call) -> None:
    """Send an error as the first event."""
    await call.stream(b"event: error\ndata: " + MESSAGE + b"\n\n", content_type=EVENTS)


async def error_later(call: Call) -> None:
    """Send an error after some text."""
    await call.stream(HALF, b"data: " + MESSAGE + b"\n\n", content_type=EVENTS)


async def reset_in_event(call: Call) -> None:
    """Break off within an event."""
    await begin(call, HALF + b'data: {"choices":[{"del')
    await asyncio.sleep(PACE_S)
    call.reset()


async def reset_in_character(call: Call) -> None:
    """Break off within a character."""
    cut = delta("Half ").replace(b"Half ", "Half é".encode())
    await begin(call, HALF + cut[: cut.index("é".encode()) + 1])
    await asyncio.sleep(PACE_S)
    call.reset()


async def unended_chunks(call: Call) -> None:
    """Close without the last chunk."""
    await begin(call, HALF)
    call.writer.close()


async def too_short(call: Call) -> None:
    """Send less than was said."""
    await call.head(content_type=EVENTS, content_length=str(len(GOOD)))
    await call.send(HALF)
    call.writer.close()


async def too_long(call: Call) -> None:
    """Send more than was said."""
    await call.head(content_type=EVENTS, content_length=str(len(GOOD)))
    await call.send(GOOD + HALF)
    call.writer.close()


async def no_terminal(call: Call) -> None:
    """End well, and in the middle."""
    await call.stream(HALF, content_type=EVENTS)


async def late_text(call: Call) -> None:
    """Go on after the end."""
    await call.stream(HALF, STOP, delta("and half."), USAGE, DONE, content_type=EVENTS)


async def by_the_byte(call: Call) -> None:
    """Send a byte a second."""
    await call.head(content_type=EVENTS, content_length=str(len(GOOD)))
    for byte in GOOD:
        await call.send(bytes((byte,)))
        await asyncio.sleep(PACE_S)


async def silence(call: Call) -> None:
    """Stop in the middle."""
    await begin(call, HALF)
    await call.hold()


async def zipped(call: Call) -> None:
    """Send gzip though none was asked for."""
    await call.answer(gzip.compress(GOOD), content_type=EVENTS, content_encoding="gzip")


async def zipped_in_silence(call: Call) -> None:
    """Send gzip and do not say so."""
    await call.answer(gzip.compress(GOOD), content_type=EVENTS)


async def bomb(call: Call) -> None:
    """Send a gigabyte in a megabyte."""
    packer = zlib.compressobj(9, wbits=31)
    await begin_zipped(call)
    for _ in range(1024):
        await call.chunk(packer.compress(b"a" * MEGABYTE) or packer.flush(zlib.Z_SYNC_FLUSH))
    await call.chunk(packer.flush())
    await call.chunk(b"")


async def begin_zipped(call: Call) -> None:
    """Begin an answer that is gzip."""
    await call.head(content_type=EVENTS, content_encoding="gzip", transfer_encoding="chunked")


async def much_text(call: Call) -> None:
    """Send a hundred megabytes of text."""
    await begin(call)
    piece = delta("All work and no play makes Jack a dull boy. " * 32 + "\n\n")
    for _ in range(100 * MEGABYTE // len(piece)):
        await call.chunk(piece)
    await call.chunk(DONE)
    await call.chunk(b"")


async def large_event(call: Call) -> None:
    """Send an event of a hundred megabytes."""
    await begin(call, b"data: ")
    for _ in range(100):
        await call.chunk(b"a" * MEGABYTE)
    await call.chunk(b"\n\n")


async def empty_lines(call: Call) -> None:
    """Send a million empty lines within an answer."""
    await begin(call, HALF)
    for _ in range(100):
        await call.chunk(b"\n" * 10_000)
    await call.chunk(delta("and half.") + STOP + DONE)
    await call.chunk(b"")


async def comments(call: Call) -> None:
    """Keep the connection alive, and say nothing for ever."""
    await begin(call)
    while True:
        await call.chunk(b": still there\n\n")
        await asyncio.sleep(PACE_S)


async def held_open(call: Call) -> None:
    """Hold the connection open after the end."""
    await begin(call, GOOD)
    await call.hold()


# Below HTTP.


async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close while the question is sent."""
    await reader.read(100)
    spoken: socket.socket = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        spoken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def stalls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing."""
    while await reader.read(65536):
        pass


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer in plain HTTP whatever comes."""
    await reader.read(10)
    writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    await writer.drain()


BELOW: Final[dict[str, Bytes]] = {"closes": closes, "stalls": stalls, "plain": plain}


async def serve_bytes(serve: Bytes) -> None:
    """Serve below HTTP until the input is closed."""
    seen = {"requests": 0, "connections": 0, "open": 0}

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen["connections"] += 1
        seen["open"] += 1
        with contextlib.suppress(OSError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        seen["open"] -= 1

    async def report() -> object:
        return seen

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
    await serve_until_told(server.sockets[0].getsockname()[1], report)


async def serve_http(script: Callable[[Call], Awaitable[None]], certificate: str) -> None:
    """Serve HTTP until the input is closed."""
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    async with serving(script, tls) as server:

        async def report() -> object:
            requests = [[one.line, one.headers] for one in server.requests]
            return {"requests": requests, "connections": server.connections, "open": server.open}

        await serve_until_told(server.port, report)


async def serve_nobody() -> None:
    """Hold a port whose queue is full, so that a further connection never comes about."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())

        async def report() -> object:
            return {"requests": [], "connections": 0, "open": 0}

        await serve_until_told(server.getsockname()[1], report)


def main(fault: str) -> None:
    """Serve one fault."""
    if fault == "full":
        asyncio.run(serve_nobody())
    elif fault in BELOW:
        asyncio.run(serve_bytes(BELOW[fault]))
    else:
        certificate = sys.argv[2] if fault == "good" and len(sys.argv) > 2 else ""
        asyncio.run(serve_http(globals()[fault], certificate))


if __name__ == "__main__":
    main(sys.argv[1])
