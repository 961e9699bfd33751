"""Small windows over the window: a popover with a few words, and menus with round corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainterPath, QRegion
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.labels import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

RADIUS: Final = 8
_GAP: Final = 4


def rounded(size: QSize) -> QRegion:
    """Return the region of a popup with round corners, for screens that blend no windows."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, size.width(), size.height()), RADIUS, RADIUS)
    return QRegion(path.toFillPolygon().toPolygon())


def place(size: QSize, anchor: QWidget, *, above: bool) -> QPoint:
    """Return where a popup goes: at the anchor's left edge, above or below, on the screen."""
    corner = anchor.mapToGlobal(QPoint(0, 0))
    screen = anchor.screen().availableGeometry()
    up = corner.y() - _GAP - size.height()
    down = corner.y() + anchor.height() + _GAP
    if above:
        top = up if up >= screen.top() else down
    else:
        top = down if down + size.height() <= screen.bottom() else up
    box = QRect(QPoint(corner.x(), top), size)
    box.moveRight(min(box.right(), screen.right()))
    box.moveLeft(max(box.left(), screen.left()))
    box.moveBottom(min(box.bottom(), screen.bottom()))
    box.moveTop(max(box.top(), screen.top()))
    return box.topLeft()


class Popup(QFrame):
    """A popup of the program's own look; a press outside of it or Esc closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        flags = Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint
        super().__init__(parent, flags | Qt.WindowType.NoDropShadowWindowHint)
        self.setProperty("look", "popup")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMask(rounded(event.size()))


class Popover(Popup):
    """A few words, with whatever stands under them."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(text)
        self.label = WrappedLabel(text, "soft")
        self.label.setFixedWidth(280)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 12)
        self.column.setSpacing(8)
        self.column.addWidget(self.label)

    def open_at(self, anchor: QWidget) -> None:
        """Show it below a widget."""
        self.adjustSize()
        self.move(place(self.sizeHint(), anchor, above=False))
        self.show()


class Menu(QMenu):
    """A menu with round corners."""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMask(rounded(event.size()))
