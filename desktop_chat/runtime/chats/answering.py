"""One answer in flight: ask once the question is stored, retry, gather, end."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop_chat.domain.chat import MessageState, PartKind
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.stream import (
    ChatRequest,
    FinishReason,
    KeyUsed,
    Phase,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
)
from desktop_chat.runtime.chats.answer import GrowingAnswer
from desktop_chat.runtime.chats.retrying import retry_delay_s
from desktop_chat.storage.commands import AppendJournal, FinishMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.stream import StreamEvent
    from desktop_chat.runtime.money.spending import Spending
    from desktop_chat.runtime.network.gate import Gate
    from desktop_chat.runtime.network.keys import Keys
    from desktop_chat.runtime.network.network import Network
    from desktop_chat.runtime.network.reply import Reply
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.runtime.process.collector import GarbageSchedule
    from desktop_chat.runtime.storing.store import Store

STORE_WAIT_MS: Final = 1000
"""How long a question waits to be on the disk before it is asked from memory."""
JOURNAL_MS: Final = 100
"""How long text is gathered before it goes to the storage thread, which gathers a little more."""
KEPT_OPEN_ENDED: Final = {ErrorKind.BROKEN_STREAM, ErrorKind.SILENCE, ErrorKind.STREAM_ERROR}
STOP_FAILURES: Final = {
    FinishReason.LENGTH: ErrorKind.LENGTH_STOP,
    FinishReason.PAUSED: ErrorKind.PAUSED,
    FinishReason.SAFETY: ErrorKind.SAFETY_STOP,
}


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What every session stands on."""

    network: Network
    store: Store
    preferences: Preferences
    garbage: GarbageSchedule
    keys: Keys
    spending: Callable[[], Spending]
    """Gives what keeps the ledger; made at the first question."""


