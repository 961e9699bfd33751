"""The strip of tabs: the band of them under mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from typing_extensions import override

from desktop_chat.ui.tabs import accessible as tab_accessible
from desktop_chat.ui.tabs.band import AWAY, TabBand
from desktop_chat.ui.tabs.mouse import TabMouse

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.look.marks import RingClock


class TabStrip(TabBand):
    """The open chats as a person handles them. Every wish goes out as a signal."""

    menu_wished = Signal(int, QPoint)
    typed = Signal(str)

    def __init__(
        self, appearance: Appearance, clock: RingClock, parent: QWidget | None = None
    ) -> None:
        super().__init__(appearance, clock, parent)
        self._mouse = TabMouse(self)
        tab_accessible.install()
        self.setAccessibleName(tab_accessible.NAME)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.double_click(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.tabAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
        if index >= 0:
            self.menu_wished.emit(index, event.globalPos())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.close_wished.emit(self.currentIndex())
        elif event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.hover = AWAY
        if self.widths.release():
            self._fit()
        self.update()
        super().leaveEvent(event)
