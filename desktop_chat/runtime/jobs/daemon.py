"""Calls that cannot be cancelled: name look-up, keyring, helper commands.

They run on daemon threads alone. Everything in asyncio's default executor, a thread pool or a
QThread is joined when the program ends, and a look-up of 6 s held it for as long; a daemon thread
is simply left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


async def call_in_daemon(name: str, function: Callable[[], Result]) -> Result:
    """Run a blocking function on a daemon thread of its own, and return or raise what it does.

    Cancelling gives up waiting at once; the thread goes on by itself and its result is dropped.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def deliver(result: Result | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only where it is a Result

    def work() -> None:
        result: Result | None = None
        error: BaseException | None = None
        try:
            result = function()
        except Exception as problem:  # noqa: BLE001 - it is raised again where it is awaited
            error = problem
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(deliver, result, error)

    threading.Thread(target=work, name=name, daemon=True).start()
    return await future
