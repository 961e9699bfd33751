"""The ring around the control that the keyboard is on, two pixels off it.

A control learns from Qt of its own focus. Following the application's `focusChanged`
instead crashes: it also names widgets that are being destroyed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QPaintEvent

    _Control = QWidget
else:
    # Qt's class comes with the control itself.
    _Control = object

_WIDTH: Final = 2
_MARGIN: Final = _WIDTH + 2
_RADIUS: Final = 8
_BY_KEYBOARD: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_MOVES: Final = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show)


class Ringed(_Control):
    """A control that wears the ring; named before Qt's class among the bases."""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        # A dialog that opens tells its first field of a focus by Tab that it has not got.
        if self.hasFocus():
            self._came(event.reason())
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        ring = _ring_in(self.window())
        if ring is not None:
            ring.leave(self)
        super().focusOutEvent(event)

    def _came(self, reason: Qt.FocusReason) -> None:
        by_keyboard = reason in _BY_KEYBOARD
        # A window that comes back to the front leaves what was known before.
        if reason == Qt.FocusReason.ActiveWindowFocusReason:
            by_keyboard = bool(self.property("keyboardFocus"))
        self.setProperty("keyboardFocus", by_keyboard)
        if by_keyboard and not self.property("ownFocus"):
            ring = _ring_in(self.window()) or _Ring(self.window())
            ring.go_to(self)


def is_ringed(widget: QWidget) -> bool:
    """Whether a widget wears the ring."""
    ring = _ring_in(widget.window())
    return ring is not None and ring.target is widget


def _ring_in(window: QWidget) -> _Ring | None:
    return window.findChild(_Ring, options=Qt.FindChildOption.FindDirectChildrenOnly)


class _Ring(QWidget):
    """The drawn ring of one window, over everything in it and in nobody's way."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def go_to(self, widget: QWidget) -> None:
        """Surround a widget, and follow it wherever its surroundings move it."""
        self._unwatch()
        self.target = widget
        self._watched = _chain(widget)
        for one in self._watched:
            one.installEventFilter(self)
        self._place()

    def leave(self, widget: QWidget) -> None:
        """Vanish, if it is this widget that is surrounded."""
        if self.target is widget:
            self.target = None
            self._unwatch()
            self.hide()

    def _unwatch(self) -> None:
        for one in self._watched:
            if isValid(one):
                one.removeEventFilter(self)
        self._watched = []

    def _place(self) -> None:
        if self.target is None or not isValid(self.target):
            self.hide()
            return
        corner = self.target.mapTo(self.window(), QPoint(0, 0))
        box = QRect(corner, self.target.size())
        self.setGeometry(box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self.setVisible(self.target.isVisible())
        self.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), _WIDTH))
        half = _WIDTH / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), _RADIUS, _RADIUS
        )


def _chain(widget: QWidget) -> list[QWidget]:
    """Return the widget and all that it lies in: each of them may move it."""
    chain = [widget]
    while not widget.isWindow() and (above := widget.parentWidget()) is not None:
        widget = above
        chain.append(widget)
    return chain
