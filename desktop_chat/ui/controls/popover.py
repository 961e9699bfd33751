"""Small windows over the window: a popover with a few words, and menus with round corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPainterPath, QRegion
from PySide6.QtWidgets import QFrame, QMenu, QStyle, QStyleOption, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.labels import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

RADIUS: Final = 8
_GAP: Final = 4
_EDGE: Final = 32


def _blends() -> bool:
    """Whether the system lays windows over each other with soft edges; X11 may do or not."""
    return QGuiApplication.platformName() != "xcb"


def _prepare_corners(window: QWidget) -> None:
    if _blends():
        window.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)


def _round_corners(window: QWidget) -> None:
    if not _blends():
        path = QPainterPath()
        path.addRoundedRect(QRectF(window.rect()), RADIUS, RADIUS)
        window.setMask(QRegion(path.toFillPolygon().toPolygon()))


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


def fit(widget: QWidget, width: int, height: int) -> None:
    """Give a window a size, as far as its screen has room for it."""
    room = widget.screen().availableGeometry()
    widget.resize(min(width, room.width() - _EDGE), min(height, room.height() - _EDGE))


class Popup(QFrame):
    """A popup of the program's own look; a press outside of it or Esc closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        flags = Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint
        super().__init__(parent, flags | Qt.WindowType.NoDropShadowWindowHint)
        self.setProperty("look", "popup")
        _prepare_corners(self)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        _round_corners(self)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        # A window that can be seen through gets no ground by itself.
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)


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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        self.setWindowFlags(self.windowFlags() | flags)
        _prepare_corners(self)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        _round_corners(self)
