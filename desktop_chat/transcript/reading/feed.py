"""Text on its way in: collected, and taken up once a frame, only while somebody can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop_chat.transcript.messages.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.thinking import ThinkingClock
    from desktop_chat.transcript.reading.scroller import Scroller

    Keeping = Callable[[], AbstractContextManager[None]]
    """What is held while texts change, for what is selected in them."""

FRAME_MS: Final = 16
LATE_MS: Final = 150
LATE_TIMES: Final = 4
READ_MS: Final = 8
LATER_MS: Final = 10
"""So long after a second was full its number is painted."""
EVERYTHING: Final = (1 << 31) - 1
"""Below all that is shown: no height is greater."""


class Feed(QObject):
    """What has arrived for one transcript and is not laid out yet."""

    grown = Signal(int, int)
    """The document looks different from this height on, and scrolled by so many pixels."""
    ticked = Signal()
    """A second of reasoning went by."""
    ended = Signal(object)
    """Payload: the `Item` of an answer that came to its end while nobody saw it."""

    def __init__(self, scroller: Scroller, parent: QObject, keeping: Keeping) -> None:
        super().__init__(parent)
        self._scroller = scroller
        self._keeping = keeping
        self._document = scroller.document
        self._texts: dict[str, list[str]] = {}
        self._thoughts: dict[str, list[str]] = {}
        self._ends: dict[str, Item] = {}
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._waited_for: set[str] = set()
        """Answers of which the reading may have put the last words off."""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(self._on_late)
        self._late_left = 0
        self._reader = QTimer(self)
        self._reader.setSingleShot(True)
        self._reader.setInterval(READ_MS)
        self._reader.timeout.connect(self._on_read)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._on_second)

    def text(self, item_id: str, text: str) -> None:
        """Collect a piece of an answer."""
        if (answer := self._answer(item_id)) is not None:
            answer.note_answering()
        self._texts.setdefault(item_id, []).append(text)
        self._wake()

    def reasoning(self, item_id: str, text: str) -> None:
        """Collect a piece of reasoning."""
        if (answer := self._answer(item_id)) is not None:
            answer.note_thinking()
        self._thoughts.setdefault(item_id, []).append(text)
        self._wake()

    def end(self, item: Item) -> None:
        """Keep an answer's last state, which has all of its text, until it is taken up."""
        self._texts.pop(item.id, None)
        self._thoughts.pop(item.id, None)
        self._ends[item.id] = item

    def clear(self) -> None:
        """Forget what was collected: it belongs to messages that are gone."""
        self._ends.clear()
        self._texts.clear()
        self._thoughts.clear()

    def flush(self) -> None:
        """Take up now what was collected."""
        if self._texts or self._thoughts:
            self._take_up()
        ends, self._ends = self._ends, {}
        for item in ends.values():
            self.ended.emit(item)

    def watch(self) -> None:
        """Run or stop what goes by time: the clock of the reasoning, the reading of long texts."""
        seen = self._scroller.seen
        if seen and not self._reader.isActive() and self._document.unread():
            self._reader.start()
        thinking = self._thinking() if seen else None
        if thinking is None:
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start(thinking.next_change_ms + LATER_MS)

    def _take_up(self) -> None:
        texts, self._texts = self._texts, {}
        self._await_late(texts)
        thoughts, self._thoughts = self._thoughts, {}
        before, top = self._scroller.scroll, EVERYTHING
        tops = self._tops(texts) + self._tops(thoughts)
        with self._keeping(), self._scroller.steady():
            for item_id, pieces in thoughts.items():
                top = min(top, self._think(item_id, "".join(pieces)))
            for item_id, pieces in texts.items():
                top = min(top, self._grow(item_id, "".join(pieces)))
        if self._tops(texts) + self._tops(thoughts) != tops:
            top = 0
        self.grown.emit(top, self._scroller.scroll - before)

    def _tops(self, item_ids: Iterable[str]) -> list[int]:
        """Return where messages begin."""
        document = self._document
        known = [one for one in item_ids if document.has(one)]
        return [document.top(document.number(one)) for one in known]

    def _await_late(self, texts: dict[str, list[str]]) -> None:
        if any(piece for pieces in texts.values() for piece in pieces):
            self._waited_for.update(texts)
            self._late_left = LATE_TIMES
            self._late.start()

    def _think(self, item_id: str, text: str) -> int:
        """Let reasoning grow; return the height from which on things look different."""
        document = self._document
        if not document.has(item_id):
            return EVERYTHING
        number = document.number(item_id)
        document.think(number, text)
        return document.top(number)

    def _grow(self, item_id: str, text: str) -> int:
        """Let a text grow; return the height from which on things look different."""
        document = self._document
        if not document.has(item_id):
            return EVERYTHING
        number = document.number(item_id)
        top = document.grow(number, text)
        return document.top(number) + top

    def _wake(self) -> None:
        if self._scroller.seen and not self._frame.isActive():
            self._frame.start()

    def _answer(self, item_id: str) -> Answer | None:
        document = self._document
        if not document.has(item_id):
            return None
        message = document.messages[document.number(item_id)]
        return message if isinstance(message, Answer) else None

    def _thinking(self) -> ThinkingClock | None:
        """Return the clock that runs, if one does."""
        messages = self._document.messages
        last = messages[-1] if messages else None
        clock = last.clock if isinstance(last, Answer) else None
        return clock if clock is not None and clock.running else None

    def _on_frame(self) -> None:
        self.flush()
        self.watch()

    def _on_read(self) -> None:
        document, before, top = self._document, self._scroller.scroll, EVERYTHING
        unread = document.unread()
        tops = [document.top(number) for number in unread]
        with self._scroller.steady():
            for number, above in zip(unread, tops, strict=True):
                top = min(top, above + document.read_more(number))
        if [document.top(number) for number in unread] != tops:
            top = 0
        self.grown.emit(top, self._scroller.scroll - before)

    def _on_late(self) -> None:
        """Ask again for what a costly reading put off, where no more text came since."""
        self._late_left -= 1
        for item_id in self._waited_for:
            self._texts.setdefault(item_id, [""])
        self.flush()
        if self._late_left > 0:
            self._late.start()
        else:
            self._waited_for.clear()

    def _on_second(self) -> None:
        self.ticked.emit()
        self.watch()
