"""The row over a chat: the strip of tabs, `New chat` beside it, and the list of all tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop_chat.ui.controls.buttons import IconButton
from desktop_chat.ui.look.scale import scaled, unscaled
from desktop_chat.ui.tabs.strip import TabStrip
from desktop_chat.ui.tabs.widths import NARROWEST, NARROWEST_IN_SMALL_WINDOW

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.look.marks import RingClock

_MARGIN: Final = 8
_BUTTON: Final = 28
_SMALL_WINDOW: Final = 820


class TabRow(QWidget):
    """Places the strip and its buttons; the chosen tab is always in view."""

    new_wished = Signal()
    folded_sidebar_wished = Signal()
    """The person asks for the sidebar that the narrow window hides."""

    def __init__(
        self, appearance: Appearance, clock: RingClock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._view = QWidget(self)
        self.strip = TabStrip(appearance, clock, self._view)
        self.new_button = IconButton(appearance, "plus", "New chat", self)
        self.list_button = IconButton(appearance, "chevron-down", "All open chats", self)
        self.sidebar_button = IconButton(appearance, "menu", "Show the sidebar", self)
        self._scroll = 0
        self.list_button.hide()
        self.sidebar_button.hide()
        self.new_button.clicked.connect(self.new_wished)
        self.sidebar_button.clicked.connect(self.folded_sidebar_wished)
        self.list_button.clicked.connect(self._on_list_clicked)
        self.strip.seek.connect(self._on_seek)
        self.strip.resized.connect(self._arrange)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def show_sidebar_button(self, *, shown: bool) -> None:
        """Show or hide the button that brings the sidebar back."""
        self.sidebar_button.setVisible(shown)
        self._arrange()

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(self.strip.strip_height)
        self._arrange()
        self.update()

    def _on_seek(self, rect: QRect) -> None:
        if rect.left() < self._scroll:
            self._scroll_to(rect.left())
        elif rect.right() > self._scroll + self._view.width():
            self._scroll_to(rect.right() - self._view.width() + 1)

    def _on_list_clicked(self) -> None:
        from desktop_chat.ui.tabs.list import TabList  # noqa: PLC0415 - only where tabs abound

        tabs = TabList(self._appearance, self)
        tabs.chosen.connect(self._choose)
        tabs.open_under(self.list_button, self.strip.faces, self.strip.currentIndex())

    def _choose(self, key: str) -> None:
        index = self.strip.index_of(key)
        if index >= 0:
            self.strip.setCurrentIndex(index)

    def _scroll_to(self, x: int) -> None:
        self._scroll = max(0, min(x, self.strip.widths.total_width - self._view.width()))
        self.strip.move(-self._scroll, 0)

    def _arrange(self) -> None:
        side = scaled(self._appearance, _BUTTON)
        left = _MARGIN
        top = (self.height() - side) // 2
        if not self.sidebar_button.isHidden():
            self.sidebar_button.setGeometry(left, top, side, side)
            left += side + _MARGIN
        room = self.width() - left - side - 2 * _MARGIN
        small = unscaled(self._appearance, self.window().width()) < _SMALL_WINDOW
        narrowest = NARROWEST_IN_SMALL_WINDOW if small else NARROWEST
        self.strip.set_room(room, narrowest)
        overflows = self.strip.widths.total_width > room
        self.list_button.setVisible(overflows)
        if overflows:
            room -= side
        width = min(room, self.strip.widths.total_width)
        self._view.setGeometry(left, 0, width, self.height())
        self.new_button.setGeometry(left + width + 4, top, side, side)
        self.list_button.setGeometry(self.width() - _MARGIN - side, top, side, side)
        self._scroll_to(self._scroll)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._appearance.colour("window"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._appearance.colour("line"))
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        index = self.strip.currentIndex()
        if index >= 0:
            self._on_seek(self.strip.tabRect(index))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        self._scroll_to(self._scroll - (delta.y() or delta.x()))
        event.accept()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.new_wished.emit()
