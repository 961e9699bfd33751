"""A real HTTP proxy: CONNECT and absolute addresses, with a name and a password if it is given one.

Run in a process of its own: `http_proxy.py [USER:PASSWORD] [CERTIFICATE]`. Every name under
`.test` is this computer; `closed.test` cannot be reached, and `forbidden.test` may not be.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import sys
from typing import Final
from urllib.parse import urlsplit

from tests.processes import serve_until_told

DENIED: Final = (
    'HTTP/1.1 407 Unknown {said}\r\nproxy-authenticate: Basic realm="test"\r\n'
    "content-length: {size}\r\nconnection: close\r\n\r\n{said}"
)
"""It repeats what it was told, as a rude proxy may."""
REFUSALS: Final = {
    "closed.test": b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n",
    "forbidden.test": b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
}


class HttpProxy:
    """Counts and keeps the heads of the requests that it was sent."""

    def __init__(self, login: str) -> None:
        self._login = base64.b64encode(login.encode()).decode() if login else ""
        self.heads: list[list[str]] = []
        self.denied = 0

    async def report(self) -> object:
        """Return what came."""
        return {"heads": self.heads, "denied": self.denied}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        self.heads.append(head)
        line, *headers = head
        fields = [one.partition(":") for one in headers]
        logins = [
            value.strip() for name, _, value in fields if name.lower() == "proxy-authorization"
        ]
        if self._login and logins != [f"Basic {self._login}"]:
            self.denied += 1
            said = " ".join(base64.b64decode(one[6:]).decode("latin-1") for one in logins)
            writer.write(DENIED.format(said=said, size=len(said)).encode("latin-1"))
            await writer.drain()
            return
        method, target, version = line.split(" ")
        where = urlsplit(target if method != "CONNECT" else f"//{target}")
        if (refusal := REFUSALS.get(where.hostname or "")) is not None:
            writer.write(refusal)
            await writer.drain()
            return
        host = "127.0.0.1" if (where.hostname or "").endswith(".test") else where.hostname
        there, to_there = await asyncio.open_connection(host, where.port or 80)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = f"{where.path or '/'}{'?' + where.query if where.query else ''}"
            kept = [f"{name}:{value}" for name, _, value in fields if not _for_proxy(name)]
            to_there.write("\r\n".join([f"{method} {path} {version}", *kept, "", ""]).encode())
        await asyncio.gather(_pipe(reader, to_there), _pipe(there, writer))


def _for_proxy(name: str) -> bool:
    return name.lower() in ("proxy-authorization", "proxy-connection")


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def main(login: str, certificate: str) -> None:
    """Serve until the input is closed."""
    proxy = HttpProxy(login)
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=tls)
    await serve_until_told(server.sockets[0].getsockname()[1], proxy.report)


if __name__ == "__main__":
    asyncio.run(main(*([*sys.argv[1:], "", ""][:2])))
