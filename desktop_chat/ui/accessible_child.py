"""A tab or a row for assistive technology: a child without a widget, which can be pressed."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any
from weakref import ref

from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from shiboken6 import Shiboken
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QObject

NO_INTERFACE = Shiboken.VoidPtr(0)
"""None or a plain number would be handed to Qt as the address of a Python object."""


class Press(QAccessibleActionInterface):
    """The press action of a child."""

    def __init__(self, child: AccessibleChild) -> None:
        super().__init__()
        self._child = ref(child)

    @override
    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    @override
    def keyBindingsForAction(self, actionName: str) -> list[str]:
        return []

    @override
    def doAction(self, actionName: str) -> None:
        child = self._child()
        if child is not None:
            child.press()


class AccessibleChild(QAccessibleInterface):
    """A child of a widget that holds many and has no object for each. Has none of its own below."""

    def __init__(self, parent: QAccessibleInterface) -> None:
        super().__init__()
        self._parent = parent
        self._press = Press(self)

    @property
    @abstractmethod
    def index(self) -> int:
        """Which child it is; -1 once it is gone."""

    @property
    def pressable(self) -> bool:
        """Whether pressing it does anything."""
        return True

    @abstractmethod
    def press(self) -> None:
        """Do what a click does."""

    @override
    def isValid(self) -> bool:
        return self.index >= 0

    @override
    def object(self) -> QObject:
        return None  # type: ignore[return-value]  # there is no object behind it

    @override
    def window(self) -> Any:
        return self._parent.window()

    @override
    def parent(self) -> QAccessibleInterface:
        return self._parent

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
    def setText(self, t: QAccessible.Text, text: str) -> None:
        pass

    @override
    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> Any:
        if arg__1 is not QAccessible.InterfaceType.ActionInterface or not self.pressable:
            return NO_INTERFACE
        return Shiboken.VoidPtr(Shiboken.getCppPointer(self._press)[0])


def forget(nodes: Iterable[AccessibleChild]) -> None:
    """Let go of children, in Qt's books as well."""
    for node in nodes:
        if Shiboken.isValid(node):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(node))
