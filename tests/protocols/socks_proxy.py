"""A real SOCKS5 proxy (RFC 1928), with a name and a password (RFC 1929) if it is given one.

Run in a process of its own: `socks_proxy.py [USER:PASSWORD]`. Every name under `.test` is this
computer; `closed.test` cannot be reached.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import sys
from typing import Final

from tests.processes import serve_until_told

NO_LOGIN: Final = 0
LOGIN: Final = 2
NOTHING: Final = 255
_NAME: Final = 3
_SIZES: Final = {1: 4, 4: 16}


class SocksProxy:
    """Keeps the names and ports that it was asked for."""

    def __init__(self, login: str) -> None:
        self._login = login.encode()
        self.asked: list[str] = []
        self.denied = 0

    async def report(self) -> object:
        """Return what came."""
        return {"asked": self.asked, "denied": self.denied}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if await self._let_in(reader, writer):
                await self._connect(reader, writer)
        writer.close()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _version, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        wanted = LOGIN if self._login else NO_LOGIN
        writer.write(bytes((5, wanted if wanted in offered else NOTHING)))
        if wanted not in offered:
            self.denied += 1
            return False
        if wanted == NO_LOGIN:
            return True
        _version, size = await reader.readexactly(2)
        user = await reader.readexactly(size)
        (size,) = await reader.readexactly(1)
        known = user + b":" + await reader.readexactly(size) == self._login
        writer.write(bytes((1, 0 if known else 1)))
        self.denied += not known
        return known

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _version, _command, _, kind = await reader.readexactly(4)
        if kind == _NAME:
            (size,) = await reader.readexactly(1)
            host = (await reader.readexactly(size)).decode()
        else:
            host = str(ipaddress.ip_address(await reader.readexactly(_SIZES[kind])))
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{host}:{port}")
        if host == "closed.test":
            writer.write(b"\x05\x04\x00\x01" + bytes(6))
            return
        local = "127.0.0.1" if host.endswith(".test") else host
        there, to_there = await asyncio.open_connection(local, port)
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await asyncio.gather(_pipe(reader, to_there), _pipe(there, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def main(login: str) -> None:
    """Serve until the input is closed."""
    proxy = SocksProxy(login)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    await serve_until_told(server.sockets[0].getsockname()[1], proxy.report)


if __name__ == "__main__":
    asyncio.run(main(*([*sys.argv[1:], ""][:1])))
