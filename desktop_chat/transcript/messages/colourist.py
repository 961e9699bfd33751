"""Colours code: while a block arrives line by line, and whole in idle moments once it is closed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary, WeakSet, ref

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_chat.markdown.colouring import OpenColouring, WholeColouring
from desktop_chat.markdown.grammar import prepare_addresses
from desktop_chat.markdown.highlight import (
    MAX_CHARACTERS,
    MAX_LINES,
    find_lexer,
    is_coloured,
)
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.messages.guard import Guard, Unguarded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_chat.markdown.highlight import Run
    from desktop_chat.markdown.preparing import Preparer
    from desktop_chat.transcript.messages.document import Document

WARM_MS: Final = 2000
"""After so long the first use is paid for, at a time when nothing arrives yet."""
LANGUAGE_MS: Final = 16
"""How often it is looked whether a language is ready, while one is waited for."""
COMMON: Final = ("python", "javascript", "bash", "json")
_log = logging.getLogger(__name__)


def preparer() -> Preparer:
    """Return what makes languages ready."""
    from desktop_chat.markdown import preparing  # noqa: PLC0415 - with the first code

    return preparing.preparer()


class Colourist(QObject):
    """One for a view. Work that takes long is done in slices between events."""

    coloured = Signal()
    """A block got other colours."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._guard: Guard = Unguarded()
        self._owners: WeakKeyDictionary[CodeBox, str] = WeakKeyDictionary()
        """The message that a block stands in."""
        self._open: WeakKeyDictionary[CodeBox, OpenColouring] = WeakKeyDictionary()
        self._waiting: list[ref[CodeBox]] = []
        self._work: tuple[ref[CodeBox], WholeColouring] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_idle)
        self._unready: WeakSet[CodeBox] = WeakSet()
        """Blocks whose language is made ready now."""
        self._languages = QTimer(self)
        self._languages.setInterval(LANGUAGE_MS)
        self._languages.timeout.connect(self._on_language)
        QTimer.singleShot(WARM_MS, self, self._on_warm)

    def look(self, document: Document, top: int, bottom: int) -> None:
        """See to it that all code between two heights has its colours."""
        for number, y in document.visible(top, bottom):
            for _, column, _, inside in document.messages[number].columns():
                above = y + inside
                for at, _ in column.visible(top - above, bottom - above):
                    box = column.boxes[at]
                    if isinstance(box, CodeBox) and not box.coloured:
                        self._guard = document.guard
                        self._owners[box] = document.messages[number].item.id
                        self.colour(box)

    def colour(self, box: CodeBox) -> None:
        """See to it that a visible block has its colours."""
        if box.coloured:
            return
        if not preparer().is_ready(box.code.language):
            self._unready.add(box)
            self._languages.start()
            return
        if box.code.open:
            self._try(box, self._colour_open)
            return
        box.coloured = True
        self._open.pop(box, None)
        code = box.code
        if not is_coloured(code.language, code.lines):
            self._leave_plain(box)
            return
        self._waiting.append(ref(box))
        self._timer.start()

    def _colour_open(self, box: CodeBox) -> None:
        if len(box.code.lines) > MAX_LINES or box.length > MAX_CHARACTERS:
            self._open.pop(box, None)
            self._leave_plain(box)
            return
        growing = self._open.get(box)
        if growing is None:
            growing = self._open[box] = OpenColouring(box.code.language)
        first = growing.update(box.code.lines, min(box.stale, len(growing.runs)))
        box.recolour(first, growing.runs[first:])

    def _leave_plain(self, box: CodeBox) -> None:
        """Show a block without colours, and the reason in its header where it might have any."""
        box.plain = find_lexer(box.code.language) is not None
        box.coloured = True
        if box.runs:
            box.recolour(0, ())

    def _on_idle(self) -> None:
        if self._work is None:
            self._begin()
            return
        box = self._work[0]()
        if box is None or not self._try(box, self._step):
            self._work = None

    def _step(self, box: CodeBox) -> None:
        if self._work is None or not (work := self._work[1]).step():
            return
        self._work = None
        first = _first_difference(box.runs, work.runs)
        if first < len(work.runs):
            box.recolour(first, work.runs[first:])
            self.coloured.emit()

    def _try(self, box: CodeBox, act: Callable[[CodeBox], None]) -> bool:
        """Colour something; a block that does not let itself be coloured stays without."""
        self._guard.enter(self._owners.get(box, ""))
        try:
            act(box)
        except Exception:  # noqa: BLE001 - whatever it is, the words are still to be read
            _log.exception("a block of code cannot be coloured")
            box.coloured = box.plain = True
            return False
        finally:
            self._guard.leave()
        return True

    def _on_warm(self) -> None:
        """Pay for the common languages, and for addresses."""
        preparer().prepare(*COMMON, prepare_addresses)

    def _on_language(self) -> None:
        """Colour the blocks whose language has become ready."""
        ready = [one for one in self._unready if preparer().is_ready(one.code.language)]
        for box in ready:
            self._unready.discard(box)
            self.colour(box)
        if not self._unready:
            self._languages.stop()
        if any(box.code.open for box in ready):
            self.coloured.emit()

    def _begin(self) -> None:
        while self._waiting:
            waiting = self._waiting.pop()
            box = waiting()
            if box is not None:
                self._work = (waiting, WholeColouring(box.code.language, box.code.lines))
                return
        self._timer.stop()


def _first_difference(one: Sequence[Sequence[Run]], other: Sequence[Sequence[Run]]) -> int:
    """Return the first line that is coloured otherwise."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (old, new) in pairs if old != new), min(len(one), len(other)))
