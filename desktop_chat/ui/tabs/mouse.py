"""What the mouse does on the strip of tabs: choose, close, keep, drag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from desktop_chat.ui.tabs.band import TabBand


class TabMouse:
    """Follows the mouse over one strip."""

    def __init__(self, strip: TabBand) -> None:
        self._strip = strip
        self._pressed = QPoint()
        self._pressed_tab = -1
        self._on_close = False

    def press(self, event: QMouseEvent) -> None:
        """Choose a tab, or get ready to close it."""
        strip = self._strip
        self._pressed = event.position().toPoint()
        self._pressed_tab = strip.tabAt(self._pressed)
        found = self._pressed_tab >= 0
        self._on_close = found and strip.close_rect(self._pressed_tab).contains(self._pressed)
        if event.button() == Qt.MouseButton.LeftButton and found and not self._on_close:
            strip.setCurrentIndex(self._pressed_tab)
        strip.update()

    def move(self, event: QMouseEvent) -> None:
        """Follow the mouse, with the tab that it drags."""
        self._strip.hover = event.position().toPoint()
        held = event.buttons() & Qt.MouseButton.LeftButton and self._pressed_tab >= 0
        if held and not self._on_close:
            far = (self._strip.hover - self._pressed).manhattanLength()
            if not self._strip.drag.active and far >= QApplication.startDragDistance():
                index = self._strip.currentIndex()
                self._strip.keep_wished.emit(index)
                self._strip.drag.begin(self._strip.faces[index].key, self._pressed.x())
            if self._strip.drag.active:
                self._drag_to(self._strip.hover.x())
        self._strip.update()

    def release(self, event: QMouseEvent) -> None:
        """Drop the dragged tab, or close the pressed one."""
        index = self._strip.tabAt(event.position().toPoint())
        if self._strip.drag.active:
            self._strip.drag.drop(animate=self._strip.animate)
        elif index >= 0 and index == self._pressed_tab:
            on_close = self._strip.close_rect(index).contains(event.position().toPoint())
            left = event.button() == Qt.MouseButton.LeftButton
            if event.button() == Qt.MouseButton.MiddleButton or (left and on_close):
                self._strip.close_wished.emit(index)
        self._pressed_tab = -1
        self._strip.update()

    def double_click(self, event: QMouseEvent) -> None:
        """Keep a preview tab; beside the tabs the row makes a new chat."""
        self.press(event)
        if self._pressed_tab < 0:
            event.ignore()
        elif not self._on_close:
            self._strip.keep_wished.emit(self._pressed_tab)

    def _drag_to(self, x: int) -> None:
        strip = self._strip
        index = strip.currentIndex()
        tab = strip.tabRect(index)
        middle = self._strip.drag.follow(x, tab, strip.widths.tabs_width)
        for other in (index - 1, index + 1):
            if 0 <= other < strip.count() and self._passed(middle, index, other):
                self._swap(index, other)
                break
        strip.seek.emit(strip.sight(strip.currentIndex()).rect)

    def _swap(self, index: int, other: int) -> None:
        strip = self._strip
        left = strip.tabRect(index).left()
        before = strip.tabRect(other).left()
        neighbour = strip.faces[other].key
        strip.move_tab(index, other)
        self._strip.drag.moved(strip.tabRect(other).left() - left)
        distance = before - strip.tabRect(index).left()
        self._strip.drag.slide(neighbour, distance, animate=strip.animate)

    def _passed(self, middle: int, index: int, other: int) -> bool:
        centre = self._strip.tabRect(other).center().x()
        return middle < centre if other < index else middle > centre
