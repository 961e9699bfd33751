"""The network thread: one asyncio loop in which every request of every tab runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QThread
from typing_extensions import override

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.runtime.loop import NetworkLoop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from desktop_chat.runtime.mailbox import Mailbox

STOP_MS: Final = 700
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """A job ended well, with its result."""

    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    """A job ended by a failure."""

    failure: Failure


class NetworkThread(QThread):
    """Runs jobs by id and posts their ends, `Done` or `Failed`, into the mailbox.

    A cancelled job posts nothing: who cancels knows. Work may be given before the loop runs. The
    thread never touches an object of the main thread.
    """

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._loop = NetworkLoop()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._closing: list[Callable[[], Coroutine[None, None, None]]] = []
        self._running = threading.Event()
        self._stopping: asyncio.Event | None = None

    def on_close(self, close: Callable[[], Coroutine[None, None, None]]) -> None:
        """Have `close()` awaited in the loop when the thread ends. Called before `start`."""
        self._closing.append(close)

    def submit(self, job: int, work: Callable[[], Coroutine[None, None, object]]) -> None:
        """Run `work()` in the loop as job `job`; callable from the main thread at any time."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program ends
            self._loop.call_soon_threadsafe(self._begin, job, work)

    def cancel(self, job: int) -> None:
        """Cancel a job at the await where it stands; an unknown or ended one is left alone."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._cancel, job)

    def stop(self) -> bool:
        """Cancel all, close all, and wait for the end; whether it came within `STOP_MS`."""
        if not self.isRunning():
            self._loop.close()
            return True
        self._running.wait(STOP_MS / 1000)
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end)
        return self.wait(STOP_MS)

    @override
    def run(self) -> None:
        """Run the loop until `stop` (Qt calls this on the new thread)."""
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()

    async def _live(self) -> None:
        self._stopping = asyncio.Event()
        self._running.set()
        await self._stopping.wait()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        closing = [asyncio.ensure_future(close()) for close in self._closing]
        if everything := [*tasks, *closing]:
            # A close that hangs is given up: the sockets go with the process.
            _, late = await asyncio.wait(everything, timeout=STOP_MS / 2000)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=STOP_MS / 10_000)

    def _end(self) -> None:
        if self._stopping is not None:
            self._stopping.set()

    def _begin(self, job: int, work: Callable[[], Coroutine[None, None, object]]) -> None:
        self._tasks[job] = self._loop.create_task(self._run_job(job, work))

    def _cancel(self, job: int) -> None:
        if task := self._tasks.get(job):
            task.cancel()

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
