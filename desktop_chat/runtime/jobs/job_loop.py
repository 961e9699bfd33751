"""The event loop of the network thread, and the jobs that run in it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.runtime.jobs.facts import Done, Failed
from desktop_chat.runtime.jobs.loop import NetworkLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from desktop_chat.runtime.jobs.mailbox import Mailbox

CLOSE_S: Final = 0.35
"""How long cancelled jobs and open connections may take to end; then they are given up."""
GIVE_UP_S: Final = 0.07
_log = logging.getLogger(__name__)


class JobLoop:
    """Jobs by id in one loop. Only `tell` may be called from another thread."""

    def __init__(
        self,
        mailbox: Mailbox,
        closing: Sequence[Callable[[], Coroutine[None, None, None]]],
    ) -> None:
        self._mailbox = mailbox
        self._closing = closing
        self._loop = NetworkLoop()
        self._stopping = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def tell(self, wish: Callable[[JobLoop], None]) -> None:
        """Have `wish(self)` called in the loop."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program ends
            self._loop.call_soon_threadsafe(wish, self)

    def run(self) -> None:
        """Run until `end`."""
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()

    def begin(self, job: int, work: Callable[[], Coroutine[None, None, object]]) -> None:
        """Run `work()` as a job."""
        self._tasks[job] = self._loop.create_task(self._run_job(job, work))

    def cancel(self, job: int) -> None:
        """Cancel a job; an unknown or ended one is left alone."""
        if task := self._tasks.get(job):
            task.cancel()

    def end(self) -> None:
        """Cancel all, close all, and let `run` return."""
        self._stopping.set()

    async def _live(self) -> None:
        await self._stopping.wait()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        closing = [asyncio.ensure_future(close()) for close in self._closing]
        if everything := [*tasks, *closing]:
            # A close that hangs is given up: the sockets go with the process.
            _, late = await asyncio.wait(everything, timeout=CLOSE_S)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=GIVE_UP_S)
        await _let_go()

    async def _run_job(self, job: int, work: Callable[[], Coroutine[None, None, object]]) -> None:
        try:
            self._mailbox.post(job, Done(await work()))
        except ChatError as error:
            self._mailbox.post(job, Failed(error.failure))
        except Exception as error:  # noqa: BLE001 - see the next line
            # The one broad catch of the program: a mistake in a job must end that job alone.
            _log.exception("a network job ended by a mistake")
            detail = type(error).__name__
            self._mailbox.post(job, Failed(Failure(kind=ErrorKind.INTERNAL, detail=detail)))
        finally:
            self._tasks.pop(job, None)


async def _let_go() -> None:
    """End what no job began, such as a connection to the demo that was just accepted."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left, timeout=GIVE_UP_S)
    for _ in range(2):
        await asyncio.sleep(0)  # connections let go of their sockets a turn after they were closed
