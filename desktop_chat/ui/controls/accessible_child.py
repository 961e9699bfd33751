"""A tab or a row for assistive technology: a child without a widget, which can be pressed."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtGui import QAccessible, QAccessibleInterface
from typing_extensions import override

from desktop_chat.transcript.spoken.accessible_part import NO_INTERFACE, AccessiblePart


class AccessibleChild(AccessiblePart):
    """A child of a widget that holds many and has no object for each. Has none of its own below."""

    @property
    @abstractmethod
    def index(self) -> int:
        """Which child it is; -1 once it is gone."""

    @property
    def pressable(self) -> bool:
        """Whether pressing it does anything."""
        return True

    @override
    def isValid(self) -> bool:
        return self.index >= 0

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
    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> Any:
        if arg__1 is not QAccessible.InterfaceType.ActionInterface or not self.pressable:
            return NO_INTERFACE
        return self.press_interface()
