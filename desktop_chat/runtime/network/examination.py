"""An examination of a connection, as the main thread sees it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from typing_extensions import override

from desktop_chat.domain.checkup import Step
from desktop_chat.runtime.jobs.jobs import Job


class Examination(Job):
    """Gives each layer as it ends, then all of them. It can be cancelled at any time."""

    stepped = Signal(object)
    """Payload: `Step`."""

    @override
    def _progress(self, fact: object) -> None:
        if isinstance(fact, Step):
            self.stepped.emit(fact)
