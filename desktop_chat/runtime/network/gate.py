"""A gate on the way of a job: it waits there until another thread lets it through."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class Gate:
    """Opened once, by any thread; passed in the network's loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = False
        self._waiting: list[Callable[[], None]] = []

    def open(self) -> None:
        """Let through who waits, and all who come later."""
        with self._lock:
            self._open = True
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    async def passed(self) -> None:
        """Wait until it is open."""
        import asyncio  # noqa: PLC0415 - only on the network thread, whose loop it is

        loop, opened = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            if self._open:
                return
            self._waiting.append(lambda: wake(loop, opened))
        await opened.wait()


def wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Set an event of a loop, from any thread."""
    with contextlib.suppress(RuntimeError):  # the loop is closed: the program ends
        loop.call_soon_threadsafe(event.set)