class Answering(QObject):
    """Takes a request to its end, whichever that is. Lives on the main thread."""

    text_arrived = Signal(str, str)
    """Payload: message id, text."""
    reasoning_arrived = Signal(str, str)
    phase_changed = Signal()
    ended = Signal(object)
    """Payload: the finished `Message`. Emitted exactly once; it is stored by then."""

    def __init__(
        self,
        services: Services,
        message: Message,
        request: ChatRequest,
        *,
        stored: Gate,
        temporary: bool,
        parent: QObject,
    ) -> None:
        """Nothing is asked before `stored` opens; it is not waited for much longer than usual."""
        super().__init__(parent)
        self._services = services
        self._stored = stored
        self._request = request
        self._temporary = temporary
        self._answer = GrowingAnswer(message)
        exchanges = services.network.exchanges
        self._recording = exchanges.begin(message.id, message.conversation_id, request.provider)
        self._reply: Reply | None = None
        self._patient = False
        self._attempt = 0
        self._ended = False
        self._retry_at = 0.0
        self._phase = Phase.CONNECTING
        self._phase_since = time.monotonic()
        self._sent = False
        self._unwritten: dict[PartKind, list[str]] = {}
        self._writing = self._timer(self._write_journal)
        self._storing = self._timer(self._on_slow_disk)
        self._retry = self._timer(self.begin)
        # A coarse one may be early, and a service that asked for a pause would refuse again.
        self._retry.setTimerType(Qt.TimerType.PreciseTimer)
        self._storing.start(STORE_WAIT_MS)
        services.garbage.stream_began()

    @property
    def message_id(self) -> str:
        """The id of the message that grows."""
        return self._answer.message_id

    @property
    def phase(self) -> Phase:
        """How far it is."""
        return self._phase

    @property
    def phase_since(self) -> float:
        """When the phase began, in seconds of the monotonic clock."""
        return self._phase_since

    @property
    def retry_in_s(self) -> float:
        """How long until a busy service is asked again; 0 when none is waited for."""
        return max(0.0, self._retry_at - time.monotonic()) if self._retry.isActive() else 0.0

    def begin(self) -> None:
        """Ask. Later calls do nothing, but after a pause."""
        if self._ended or self._reply is not None:
            return
        self._retry.stop()
        self._set_phase(Phase.CONNECTING)
        self._answer.asked()
        self._reply = self._services.network.ask(self._request, self, self._recording, self._stored)
        self._reply.set_patient(patient=self._patient)
        self._reply.arrived.connect(self._on_arrived)
        self._reply.phase_changed.connect(self._set_phase)
        self._reply.done.connect(self._on_done)
        self._reply.failed.connect(self._on_failed)

    def set_patient(self, *, patient: bool) -> None:
        """Tell whether nobody sees it, so that it may come in fewer pieces."""
        self._patient = patient
        if self._reply is not None:
            self._reply.set_patient(patient=patient)

    def retry_now(self) -> None:
        """Do not wait for the end of the pause that a service asked for."""
        if self._retry.isActive():
            self.begin()

    def stop(self, state: MessageState) -> None:
        """End it at once, in the given state, and keep what came."""
        if self._reply is not None:
            self._reply.stop()
        self.end(state)

    def end(self, state: MessageState, failure: Failure | None = None) -> None:
        """Store the message as it stands and say that it ended. Later calls do nothing."""
        if self._ended:
            return
        self._ended = True
        for timer in (self._writing, self._storing, self._retry):
            timer.stop()
        self._release_reply()
        self._services.garbage.stream_ended()
        if failure is not None and not self._temporary:
            self._log(failure)
        message = self._answer.message(state, failure)
        self._services.store.post(FinishMessage(message), durable=True, temporary=self._temporary)
        self._services.network.exchanges.end(message.id)
        self._services.spending().end(message, sent=self._sent, temporary=self._temporary)
        self.ended.emit(message)
        self.deleteLater()

    def _log(self, failure: Failure) -> None:
        """Write down what kind of trouble it was, and no word of anybody."""
        protocol, attempt = self._request.provider.protocol, self._attempt
        status = f", status {failure.status}" if failure.status else ""
        _log.warning(
            "an answer ended by %s%s (%s, retry %d)", failure.kind, status, protocol, attempt
        )

    @Slot()
    def _on_slow_disk(self) -> None:
        # Not a signal's own affair: the gate may go last on another thread, and with it what Qt
        # notes of those whom it calls, which belongs to this one.
        self._stored.open()

    @Slot(object)
    def _on_arrived(self, event: StreamEvent) -> None:
        self._answer.take(event)
        match event:
            case TextDelta(text):
                self._journal(PartKind.TEXT, text)
                self.text_arrived.emit(self.message_id, text)
            case RefusalDelta(text):
                self._journal(PartKind.REFUSAL, text)
                self.text_arrived.emit(self.message_id, text)
            case ReasoningDelta(text):
                self._journal(PartKind.REASONING, text)
                self.reasoning_arrived.emit(self.message_id, text)
            case KeyUsed(slot) if not self._temporary:
                self._services.keys.note_use(self._request.provider.id, slot)
            case _:
                pass

    @Slot(object)
    def _on_done(self, _result: object) -> None:
        kind = STOP_FAILURES.get(self._answer.reason or FinishReason.UNKNOWN)
        failure = None
        if kind is not None:
            service = self._request.provider.name
            failure = Failure(kind=kind, service=service, model=self._request.model)
        self.end(MessageState.COMPLETE, failure)

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self._release_reply()
        delay_s = retry_delay_s(failure, self._attempt)
        if delay_s is not None and not self._answer.has_text:
            self._attempt += 1
            self._retry_at = time.monotonic() + delay_s
            self._retry.start(math.ceil(delay_s * 1000))
            self._set_phase(Phase.RETRYING)
        elif self._answer.has_text and failure.kind in KEPT_OPEN_ENDED:
            self.end(MessageState.INTERRUPTED, failure)
        else:
            self.end(MessageState.FAILED, failure)

    @Slot(object)
    def _set_phase(self, phase: Phase) -> None:
        if phase is self._phase:
            return
        self._sent = self._sent or phase not in (Phase.CONNECTING, Phase.RETRYING)
        self._phase = phase
        self._phase_since = time.monotonic()
        self.phase_changed.emit()

    def _journal(self, kind: PartKind, text: str) -> None:
        self._unwritten.setdefault(kind, []).append(text)
        if self._patient:
            # It has waited long enough on its way here.
            self._write_journal()
        elif not self._writing.isActive():
            self._writing.start(JOURNAL_MS)

    @Slot()
    def _write_journal(self) -> None:
        self._writing.stop()
        commands = [
            AppendJournal(self._answer.message_id, kind, "".join(pieces))
            for kind, pieces in self._unwritten.items()
        ]
        self._unwritten = {}
        self._services.store.post(*commands, temporary=self._temporary)

    def _release_reply(self) -> None:
        if self._reply is not None:
            self._reply.cancel()
            self._reply.deleteLater()
            self._reply = None

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer
