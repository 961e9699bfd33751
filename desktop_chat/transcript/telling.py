"""What assistive technology is told of by itself: what came, what changed, what ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from desktop_chat.transcript.accessible import Node

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibleInterface

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.spoken import Key
    from desktop_chat.transcript.view import TranscriptView

Event = QAccessible.Event
PAUSE_MS: Final = 250
"""While an answer arrives, at most this often: a name that changes is read anew by who listens."""


class Telling(QObject):
    """Tells what happens in one view, and costs nothing while nobody listens."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view
        self._changed: dict[str, None] = {}
        self._told: dict[str, tuple[Key, ...]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._on_timeout)

    def added(self) -> None:
        """Tell of a new message."""
        if QAccessible.isActive():
            root = QAccessible.queryAccessibleInterface(self._view)
            _send(root.child(len(self._view.document.messages) - 1), Event.ObjectCreated)

    def changed(self, item_id: str) -> None:
        """Take note that a message changed, and tell of it soon."""
        if QAccessible.isActive():
            self._changed[item_id] = None
            self.wake()

    def wake(self) -> None:
        """Tell what was noted, now that the view may be looked at."""
        if self._changed and self._view.isVisible() and not self._timer.isActive():
            self._timer.start()

    def ended(self, item: Item) -> None:
        """Say how an answer ended."""
        if self._view.isVisible():
            self.say(item.notice.sentence if item.notice is not None else "Answer finished.")

    def say(self, words: str) -> None:
        """Let a screen reader say something."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, words))

    def focused(self) -> None:
        """Tell which button or link has the focus."""
        if not QAccessible.isActive() or self._view.focused is None:
            return
        node = QAccessible.queryAccessibleInterface(self._view).focusChild()
        if node is not None:
            _send(node, Event.Focus)

    def _on_timeout(self) -> None:
        if not QAccessible.isActive() or not self._view.isVisible():
            return
        self._view.feed.flush()
        changed, self._changed = self._changed, {}
        for item_id in changed:
            if self._view.document.has(item_id):
                self._tell(item_id)

    def _tell(self, item_id: str) -> None:
        """Tell of the parts of a message that came, and of the one that grew."""
        number = self._view.document.number(item_id)
        message = QAccessible.queryAccessibleInterface(self._view).child(number)
        if not isinstance(message, Node):
            return
        before = self._told.get(item_id, ())
        now = self._told[item_id] = message.children
        known = set(before)
        _send(message, Event.DescriptionChanged)
        for at, key in enumerate(now):
            if key not in known:
                _send(message.child(at), Event.ObjectCreated)
            elif at >= len(before) - LAST:
                _send(message.child(at), Event.NameChanged)
        if not self._view.document.messages[number].item.streaming:
            del self._told[item_id]


LAST: Final = 2
"""Parts at the end of an answer whose text may still be another."""


def _send(node: QAccessibleInterface, event: QAccessible.Event) -> None:
    QAccessible.updateAccessibility(QAccessibleEvent(node, event))
