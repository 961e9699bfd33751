"""Tells assistive technology how an answer begins, grows and ends, without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent

from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.speech import Speech
from desktop_chat.transcript.spoken import assistive

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibleInterface

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.stage import Stage

Event = QAccessible.Event
PAUSE_MS: Final = 250
"""While an answer arrives it is told of no more often: who listens reads anew what changed."""
LAST: Final = 2
"""Parts at the end of a message whose words may still become others."""


class Telling(QObject):
    """What is to be told of one view. Costs nothing while nobody listens."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view)
        self._view = view
        self._changed: dict[str, None] = {}
        self._counts: dict[str, int] = {}
        """How many parts of a message were told of."""
        self._speeches: dict[str, Speech] = {}
        """The answers of which the beginning was said aloud."""
        self.aloud = True
        """Whether the words of an answer are said as they arrive, sentence by sentence."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause_over)

    def changed(self, item_id: str) -> None:
        """Take note that a message changed; soon it is told."""
        if QAccessible.isActive():
            self._changed[item_id] = None
            self.wake()

    def wake(self) -> None:
        """Tell of what changed once the view is looked at."""
        if self._changed and self._view.isVisible() and not self._pause.isActive():
            self._pause.start()

    def ended(self, item: Item) -> None:
        """Say how an answer ended, where it is looked at."""
        speech = self._speeches.pop(item.id, None)
        if not self._view.isVisible():
            return
        if speech is not None:
            self._say(item.id, speech, ended=True)
        assistive.announce(self._view, item.notice.sentence if item.notice else "Answer finished.")

    def _on_pause_over(self) -> None:
        if not QAccessible.isActive() or not self._view.isVisible():
            return
        self._view.feed.flush()
        changed, self._changed = self._changed, {}
        for item_id in changed:
            if self._view.document.has(item_id):
                self._tell(item_id)
                self._speak(item_id)

    def _tell(self, item_id: str) -> None:
        """Tell of the parts that came, and of the last ones before them: they may have grown."""
        number = self._view.document.number(item_id)
        message = QAccessible.queryAccessibleInterface(self._view).child(number)
        before, now = self._counts.get(item_id, 0), message.childCount()
        self._counts[item_id] = now
        for at in range(max(0, min(before, now) - LAST), now):
            _send(message.child(at), Event.NameChanged if at < before else Event.ObjectCreated)
        if not self._view.document.messages[number].item.streaming:
            del self._counts[item_id]
            _send(message, Event.DescriptionChanged)

    def _speak(self, item_id: str) -> None:
        """Say the sentences that came since, after word of the answer's beginning."""
        message = self._view.document.messages[self._view.document.number(item_id)]
        if not isinstance(message, Answer) or not message.item.streaming or not message.text:
            return
        speech = self._speeches.get(item_id)
        if speech is None:
            speech = self._speeches[item_id] = Speech()
            assistive.announce(self._view, "Answer started.")
        self._say(item_id, speech, ended=False)

    def _say(self, item_id: str, speech: Speech, *, ended: bool) -> None:
        message = self._view.document.messages[self._view.document.number(item_id)]
        blocks = message.ready_blocks if self.aloud else None
        words = speech.next(blocks, ended=ended) if blocks else ""
        if words:
            assistive.announce(self._view, words)


def _send(node: QAccessibleInterface, event: QAccessible.Event) -> None:
    QAccessible.updateAccessibility(QAccessibleEvent(node, event))
