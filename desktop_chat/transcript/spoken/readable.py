"""The text of a part of the conversation, for assistive technology that reads piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAccessible, QAccessibleAttributesInterface, QAccessibleTextInterface
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint, QRect


class Level(QAccessibleAttributesInterface):
    """Says how high a heading is."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    @override
    def attributeKeys(self) -> list[QAccessible.Attribute]:
        return [QAccessible.Attribute.Level]

    @override
    def attributeValue(self, key: QAccessible.Attribute) -> Any:
        return self._level


class ReadableText(QAccessibleTextInterface):
    """A text to read: without a caret, and nothing is selected through it."""

    def __init__(self, read: Callable[[], str], place: Callable[[], QRect]) -> None:
        super().__init__()
        self._read = read
        self._place = place

    @override
    def text(self, startOffset: int, endOffset: int) -> str:
        return self._read()[max(0, startOffset) : max(0, endOffset)]

    @override
    def characterCount(self) -> int:
        return len(self._read())

    @override
    def characterRect(self, offset: int) -> QRect:
        return self._place()

    @override
    def offsetAtPoint(self, point: QPoint) -> int:
        return -1

    @override
    def cursorPosition(self) -> int:
        return 0

    @override
    def setCursorPosition(self, position: int) -> None:
        pass

    @override
    def selectionCount(self) -> int:
        return 0

    @override
    def addSelection(self, startOffset: int, endOffset: int) -> None:
        pass

    @override
    def removeSelection(self, selectionIndex: int) -> None:
        pass

    @override
    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:
        pass

    @override
    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:
        pass
