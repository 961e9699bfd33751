"""A service that demands a client certificate, and says by an alert what it has against one.

Run in a process of its own: `strict_service.py CERTIFICATE CLIENTS [1.2]`. asyncio's own server
drops the connection without that alert, so this one speaks TLS itself, a thread for each.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import sys
import threading

from tests.processes import serve_until_told
from tests.protocols.service import ANSWER

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


class StrictService:
    """Counts the questions that it answered."""

    def __init__(self, certificate: str, clients: str, *, old: bool) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if old:
            self._tls.maximum_version = ssl.TLSVersion.TLSv1_2
        self._tls.load_cert_chain(certificate)
        self._tls.load_verify_locations(clients)
        self._tls.verify_mode = ssl.CERT_REQUIRED
        self.answered = 0

    async def report(self) -> object:
        """Return what came."""
        return {"answered": self.answered}

    def accept(self, listener: socket.socket) -> None:
        """Serve each connection on a thread of its own."""
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        spoken = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with spoken, contextlib.suppress(OSError):
            try:
                spoken.do_handshake()
            except ssl.SSLError:
                # The alert is sent. To close now would reset the connection and take it back.
                under = socket.socket(fileno=spoken.detach())
                with under:
                    under.shutdown(socket.SHUT_WR)
                    while under.recv(65536):
                        pass
                return
            asked = b""
            while b"\r\n\r\n" not in asked or not asked.rstrip().endswith(b"}"):
                asked += spoken.recv(65536)
            self.answered += 1
            spoken.sendall(HEAD + ANSWER)
            spoken.unwrap()


async def main(certificate: str, clients: str, version: str = "") -> None:
    """Serve until the input is closed."""
    service = StrictService(certificate, clients, old=version == "1.2")
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=service.accept, args=(listener,), daemon=True).start()
    await serve_until_told(listener.getsockname()[1], service.report)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
