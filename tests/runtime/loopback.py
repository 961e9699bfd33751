"""Real servers on a thread of their own, for tests whose main thread belongs to Qt."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from tests.protocols.servers import Call, RawServer, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Script = Callable[[Call], Awaitable[None]]

WAIT_S = 10.0


class Loopback:
    """Runs servers by script until `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ending: dict[int, tuple[asyncio.Event, Future[None]]] = {}
        self._thread = threading.Thread(target=self._loop.run_forever, name="servers")
        self._thread.start()

    def serve(self, script: Script) -> RawServer:
        """Start a server that gives each request to the script."""
        ready: Future[RawServer] = Future()
        end = asyncio.Event()

        async def run() -> None:
            async with serving(script) as server:
                ready.set_result(server)
                await end.wait()

        future = asyncio.run_coroutine_threadsafe(run(), self._loop)
        server = ready.result(WAIT_S)
        self._ending[server.port] = (end, future)
        return server

    def end(self, server: RawServer) -> None:
        """End one server: from now on nobody listens there."""
        end, future = self._ending.pop(server.port)
        self._loop.call_soon_threadsafe(end.set)
        with contextlib.suppress(asyncio.CancelledError):
            future.result(WAIT_S)

    def gate(self) -> Gate:
        """Return something that a script can wait for and a test can open."""
        return Gate(self._loop)

    def close(self) -> None:
        """End every server."""
        for port in list(self._ending):
            self.end(RawServer(port))
        asyncio.run_coroutine_threadsafe(_let_go(), self._loop).result(WAIT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_S)
        self._loop.close()


async def _let_go() -> None:
    """End connections that were accepted as their server ended."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    for _ in range(2):
        await asyncio.sleep(0)


class Gate:
    """Closed until a test opens it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()

    async def passed(self) -> None:
        """Wait until it is open (in a script)."""
        await self._event.wait()

    def open(self) -> None:
        """Let scripts pass (in a test)."""
        self._loop.call_soon_threadsafe(self._event.set)


def delta(**fields: Any) -> bytes:
    """Return one event of a streamed chat completion."""
    choice = {"index": 0, "delta": fields, "finish_reason": None}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def text(words: str) -> bytes:
    """Return an event with a piece of text."""
    return delta(content=words)


def end(reason: str = "stop") -> bytes:
    """Return the last events of an answer."""
    choice = {"index": 0, "delta": {}, "finish_reason": reason}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\ndata: [DONE]\n\n"


async def begin(call: Call, *pieces: bytes) -> None:
    """Begin an event stream that is not over yet."""
    await call.head(content_type="text/event-stream", transfer_encoding="chunked")
    for piece in pieces:
        await call.chunk(piece)


async def finish(call: Call, *pieces: bytes) -> None:
    """Send the last pieces of a stream, and its end."""
    for piece in pieces:
        await call.chunk(piece)
    await call.chunk(end())
    await call.chunk(b"")


async def say(call: Call, *words: str) -> None:
    """Answer with these pieces of text."""
    await begin(call)
    await finish(call, *map(text, words))


async def refuse(call: Call, status: str, message: str = "no", **headers: str) -> None:
    """Answer with an error."""
    body = json.dumps({"error": {"message": message}}).encode()
    await call.answer(body, status, content_type="application/json", **headers)


def question_of(call: Call) -> list[dict[str, str]]:
    """Return the messages that a request holds."""
    messages: list[dict[str, str]] = json.loads(call.request.body)["messages"]
    return messages
