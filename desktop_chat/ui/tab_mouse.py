"""What the mouse does on the strip of tabs: choose, close, keep, drag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from desktop_chat.ui.tab_drag import TabDrag

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from desktop_chat.ui.tab_strip import TabStrip

_AWAY: Final = QPoint(-1, -1)


class TabMouse:
    """Follows the mouse over one strip."""

    def __init__(self, strip: TabStrip) -> None:
        self._strip = strip
        self._pressed = QPoint()
        self._pressed_tab = -1
        self._on_close = False
        self.hover = _AWAY
        """Where the mouse is in the strip."""
        self.drag = TabDrag(strip)
        self.drag.changed.connect(strip.update)

    @property
    def is_over(self) -> bool:
        """Whether the mouse is over the strip."""
        return self.hover != _AWAY

    def leave(self) -> None:
        """Take note that the mouse went elsewhere."""
        self.hover = _AWAY

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
        self.hover = event.position().toPoint()
        held = event.buttons() & Qt.MouseButton.LeftButton and self._pressed_tab >= 0
        if held and not self._on_close:
            far = (self.hover - self._pressed).manhattanLength()
            if not self.drag.active and far >= QApplication.startDragDistance():
                index = self._strip.currentIndex()
                self._strip.keep_wished.emit(index)
                self.drag.begin(self._strip.faces[index].key, self._pressed.x())
            if self.drag.active:
                self._drag_to(self.hover.x())
        self._strip.update()

    def release(self, event: QMouseEvent) -> None:
        """Drop the dragged tab, or close the pressed one."""
        index = self._strip.tabAt(event.position().toPoint())
        if self.drag.active:
            self.drag.drop(animate=self._strip.animate)
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
        middle = self.drag.follow(x, tab, strip.widths.tabs_width)
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
        self.drag.moved(strip.tabRect(other).left() - left)
        distance = before - strip.tabRect(index).left()
        self.drag.slide(neighbour, distance, animate=strip.animate)

    def _passed(self, middle: int, index: int, other: int) -> bool:
        centre = self._strip.tabRect(other).center().x()
        return middle < centre if other < index else middle > centre
