"""The one mark that a chat carries in its tab and in the sidebar, and how it is painted."""

from __future__ import annotations

from enum import Enum
from functools import reduce
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen, QRegion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QRect

    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.ui.look.appearance import Appearance


class Mark(Enum):
    """What is to be known of a chat at a glance. The value follows its title when spoken."""

    NONE = ""
    ANSWERING = ", answering"
    FAILED = ", failed"
    NEWS = ", new answer"
    DRAFT = ", unsent draft"


READ_AFTER_MS: Final = 500
"""News has been read when its tab stood in front of an active window for so long."""
RING_STEP_MS: Final = 100
RING_TURN_MS: Final = 1200
STILL: Final = 90
"""The angle, in degrees, at which a ring begins and one that does not turn stands."""


class Marks(QObject):
    """Knows each chat's mark. The chat that is being read shows no news, no draft, no failure."""

    changed = Signal(str)
    """The mark of the conversation of this id may be another now."""
    news = Signal()
    """An answer ended that nobody was looking at."""

    def __init__(self, drafts: Iterable[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watched: dict[str, _Watch] = {}
        self._drafts = set(drafts)
        self._news: set[str] = set()
        self._shown = ""
        self._in_front = False
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_AFTER_MS)
        self._reading.timeout.connect(self._on_read)

    def mark(self, conversation_id: str) -> Mark:
        """Return a chat's mark: the weightiest of those that apply."""
        watch = self._watched.get(conversation_id)
        if watch is not None and watch.session.busy:
            return Mark.ANSWERING
        if conversation_id == self._shown and self._in_front:
            return Mark.NONE
        if self._failed(conversation_id):
            return Mark.FAILED
        if conversation_id in self._news:
            return Mark.NEWS
        return Mark.DRAFT if conversation_id in self._drafts else Mark.NONE

    def watch(self, session: ChatSession) -> None:
        """Follow a session that was opened."""
        if session.id not in self._watched:
            watch = _Watch(session, self)
            watch.busy_changed.connect(self.changed)
            watch.finished.connect(self._on_finished)
            self._watched[session.id] = watch

    def forget(self, conversation_id: str) -> None:
        """Let go of a chat whose tab is being closed; what it brought counts as read."""
        watch = self._watched.pop(conversation_id, None)
        self._news.discard(conversation_id)
        if watch is not None:
            watch.let_go()
            self.changed.emit(conversation_id)

    def set_draft(self, conversation_id: str, *, has_draft: bool) -> None:
        """Note whether a chat holds an unsent text."""
        if has_draft == (conversation_id in self._drafts):
            return
        (self._drafts.add if has_draft else self._drafts.discard)(conversation_id)
        self.changed.emit(conversation_id)

    def set_shown(self, conversation_id: str, *, in_front: bool) -> None:
        """Tell which chat is shown, and whether its window is the active one."""
        before = self._shown
        self._shown = conversation_id
        self._in_front = in_front
        self._reading.stop()
        if in_front and (conversation_id in self._news or self._failed(conversation_id)):
            self._reading.start()
        for one in {before, conversation_id} - {""}:
            self.changed.emit(one)

    def _on_finished(self, conversation_id: str) -> None:
        if not (conversation_id == self._shown and self._in_front):
            self._news.add(conversation_id)
            self.news.emit()
        elif self._failed(conversation_id):
            self._reading.start()
        self.changed.emit(conversation_id)

    def _on_read(self) -> None:
        self._news.discard(self._shown)
        watch = self._watched.get(self._shown)
        if watch is not None:
            watch.failed = False
        self.changed.emit(self._shown)

    def _failed(self, conversation_id: str) -> bool:
        """Whether a chat's last answer failed, and nobody has read that."""
        watch = self._watched.get(conversation_id)
        return watch is not None and watch.failed and watch.session.failed


class _Watch(QObject):
    """Names the chat that a session's signal came from."""

    busy_changed = Signal(str)
    finished = Signal(str)

    def __init__(self, session: ChatSession, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.failed = False
        """Whether it failed since it was opened and read: what is known is no mark to come back."""
        session.busy_changed.connect(self._on_busy_changed)
        session.finished.connect(self._on_finished)

    def let_go(self) -> None:
        """Listen no more."""
        self.session.busy_changed.disconnect(self._on_busy_changed)
        self.session.finished.disconnect(self._on_finished)
        self.deleteLater()

    def _on_busy_changed(self) -> None:
        self.busy_changed.emit(self.session.id)

    def _on_finished(self) -> None:
        self.failed = self.session.failed
        self.finished.emit(self.session.id)


class RingClock(QObject):
    """Turns the rings of chats that are answering; runs only while somebody has one to show."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.angle = STILL
        self._timer = QTimer(self)
        self._timer.setInterval(RING_STEP_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def running(self) -> bool:
        """Whether the rings turn."""
        return self._timer.isActive()

    def run(self, *, wanted: bool) -> None:
        """Start or stop."""
        if wanted and not self._timer.isActive():
            self._timer.start()
        elif not wanted:
            self._timer.stop()

    def _on_timeout(self) -> None:
        self.angle = (self.angle - 360 * RING_STEP_MS // RING_TURN_MS) % 360
        self.ticked.emit()


def is_region(region: QRegion, places: Sequence[QRect]) -> bool:
    """Whether some places, of which there are any, are all that is to be painted."""
    return bool(places) and region == reduce(QRegion.united, map(QRegion, places))


def paint_mark(
    painter: QPainter, rect: QRectF, mark: Mark, appearance: Appearance, angle: int
) -> None:
    """Paint a mark into a square, as it is in one of 16 pixels."""
    if mark is Mark.NONE:
        return
    if mark is Mark.DRAFT:
        icon = appearance.icon("pencil", "ink_faint")
        icon.paint(painter, rect.toAlignedRect())
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 16, rect.height() / 16)
    rect = QRectF(0, 0, 16, 16)
    if mark is Mark.ANSWERING:
        ring = rect.adjusted(2, 2, -2, -2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(appearance.colour("control"), 1.5))
        painter.setOpacity(0.45)
        painter.drawEllipse(ring)
        painter.setOpacity(1.0)
        pen = QPen(appearance.colour("accent"), 2.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, angle * 16, -110 * 16)
    elif mark is Mark.NEWS:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(appearance.colour("accent"))
        painter.drawEllipse(rect.center(), 4, 4)
    else:
        pen = QPen(appearance.colour("danger"), 2.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        middle = rect.center()
        painter.drawLine(middle - QPointF(0, 5), middle + QPointF(0, 1))
        painter.drawPoint(middle + QPointF(0, 5))
    painter.restore()
