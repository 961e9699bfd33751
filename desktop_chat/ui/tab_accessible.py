"""The open chats for assistive technology.

A tab bar of Qt's names itself after its chosen tab; this one is `Open chats`, whatever is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QTabBar
from shiboken6 import Shiboken
from typing_extensions import override

if TYPE_CHECKING:
    from desktop_chat.ui.tab_strip import TabStrip

NAME = "Open chats"
NO_INTERFACE = Shiboken.VoidPtr(0)
"""None or a plain number would be handed to Qt as the address of a Python object."""


class Choose(QAccessibleActionInterface):
    """The press action of a tab."""

    def __init__(self, tab: TabNode) -> None:
        super().__init__()
        self._tab = ref(tab)

    @override
    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    @override
    def keyBindingsForAction(self, actionName: str) -> list[str]:
        return []

    @override
    def doAction(self, actionName: str) -> None:
        tab = self._tab()
        if tab is not None:
            tab.choose()


class TabNode(QAccessibleInterface):
    """One tab, known by its key; asked anew each time."""

    def __init__(self, bar: TabBarAccessible, key: str) -> None:
        super().__init__()
        self._bar = bar
        self._key = key
        self._choose = Choose(self)

    @property
    def index(self) -> int:
        """Which tab it is; -1 once it is closed."""
        strip = self._bar.strip
        return strip.index_of(self._key) if strip is not None else -1

    def choose(self) -> None:
        """Show the tab's chat."""
        strip = self._bar.strip
        if strip is not None and self.index >= 0:
            strip.setCurrentIndex(self.index)

    @override
    def isValid(self) -> bool:
        return self.index >= 0

    @override
    def object(self) -> QObject:
        return None  # type: ignore[return-value]  # there is no object behind it

    @override
    def window(self) -> Any:
        return self._bar.window()

    @override
    def parent(self) -> QAccessibleInterface:
        return self._bar

    @override
    def childCount(self) -> int:
        return 0

    @override
    def child(self, index: int) -> QAccessibleInterface:
        return None  # type: ignore[return-value]  # Qt's way to say none

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        return -1

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return None  # type: ignore[return-value]  # Qt's way to say none

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

    @override
    def setText(self, t: QAccessible.Text, text: str) -> None:
        pass

    @override
    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> Any:
        if arg__1 is not QAccessible.InterfaceType.ActionInterface:
            return NO_INTERFACE
        return Shiboken.VoidPtr(Shiboken.getCppPointer(self._choose)[0])


class TabBarAccessible(QAccessibleWidget):
    """The strip itself: a list of tabs."""

    def __init__(self, strip: TabStrip) -> None:
        super().__init__(strip, QAccessible.Role.PageTabList, NAME)
        self._strip = ref(strip)
        # Qt holds bare pointers, so every node that was handed out is kept.
        self._nodes: dict[str, TabNode] = {}
        strip.destroyed.connect(self._clear)

    @property
    def strip(self) -> TabStrip | None:
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
        for node in nodes.values():
            if Shiboken.isValid(node):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(node))


_bars: WeakKeyDictionary[QObject, TabBarAccessible] = WeakKeyDictionary()
_kinds: list[type[QTabBar]] = []


def install(kind: type[TabStrip]) -> None:
    """Let Qt ask here for the interfaces of strips. Costs nothing until something asks."""
    if kind not in _kinds:
        _kinds.append(kind)
        QAccessible.installFactory(_make)


def _make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    del key
    if not _kinds or not isinstance(made_for, _kinds[0]):
        return None
    bar = _bars[made_for] = TabBarAccessible(made_for)  # type: ignore[arg-type]
    return bar
