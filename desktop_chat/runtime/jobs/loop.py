"""The network thread's event loop: asyncio's own, but for name look-ups."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from typing_extensions import override

from desktop_chat.protocols.transport.faults import LOOK_UP
from desktop_chat.runtime.jobs.daemon import call_in_daemon


class NetworkLoop(asyncio.SelectorEventLoop):
    """Looks names up on daemon threads, so that a resolver that never answers holds nobody."""

    @override
    async def getaddrinfo(
        self,
        host: Any,
        port: Any,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        """Look a name up, as `socket.getaddrinfo` does.

        A time limit that passes meanwhile is told as the look-up's: `LOOK_UP` is its word.
        """
        try:
            return await call_in_daemon(
                LOOK_UP, lambda: socket.getaddrinfo(host, port, family, type, proto, flags)
            )
        except asyncio.CancelledError:
            raise asyncio.CancelledError(LOOK_UP) from None
