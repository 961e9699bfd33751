"""Formulas for all transcripts: typeset on a thread of their own, and kept for the next look."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_chat.transcript.formula.ink import FormulaInk
from desktop_chat.transcript.formula.thread import FormulaThread, Wish

if TYPE_CHECKING:
    from desktop_chat.markdown.drawn_formula import Formula

MOST: Final = 4000
"""Formulas that are kept: some 3 MB."""
FRAME_MS: Final = 30
"""How often it is looked for what was drawn, while anything is waited for."""
START_MS: Final = 50
"""So long after events are handled the thread starts."""
STUCK_MS: Final = 8000
"""After so long without an answer nothing is expected any more. The first one imports a library."""


class Absent(Enum):
    """Why there is no formula to paint."""

    WAITING = auto()
    """It is being drawn; `ready` tells when to ask again."""
    REFUSED = auto()
    """It cannot be drawn: its source is shown."""


class Formulas(QObject):
    """Answers how formulas look. There is one, so that one thread works; it starts when needed."""

    ready = Signal()
    """Some that were waited for are known now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ink = FormulaInk()
        self._known: OrderedDict[Wish, Formula | None] = OrderedDict()
        self._waiting: set[Wish] = set()
        self._thread: FormulaThread | None = None
        self._stuck = False
        # A signal from the thread could meet an object that is just being destroyed.
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._patience = QTimer(self, singleShot=True, interval=STUCK_MS)
        self._patience.timeout.connect(self._on_stuck)

    def find(self, source: str, *, display: bool) -> Formula | Absent:
        """Return a formula; where it is not known yet, have it drawn."""
        wish = Wish(source, display)
        if self._stuck:
            self._collect()
        if wish in self._known:
            self._known.move_to_end(wish)
            return self._known[wish] or Absent.REFUSED
        if self._stuck:
            return Absent.REFUSED
        if wish not in self._waiting:
            self._want(wish)
        return Absent.WAITING

    def _want(self, wish: Wish) -> None:
        if self._thread is None:
            self._thread = thread = FormulaThread()
            # As the window opens, it would take half of the processor from the first paint.
            later = partial(QTimer.singleShot, START_MS, self, thread.start)
            QTimer.singleShot(0, self, later)
        if not self._waiting:
            self._frame.start()
            self._patience.start()
        self._waiting.add(wish)
        forgotten = self._thread.want(wish)
        if forgotten is not None:
            self._waiting.discard(forgotten)

    def _collect(self) -> bool:
        """Take up what has been drawn since; whether there was any."""
        answers = self._thread.take() if self._thread is not None else []
        for wish, formula in answers:
            self._waiting.discard(wish)
            self._known[wish] = formula
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        self._stuck = self._stuck and not answers
        return bool(answers)

    @Slot()
    def _on_frame(self) -> None:
        if not self._collect():
            return
        if self._waiting:
            self._patience.start()
        else:
            self._rest()
        self.ready.emit()

    @Slot()
    def _on_stuck(self) -> None:
        """Show sources: a thread cannot be ended. Should it answer after all, go on."""
        self._stuck = True
        self._waiting.clear()
        self._rest()
        self.ready.emit()

    def _rest(self) -> None:
        self._patience.stop()
        self._frame.stop()
