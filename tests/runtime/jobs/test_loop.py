"""Names are looked up where a resolver that never answers holds nobody."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.runtime.jobs.daemon import call_in_daemon
from desktop_chat.runtime.jobs.loop import NetworkLoop

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def loop() -> Iterator[NetworkLoop]:
    made = NetworkLoop()
    yield made
    made.close()


def test_names_are_looked_up_as_the_system_does(loop: NetworkLoop) -> None:
    found = loop.run_until_complete(
        loop.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    )
    assert found == socket.getaddrinfo("localhost", 80, 0, socket.SOCK_STREAM, socket.IPPROTO_TCP)


def test_an_unknown_name_raises_what_the_system_raises(loop: NetworkLoop) -> None:
    with pytest.raises(socket.gaierror):
        loop.run_until_complete(loop.getaddrinfo("no-such-host.invalid", 80))


def test_a_resolver_that_never_answers_is_cancelled_at_once(
    loop: NetworkLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def never(*_arguments: Any) -> list[Any]:
        asked.set()
        answer.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)

    async def connect() -> None:
        task = asyncio.ensure_future(loop.create_connection(asyncio.Protocol, "host.example", 80))
        await call_in_daemon("asked", asked.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    try:
        loop.run_until_complete(connect())
        assert not answer.is_set()
        # Closing waits for no thread either: none of asyncio's own pool was used.
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        answer.set()
