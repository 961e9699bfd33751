"""Fetching a picture: what is sent, what is refused, and where a connection may go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.pictures import Fetched, Moved, Near, PictureAnswer, is_near, is_public
from desktop_chat.protocols.transport import pictures
from desktop_chat.protocols.transport.pictures import fetch_picture

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def served(
    answer: bytes, ask: Callable[[int], Awaitable[PictureAnswer]]
) -> tuple[PictureAnswer | ErrorKind, list[bytes]]:
    """Return what asking a server of one answer gave, and the requests that it saw."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        return await ask(server.sockets[0].getsockname()[1]), seen
    except ChatError as error:
        return error.failure.kind, seen
    finally:
        server.close()
        await server.wait_closed()


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


def test_a_picture_is_asked_for_with_nothing_but_the_wish() -> None:
    async def ask(port: int) -> PictureAnswer:
        return await fetch_picture(f"http://127.0.0.1:{port}/a.png?b=c", near=True)

    answer, seen = asyncio.run(served(ok(b"bytes"), ask))
    assert answer == Fetched(b"bytes")
    (request,) = seen
    assert request.startswith(b"GET /a.png?b=c HTTP/1.1\r\n")
    names = {line.split(b":")[0].lower() for line in request.split(b"\r\n")[1:] if line}
    assert names <= {b"host", b"accept", b"accept-encoding", b"user-agent", b"connection"}


def test_nothing_near_is_reached_before_the_person_says_so() -> None:
    async def ask(port: int) -> PictureAnswer:
        return await fetch_picture(f"http://127.0.0.1:{port}/a.png", near=False)

    answer, seen = asyncio.run(served(ok(b"bytes"), ask))
    assert answer == Near("127.0.0.1")
    assert seen == []


def test_a_public_name_that_leads_home_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_up(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "127.0.0.1"]

    monkeypatch.setattr(pictures, "_look_up", look_up)

    async def ask(port: int) -> PictureAnswer:
        return await fetch_picture(f"http://rebound.example:{port}/a.png", near=False)

    answer, seen = asyncio.run(served(ok(b"bytes"), ask))
    assert answer == Near("rebound.example")
    assert seen == []


def test_the_connection_goes_to_the_very_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def look_up(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    # No look-up of the system's knows this name: a second one would fail.
    monkeypatch.setattr(pictures, "_look_up", look_up)
    monkeypatch.setattr(pictures, "is_public", lambda _address: True)

    async def ask(port: int) -> PictureAnswer:
        return await fetch_picture(f"http://pics.invalid:{port}/a.png", near=False)

    answer, seen = asyncio.run(served(ok(b"bytes"), ask))
    assert answer == Fetched(b"bytes")
    assert b"Host: pics.invalid:" in seen[0]


def test_a_redirect_is_told_whole_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /b.png?c=d#e\r\nContent-Length: 0\r\n\r\n"

    async def ask(port: int) -> PictureAnswer:
        return await fetch_picture(f"http://127.0.0.1:{port}/a.png", near=True)

    answer, seen = asyncio.run(served(moved, ask))
    assert isinstance(answer, Moved)
    assert answer.target.endswith("/b.png?c=d")
    assert len(seen) == 1


def test_more_than_the_limit_is_not_taken() -> None:
    async def ask(port: int) -> PictureAnswer:
        return await fetch_picture(f"http://127.0.0.1:{port}/a.png", near=True)

    answer, _ = asyncio.run(served(ok(bytes(5 * 1024 * 1024 + 1)), ask))
    assert answer is ErrorKind.LIMIT


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a/b", "http://a:b@c.example/x", "http://", "data:,x", "//a/b"],
)
def test_other_addresses_are_not_asked(address: str) -> None:
    with pytest.raises(ChatError):
        asyncio.run(fetch_picture(address, near=True))


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True),
        ("printer", True),
        ("nas.local", True),
        ("router.lan", True),
        ("10.0.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("[::1]", True),
        ("fe80::1%eth0", True),
        ("::ffff:192.168.0.1", True),
        ("0.0.0.1", True),
        ("224.0.0.1", True),
        ("93.184.215.14", False),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", False),
        ("pics.example.org", False),
    ],
)
def test_what_is_near(host: str, near: bool) -> None:
    assert is_near(host) is near


@pytest.mark.parametrize("address", ["64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:10.0.0.1"])
def test_near_addresses_in_the_clothes_of_others_are_known(address: str) -> None:
    assert not is_public(address)
