"""The ring around the control that the keyboard is on, two pixels off it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSpinBox, QWidget
from shiboken6 import isValid
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFocusEvent, QPaintEvent
    from PySide6.QtWidgets import QApplication

_WIDTH: Final = 2
_GAP: Final = 2
_MARGIN: Final = _WIDTH + _GAP
_RADIUS: Final = 8
_RINGED: Final = (QAbstractButton, QComboBox, QLineEdit, QSpinBox)
_BY_KEYBOARD: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_MOVES: Final = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show)


class FocusRing(QObject):
    """Puts a ring around the focused control where the keyboard brought the focus there.

    Widgets tell by `note_focus`, called when the focus comes; a button that does not is taken
    to be reached by the keyboard alone. A widget that paints its own focus says `ownFocus`.
    """

    def __init__(self, application: QApplication, colour: QColor, parent: QObject) -> None:
        super().__init__(parent)
        self._colour = colour
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._ring: _Ring | None = None
        application.focusChanged.connect(self._on_focus_changed)

    def is_on(self, widget: QWidget) -> bool:
        """Whether a control wears the ring now."""
        return self._target is widget

    def set_colour(self, colour: QColor) -> None:
        """Draw in another colour from now on."""
        self._colour = colour
        if self._ring is not None and isValid(self._ring):
            self._ring.set_colour(colour)

    @Slot("QWidget*", "QWidget*")
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._leave()
        if new is not None and _wears_ring(new):
            self._target = new
            self._watched = _chain(new)
            for widget in self._watched:
                widget.installEventFilter(self)
            new.destroyed.connect(self._on_target_destroyed)
            self._ring = _Ring(new.window(), self._colour)
            self._place()

    @Slot()
    def _on_target_destroyed(self) -> None:
        self._target = None
        self._watched = []
        self._drop_ring()

    def _leave(self) -> None:
        if self._target is not None:
            for widget in self._watched:
                if isValid(widget):
                    widget.removeEventFilter(self)
            self._watched = []
            self._target.destroyed.disconnect(self._on_target_destroyed)
            self._target = None
        self._drop_ring()

    def _drop_ring(self) -> None:
        # The ring is its window's child, and may have gone with it.
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None

    def _place(self) -> None:
        if self._target is None or self._ring is None or not isValid(self._ring):
            return
        corner = self._target.mapTo(self._target.window(), QPoint(0, 0))
        box = QRect(corner, self._target.size())
        self._ring.setGeometry(box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self._ring.setVisible(self._target.isVisible())
        self._ring.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False


class _Ring(QWidget):
    """The drawn ring, over everything in its window and in nobody's way."""

    def __init__(self, window: QWidget, colour: QColor) -> None:
        super().__init__(window)
        self._colour = colour
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_colour(self, colour: QColor) -> None:
        """Draw in another colour."""
        self._colour = colour
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, _WIDTH))
        half = _WIDTH / 2
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), _RADIUS, _RADIUS
        )


def note_focus(widget: QWidget, event: QFocusEvent) -> None:
    """Remember whether the keyboard brought the focus; called in a widget's `focusInEvent`."""
    # A window that comes back to the front leaves what was known before.
    if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
        widget.setProperty("keyboardFocus", event.reason() in _BY_KEYBOARD)
    elif widget.property("keyboardFocus") is None:
        widget.setProperty("keyboardFocus", False)


def _wears_ring(widget: QWidget) -> bool:
    if widget.property("ownFocus") or not isinstance(widget, _RINGED):
        return False
    noted = widget.property("keyboardFocus")
    return isinstance(widget, QAbstractButton) if noted is None else bool(noted)


def _chain(widget: QWidget) -> list[QWidget]:
    """Return the widget and all that it lies in: each of them may move it."""
    chain = [widget]
    while not widget.isWindow() and (above := widget.parentWidget()) is not None:
        widget = above
        chain.append(widget)
    return chain
