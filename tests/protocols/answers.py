"""Answers as services give them, and one question asked of a server that follows a script."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING, Any

from tests.protocols.asking import SHORT, Answer, ask
from tests.protocols.servers import Call, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop_chat.domain.stream import Limits


def delta(text: str) -> bytes:
    chunk = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


STOP = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
DONE = b"data: [DONE]\n\n"
GOOD = delta("Good ") + delta("answer.") + STOP + USAGE + DONE


async def good(call: Call) -> None:
    await call.stream(GOOD, content_type="text/event-stream")


def served(
    script: Callable[[Call], Awaitable[None]], *, limits: Limits = SHORT
) -> tuple[Answer, list[Any]]:
    """Ask a server that follows the script once; give the answer and what it was asked."""

    async def run() -> tuple[Answer, list[Any]]:
        async with serving(script) as server:
            return await ask(server.url, limits=limits), server.requests

    return asyncio.run(run())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
