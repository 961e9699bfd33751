"""What has no widget of its own, for assistive technology: rows, tabs, messages, buttons."""

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
    """The press action of a part."""

    def __init__(self, part: AccessiblePart) -> None:
        super().__init__()
        self._part = ref(part)

    @override
    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    @override
    def keyBindingsForAction(self, actionName: str) -> list[str]:
        return []

    @override
    def doAction(self, actionName: str) -> None:
        part = self._part()
        if part is not None:
            part.press()


class AccessiblePart(QAccessibleInterface):
    """A part of a widget that has no object for it, and can be pressed."""

    def __init__(self, parent: QAccessibleInterface) -> None:
        super().__init__()
        self._parent = parent
        self._press: Press | None = None

    @abstractmethod
    def press(self) -> None:
        """Do what a click does."""

    def press_interface(self) -> Any:
        """Return what Qt asks for to press it."""
        self._press = self._press or Press(self)
        return Shiboken.VoidPtr(Shiboken.getCppPointer(self._press)[0])

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
    def setText(self, t: QAccessible.Text, text: str) -> None:
        pass


def forget(nodes: Iterable[AccessiblePart]) -> None:
    """Let go of parts, in Qt's books as well."""
    for node in nodes:
        if Shiboken.isValid(node):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(node))
