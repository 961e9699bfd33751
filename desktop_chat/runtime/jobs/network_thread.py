"""The network thread: one asyncio loop in which every request of every tab runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QThread
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from desktop_chat.runtime.jobs.job_loop import JobLoop
    from desktop_chat.runtime.jobs.mailbox import Mailbox

STOP_MS: Final = 700


class NetworkThread(QThread):
    """Runs jobs by id and posts their ends, `Done` or `Failed`, into the mailbox.

    A cancelled job posts nothing: who cancels knows. The thread starts with the first job, and
    asyncio is imported on it: the window comes first. It never touches an object of the main
    thread. All methods are for the main thread.
    """

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._closing: list[Callable[[], Coroutine[None, None, None]]] = []
        self._lock = threading.Lock()
        self._loop: JobLoop | None = None
        self._early: list[Callable[[JobLoop], None]] = []
        self._over = False

    def on_close(self, close: Callable[[], Coroutine[None, None, None]]) -> None:
        """Have `close()` awaited in the loop when the thread ends. Called before the first job."""
        self._closing.append(close)

    def submit(self, job: int, work: Callable[[], Coroutine[None, None, object]]) -> None:
        """Run `work()` in the loop as job `job`; `work` itself is called there as well."""
        self._tell(lambda loop: loop.begin(job, work))
        if not self._over:
            self.start()

    def cancel(self, job: int) -> None:
        """Cancel a job at the await where it stands; an unknown or ended one is left alone."""
        self._tell(lambda loop: loop.cancel(job))

    def stop(self) -> bool:
        """Cancel all, close all, and wait for the end; whether it came within `STOP_MS`."""
        if self.isRunning():
            self._tell(lambda loop: loop.end())
            return self.wait(STOP_MS)
        self._over = True
        return True

    @override
    def run(self) -> None:
        """Run the loop until `stop` (Qt calls this on the new thread)."""
        from desktop_chat.runtime.jobs.job_loop import JobLoop  # noqa: PLC0415 - see the class

        loop = JobLoop(self._mailbox, self._closing)
        with self._lock:
            self._loop = loop
            early, self._early = self._early, []
        for wish in early:
            loop.tell(wish)
        loop.run()
        with self._lock:
            self._over = True

    def _tell(self, wish: Callable[[JobLoop], None]) -> None:
        """Have a wish carried out in the loop; after the end it is dropped."""
        with self._lock:
            if self._over:
                return
            if self._loop is None:
                self._early.append(wish)
            else:
                self._loop.tell(wish)
