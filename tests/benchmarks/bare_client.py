"""The HTTP library alone, asking the same: what a request costs at the least.

    python -m tests.benchmarks.bare_client PORT

Asks once for each line of its standard input, over one connection, and prints the seconds until
the first bytes of the answer's body came.
"""

from __future__ import annotations

import asyncio
import sys
import time

import httpx

from tests.benchmarks.quick_server import QUESTION, WORDS


async def ask(client: httpx.AsyncClient, url: str) -> float:
    """Return the seconds from asking to the first bytes."""
    body = {
        "model": "m",
        "messages": [{"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    begun, first = time.perf_counter(), 0.0
    came = b""
    async with client.stream("POST", url, json=body) as response:
        async for data in response.aiter_raw():
            first = first or time.perf_counter() - begun
            came += data
    if WORDS not in came:
        raise RuntimeError("that is no answer")
    return first


async def main(port: str) -> None:
    """Ask for each line."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in sys.stdin:
            took = await ask(client, f"http://127.0.0.1:{port}/v1/chat/completions")
            print(took, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
