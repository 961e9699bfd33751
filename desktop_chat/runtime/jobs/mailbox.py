"""The one way by which facts from other threads reach the main thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FRAME_MS: Final = 16
BUDGET_S: Final = 0.004
"""How long one emptying may take before it leaves the rest for the next frame."""
PATIENT_MS: Final = 160
"""So long facts may wait of which nobody sees anything. Text must be on its way to the disk."""
RUN: Final = 256
"""How many facts are handed out at once, between two looks at the clock."""
FULL_BYTES: Final = 1024 * 1024
"""Above this, senders that can wait do (`is_full`), and TCP pushes back on the service."""


class _Run:
    """Facts of one job, gathered where they come from."""

    __slots__ = ("facts", "job", "size")

    def __init__(self, job: int) -> None:
        self.job = job
        self.facts: list[object] = []
        self.size = 0


class _Pile:
    """Runs that wait. What one job posts comes in its order; jobs that talk at once do not mix."""

    def __init__(self) -> None:
        self._runs: deque[_Run] = deque()
        self._open: dict[int, _Run] = {}
        """The last run of each job, which takes more."""

    def __bool__(self) -> bool:
        return bool(self._runs)

    def put(self, job: int, facts: Iterable[object], size: int) -> None:
        """Put facts behind those of their job."""
        run = self._open.get(job)
        if run is None or len(run.facts) >= RUN:
            run = self._open[job] = _Run(job)
            self._runs.append(run)
        run.facts += facts
        run.size += size

    def next(self) -> _Run:
        """Take what has waited longest."""
        run = self._runs.popleft()
        if self._open.get(run.job) is run:
            del self._open[run.job]
        return run

    def take(self, job: int) -> list[_Run]:
        """Take all that waits for one job."""
        if self._open.pop(job, None) is None:
            return []
        taken = [run for run in self._runs if run.job == job]
        self._runs = deque(run for run in self._runs if run.job != job)
        return taken

    def add(self, runs: list[_Run]) -> None:
        """Put whole runs of one job behind all that waits."""
        self._runs.extend(runs)
        self._open.update((run.job, run) for run in runs)


class Mailbox(QObject):
    """Facts wait here by job id until the main thread takes them, once a frame.

    What somebody looks out for, such as a first word, is posted to be taken at once; what nobody
    sees is taken ten frames later. `post`, `is_full` and `when_room` may be called from any thread,
    everything else from the main thread only. A queued signal for each fact would cost four times
    as much and has no bound.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._pile = _Pile()
        self._patient_pile = _Pile()
        self._waiting_bytes = 0
        self._announced = False
        """Whether the main thread knows of what waits for the next frame."""
        self._patient_announced = False
        self._prompt = False
        """Whether some of it is to be taken at once."""
        self._patient: set[int] = set()
        self._waiting_for_room: list[Callable[[], None]] = []
        self._receivers: dict[int, Callable[[list[object]], None]] = {}
        self._last_job = 0
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self.empty)
        self._emptied_at = 0.0
        self._all_emptied_at = 0.0
        self.ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)

    def is_full(self) -> bool:
        """Whether a sender that can wait should."""
        return self._waiting_bytes > FULL_BYTES

    def when_room(self, call: Callable[[], None]) -> None:
        """Have `call` called once, from any thread, when the box is not or no longer full."""
        with self._lock:
            # It may have been emptied since the caller looked, and may stay empty.
            waits = self.is_full()
            if waits:
                self._waiting_for_room.append(call)
        if not waits:
            call()

    def open(self, receive: Callable[[list[object]], None]) -> int:
        """Return a new job id; its facts go to `receive` on the main thread, in runs."""
        self._last_job += 1
        self._receivers[self._last_job] = receive
        return self._last_job

    def close(self, job: int) -> None:
        """Drop what still waits for a job, and all that will come."""
        self._receivers.pop(job, None)
        self._patient.discard(job)

    def set_patient(self, job: int, *, patient: bool) -> None:
        """Tell whether a job's facts can wait a little, as nobody sees what they change."""
        with self._lock:
            if patient:
                self._patient.add(job)
                return
            self._patient.discard(job)
            waiting = self._patient_pile.take(job)
            self._pile.add(waiting)
            announce = bool(waiting) and not self._announced
            self._announced = self._announced or announce
        if announce:
            self.ready.emit()

    def post(self, job: int, *facts: object, size: int = 0, prompt: bool = False) -> None:
        """Put facts of about `size` bytes into the box; `prompt`: they wait for no frame."""
        with self._lock:
            patient = job in self._patient
            (self._patient_pile if patient else self._pile).put(job, facts, size)
            self._waiting_bytes += size
            announce = self._is_news(patient=patient, prompt=prompt)
        if announce:
            self.ready.emit()

    def take(self, job: int) -> list[object]:
        """Take out all facts that wait for one job, so that nothing that came is lost on a stop."""
        with self._lock:
            taken = self._pile.take(job) + self._patient_pile.take(job)
            self._waiting_bytes -= sum(run.size for run in taken)
        self._tell_of_room()
        return [fact for run in taken for fact in run.facts]

    @Slot()
    def empty(self) -> None:
        """Hand out what waits, for as long as one frame can spare."""
        end = time.perf_counter() + BUDGET_S
        # Armed first: a mistake in one receiver must not leave the rest waiting for ever.
        self._frame.start(FRAME_MS)
        everything = self._patience_ms() <= 0 or self.is_full()
        while run := self._next_run(everything=everything):
            receive = self._receivers.get(run.job)
            if receive is not None:
                receive(run.facts)
            if time.perf_counter() > end:
                break
        else:
            self._frame.stop()
            if everything:
                self._all_emptied_at = time.perf_counter()
            elif self._patient_announced:
                self._frame.start(max(1, int(self._patience_ms())))
        self._emptied_at = time.perf_counter()
        self._tell_of_room()

    def _is_news(self, *, patient: bool, prompt: bool) -> bool:
        """Note that something waits, and return whether the main thread is to be told."""
        # A full box is not to be waited for by those whom somebody sees.
        if patient and not self.is_full():
            known, self._patient_announced = self._patient_announced, True
            return not known
        self._patient_announced = self._patient_announced or patient
        prompt = prompt and not patient
        known = self._announced and (self._prompt or not prompt)
        self._announced = True
        self._prompt = self._prompt or prompt
        return not known

    def _next_run(self, *, everything: bool) -> _Run | None:
        """Take the facts at the front that belong to one job, at most `RUN` of them."""
        with self._lock:
            pile = self._pile
            if not pile:
                self._announced = self._prompt = False
                self._patient_announced = bool(self._patient_pile)
                if not (everything and self._patient_pile):
                    return None
                pile = self._patient_pile
            run = pile.next()
            self._waiting_bytes -= run.size
            return run

    def _patience_ms(self) -> float:
        """Return how long what nobody sees can still wait."""
        return PATIENT_MS - (time.perf_counter() - self._all_emptied_at) * 1000

    def _tell_of_room(self) -> None:
        if self._waiting_for_room and not self.is_full():
            with self._lock:
                calls, self._waiting_for_room = self._waiting_for_room, []
            for call in calls:
                call()

    @Slot()
    def _on_ready(self) -> None:
        """Empty at once after a quiet time, so that a first word is not late; else next frame."""
        if self._announced:
            left_ms = FRAME_MS - (time.perf_counter() - self._emptied_at) * 1000
        else:
            left_ms = self._patience_ms()
        if self._prompt or left_ms <= 0:
            self.empty()
        elif not self._frame.isActive() or self._frame.remainingTime() > left_ms:
            self._frame.start(max(1, int(left_ms)))
