"""Work in flight, as the main thread sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.runtime.jobs.facts import Done, Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from desktop_chat.runtime.jobs.mailbox import Mailbox
    from desktop_chat.runtime.jobs.network_thread import NetworkThread


class Job(QObject):
    """One piece of work on the network thread. It lives on the main thread alone.

    Ends by exactly one of `done` and `failed`, unless it was cancelled: then by neither.
    """

    done = Signal(object)
    failed = Signal(object)
    """Payload: `Failure`."""

    def __init__(
        self, thread: NetworkThread, mailbox: Mailbox, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._thread = thread
        self._mailbox = mailbox
        self._id = mailbox.open(self._receive)
        self._ended = False
        job = self._id
        self.destroyed.connect(lambda: _abandon(thread, mailbox, job))

    @property
    def id(self) -> int:
        """The number by which the network thread knows this work."""
        return self._id

    @property
    def ended(self) -> bool:
        """Whether `done` or `failed` was emitted, or the work was cancelled."""
        return self._ended

    def begin(self, work: Callable[[], Coroutine[None, None, object]]) -> None:
        """Run `work()` in the network thread's loop."""
        self._thread.submit(self._id, work)

    def set_patient(self, *, patient: bool) -> None:
        """Tell whether what it brings can wait a little, as nobody sees it."""
        if not self._ended:
            self._mailbox.set_patient(self._id, patient=patient)

    def cancel(self) -> None:
        """End it at once, without a signal; what it still posts is dropped."""
        if not self._ended:
            self._end()
            self._thread.cancel(self._id)

    def _end(self) -> None:
        self._ended = True
        self._mailbox.close(self._id)

    def _receive(self, facts: list[object]) -> None:
        for fact in facts:
            if self._ended:  # a slot may have cancelled it meanwhile
                return
            match fact:
                case Done(result):
                    self._end()
                    self.done.emit(result)
                case Failed(failure):
                    self._end()
                    self.failed.emit(failure)
                case _:
                    self._progress(fact)

    def _progress(self, fact: object) -> None:
        """Take a fact that is not the end."""


def _abandon(thread: NetworkThread, mailbox: Mailbox, job: int) -> None:
    """Drop the work of an object that went with its parent: nobody could receive its end."""
    mailbox.close(job)
    thread.cancel(job)
