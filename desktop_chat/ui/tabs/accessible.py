"""The open chats for assistive technology.

A tab bar of Qt's names itself after its chosen tab; this one is `Open chats`, whatever is chosen.
"""

from __future__ import annotations

from functools import cache
from weakref import WeakKeyDictionary, ref

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import Shiboken
from typing_extensions import override

from desktop_chat.transcript.spoken.accessible_part import forget
from desktop_chat.ui.controls.accessible_child import AccessibleChild
from desktop_chat.ui.tabs.band import TabBand

NAME = "Open chats"


class TabNode(AccessibleChild):
    """One tab, known by its key; asked anew each time."""

    def __init__(self, bar: TabBarAccessible, key: str) -> None:
        super().__init__(bar)
        self._bar = bar
        self._key = key

    @property
    @override
    def index(self) -> int:
        strip = self._bar.strip
        return strip.index_of(self._key) if strip is not None else -1

    @override
    def press(self) -> None:
        strip = self._bar.strip
        if strip is not None and self.index >= 0:
            strip.setCurrentIndex(self.index)

    @override
    def rect(self) -> QRect:
        strip = self._bar.strip
        if strip is None or self.index < 0:
            return QRect()
        return strip.tabRect(self.index).translated(strip.mapToGlobal(QPoint(0, 0)))

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.PageTab

    @override
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        strip = self._bar.strip
        if strip is None or self.index < 0:
            state.invalid = True
            return state
        chosen = strip.currentIndex() == self.index
        state.selectable = True
        state.selected = chosen
        state.focusable = True
        state.focused = chosen and strip.hasFocus()
        return state

    @override
    def text(self, t: QAccessible.Text) -> str:
        strip, index = self._bar.strip, self.index
        if strip is None or index < 0:
            return ""
        if t is QAccessible.Text.Name:
            return strip.accessibleTabName(index)
        return strip.tabToolTip(index) if t is QAccessible.Text.Description else ""


class TabBarAccessible(QAccessibleWidget):
    """The strip itself: a list of tabs."""

    def __init__(self, strip: TabBand) -> None:
        super().__init__(strip, QAccessible.Role.PageTabList, NAME)
        self._strip = ref(strip)
        # Qt holds bare pointers, so every node that was handed out is kept.
        self._nodes: dict[str, TabNode] = {}
        strip.destroyed.connect(self._clear)

    @property
    def strip(self) -> TabBand | None:
        """The strip, while it lives."""
        strip = self._strip()
        return strip if strip is not None and Shiboken.isValid(strip) else None

    @override
    def childCount(self) -> int:
        return len(self.strip.faces) if self.strip is not None else 0

    @override
    def child(self, index: int) -> QAccessibleInterface:
        if self.strip is None or not 0 <= index < len(self.strip.faces):
            return None  # type: ignore[return-value]  # Qt's way to say none
        key = self.strip.faces[index].key
        if key not in self._nodes:
            self._nodes[key] = TabNode(self, key)
        return self._nodes[key]

    @override
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, TabNode) else -1

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        if self.strip is None:
            return None  # type: ignore[return-value]  # Qt's way to say none
        return self.child(self.strip.tabAt(self.strip.mapFromGlobal(QPoint(x, y))))

    def _clear(self) -> None:
        nodes, self._nodes = self._nodes, {}
        forget(nodes.values())


_bars: WeakKeyDictionary[QObject, TabBarAccessible] = WeakKeyDictionary()


@cache
def install() -> None:
    """Let Qt ask here for the interfaces of strips. Costs nothing until something asks."""
    QAccessible.installFactory(_make)


def _make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    del key
    if not isinstance(made_for, TabBand):
        return None
    bar = _bars[made_for] = TabBarAccessible(made_for)
    return bar
