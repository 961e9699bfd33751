"""An answer in flight."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from typing_extensions import override

from desktop_chat.domain.stream import Phase, ReasoningDelta, TextDelta
from desktop_chat.runtime.jobs.facts import Done, Failed
from desktop_chat.runtime.jobs.jobs import Job

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from desktop_chat.runtime.jobs.mailbox import Mailbox
    from desktop_chat.runtime.jobs.network_thread import NetworkThread


class Reply(Job):
    """Gives events any number of times, then exactly one of `done` and `failed`.

    After its end, and after `stop`, it gives nothing more.
    """

    arrived = Signal(object)
    """Payload: a `StreamEvent`."""
    phase_changed = Signal(object)
    """Payload: `Phase`."""

    def __init__(
        self, thread: NetworkThread, mailbox: Mailbox, parent: QObject | None = None
    ) -> None:
        super().__init__(thread, mailbox, parent)
        self._phase = Phase.CONNECTING

    @property
    def phase(self) -> Phase:
        """How far it is."""
        return self._phase

    def stop(self) -> None:
        """End it at once; what had come and was not handed out yet is handed out first."""
        if self.ended:
            return
        waiting = self._mailbox.take(self.id)
        self._receive([fact for fact in waiting if not isinstance(fact, Done | Failed)])
        self.cancel()

    @override
    def _receive(self, facts: list[object]) -> None:
        super()._receive(_joined(facts))

    @override
    def _progress(self, fact: object) -> None:
        if isinstance(fact, Phase):
            self._phase = fact
            self.phase_changed.emit(fact)
        else:
            self.arrived.emit(fact)


def _joined(facts: list[object]) -> list[object]:
    """Join neighbouring pieces of text, so that a fast stream costs no more than a slow one."""
    joined: list[object] = []
    for kind, run in groupby(facts, type):
        if kind is TextDelta or kind is ReasoningDelta:
            pieces = [piece.text for piece in run if isinstance(piece, TextDelta | ReasoningDelta)]
            joined.append(kind("".join(pieces)))
        else:
            joined.extend(run)
    return joined
