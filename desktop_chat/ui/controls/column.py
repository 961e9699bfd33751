"""The reading column: how wide it is, and a box whose content stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop_chat.ui.look.appearance import Appearance

NARROW: Final = 640
"""Contents narrower than this have smaller margins, and buttons without words."""


def side_inset(width: int, column: int) -> int:
    """Return how far the column stands from either edge of contents of a width."""
    return max(16 if width < NARROW else 24, (width - column) // 2)


class ColumnBox(QWidget):
    """Stacks widgets in the column."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        appearance.changed.connect(self._arrange)

    def add(self, widget: QWidget) -> None:
        """Add a widget below the others."""
        self._column.addWidget(widget)

    def _arrange(self) -> None:
        inset = side_inset(self.width(), self._appearance.column)
        self._column.setContentsMargins(inset, 0, inset, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)
