"""Waiting for Qt signals in a program that has no window, and for the word to end."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop

from desktop_chat.runtime.process.interrupts import Interrupts

if TYPE_CHECKING:
    from types import TracebackType

    from PySide6.QtCore import SignalInstance

    from desktop_chat.runtime.jobs.jobs import Job


class Interruption(Exception):  # noqa: N818 - somebody's wish, not a mistake
    """The person, or the system, asked the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number
        """What the program's exit status is by convention."""


class Waiting:
    """A context in which Ctrl-C ends a wait at once, whatever is waited for."""

    def __init__(self) -> None:
        self._interrupts = Interrupts()
        self._interrupts.interrupted.connect(self._on_interrupted)
        self._number = 0
        self._loop: QEventLoop | None = None

    def __enter__(self) -> Waiting:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._interrupts.close()

    def for_any(self, *signals: SignalInstance) -> object:
        """Wait for one of the signals; return its payload. Raises `Interruption`."""
        payload: list[object] = []
        loop = self._loop = QEventLoop()

        def take(*values: object) -> None:
            payload.extend(values)
            loop.quit()

        for one in signals:
            one.connect(take)
        if not self._number:
            loop.exec()
        self._loop = None
        for one in signals:
            with contextlib.suppress(RuntimeError):  # its sender is gone
                one.disconnect(take)
        if self._number:
            raise Interruption(self._number)
        return payload[0] if payload else None

    def for_job(self, job: Job) -> object:
        """Wait for a job's result, or its `Failure`."""
        return self.for_any(job.done, job.failed)

    def _on_interrupted(self, number: int) -> None:
        self._number = number
        if self._loop is not None:
            self._loop.quit()
