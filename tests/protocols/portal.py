"""A desktop's portal that knows a proxy, on a session bus of its own.

Run in a process of its own: `portal.py PROXY`. Its report holds the bus's address and what it was
asked for; `slow.test` gets no answer, and `near.test` needs no proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
from typing import Any, Final

from jeepney import HeaderFields, MessageType, new_method_return  # type: ignore[import-untyped]
from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from tests.processes import serve_until_told

NAME: Final = "org.freedesktop.portal.Desktop"


class Portal:
    """Answers `Lookup` for whoever asks."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().strip()
        self.asked: list[str] = []

    async def report(self) -> object:
        """Return the bus and what came."""
        return {"bus": self.address, "asked": self.asked}

    def serve(self, ready: threading.Event) -> None:
        """Answer until the process ends."""
        # The bus ends first, and the connection with it.
        with contextlib.suppress(OSError), open_dbus_connection(self.address) as connection:
            connection.send_and_get_reply(message_bus.RequestName(NAME))
            ready.set()
            while True:
                self._answer(connection, connection.receive())

    def end(self) -> None:
        """End the bus."""
        self._bus.kill()
        self._bus.wait()

    def _answer(self, connection: Any, message: Any) -> None:
        call = message.header.message_type is MessageType.method_call
        if not call or message.header.fields.get(HeaderFields.member) != "Lookup":
            return
        (origin,) = message.body
        self.asked.append(origin)
        if "slow.test" in origin:
            return
        found = "direct://" if "near.test" in origin else self._proxy
        connection.send(new_method_return(message, "as", ([found],)))


async def main(proxy: str) -> None:
    """Serve until the input is closed."""
    portal = Portal(proxy)
    ready = threading.Event()
    threading.Thread(target=portal.serve, args=(ready,), daemon=True).start()
    await asyncio.to_thread(ready.wait, 10)
    try:
        await serve_until_told(0, portal.report)
    finally:
        portal.end()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
