"""The offer to take back what was just done: one at a time, for eight seconds of attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QHBoxLayout
from typing_extensions import override

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QEnterEvent
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.look.appearance import Appearance

SHOWN_MS: Final = 8000
_GAP: Final = 12
_MARGIN: Final = 16
_FADE_IN_MS: Final = 140
_MOVED: Final = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show)
_ATTENTION: Final = (
    QEvent.Type.WindowActivate,
    QEvent.Type.WindowDeactivate,
    QEvent.Type.FocusIn,
    QEvent.Type.FocusOut,
)


class Toast(QFrame):
    """Words and `Undo`. Its time stands still while it is pointed at, focused or unseen."""

    expired = Signal()
    undone = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._ground = parent
        self._undo: Callable[[], object] | None = None
        self._floor: QWidget | None = None
        self._left_ms = SHOWN_MS
        self._hovered = False
        self.setProperty("look", "toast")
        self._label = ElidedLabel()
        self.button = TextButton("Undo", "strong")
        self.button.clicked.connect(self.undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_time_over)
        self._fade = QPropertyAnimation(self)
        self.hide()

    @property
    def active(self) -> bool:
        """Whether something can be taken back."""
        return self._undo is not None

    @property
    def text(self) -> str:
        """The words that are shown."""
        return self._label.text()

    @property
    def paused(self) -> bool:
        """Whether its time stands still."""
        return self.active and not self._timer.isActive()

    def offer(self, text: str, undo: Callable[[], object], label: str = "Undo") -> None:
        """Offer to take something back; an older offer ends."""
        self._end()
        self._undo = undo
        self._label.setText(text)
        self.setAccessibleName(text)
        self.button.set_words(label)
        self.button.setAccessibleName(label)
        self._watch(on=True)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._fade_in()
        self._left_ms = SHOWN_MS
        self._hovered = False
        self._weigh_attention()

    @Slot()
    def undo(self) -> bool:
        """Take it back, and tell whether there was anything to take back."""
        undo = self._undo
        if undo is None:
            return False
        self._undo = None
        self._close()
        undo()
        self.undone.emit()
        return True

    def dismiss(self) -> None:
        """End the offer now."""
        self._end()

    def set_floor(self, widget: QWidget) -> None:
        """Stand above this widget from now on."""
        self._watch(on=False)
        self._floor = widget
        widget.destroyed.connect(self._on_floor_gone)
        if self.active:
            self._watch(on=True)
            self._place()

    @Slot()
    def _on_time_over(self) -> None:
        self._end()

    @Slot()
    def _on_floor_gone(self) -> None:
        self._floor = None

    def _end(self) -> None:
        if self._undo is not None:
            self._undo = None
            self._close()
            self.expired.emit()

    def _close(self) -> None:
        self._timer.stop()
        self._watch(on=False)
        self._fade.stop()
        self.hide()

    def _watch(self, *, on: bool) -> None:
        watched = [self._ground, self.window(), self.button]
        # A floor that stands still in its parent moves with it.
        above = self._floor
        while above is not None and above is not self._ground:
            watched.append(above)
            above = above.parentWidget()
        for one in dict.fromkeys(watched):
            if on:
                one.installEventFilter(self)
            else:
                one.removeEventFilter(self)

    def _weigh_attention(self) -> None:
        if not self.active:
            return
        looked_at = self._hovered or self.button.hasFocus() or not self.window().isActiveWindow()
        if looked_at and self._timer.isActive():
            self._left_ms = max(0, self._timer.remainingTime())
            self._timer.stop()
        elif not looked_at and not self._timer.isActive():
            self._timer.start(self._left_ms)

    def _place(self) -> None:
        parent = self._ground
        width = min(self.sizeHint().width(), parent.width() - 2 * _MARGIN)
        height = self.sizeHint().height()
        if self._floor is None:
            left, room, bottom = 0, parent.width(), parent.height() - _MARGIN
        else:
            corner = self._floor.mapTo(parent, QPoint(0, 0))
            left, room, bottom = corner.x(), self._floor.width(), corner.y()
        self.setGeometry(left + (room - width) // 2, bottom - _GAP - height, width, height)

    def _fade_in(self) -> None:
        if not self._appearance.animate:
            return
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        self._fade = QPropertyAnimation(effect, b"opacity", self)
        self._fade.setDuration(_FADE_IN_MS)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.finished.connect(self._on_faded_in)
        self._fade.start(QPropertyAnimation.DeletionPolicy.KeepWhenStopped)

    @Slot()
    def _on_faded_in(self) -> None:
        # An effect left on would have every repaint go through a pixmap.
        self.setGraphicsEffect(None)  # type: ignore[arg-type]

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hovered = True
        self._weigh_attention()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = False
        self._weigh_attention()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVED:
            self._place()
        elif event.type() in _ATTENTION:
            self._weigh_attention()
        return False
