"""Pages of a dialog, one shown at a time, with their names in a row above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Pages(QTabWidget):
    """Tab reaches the names, and the arrows go from one to the next."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setDocumentMode(True)
        bar = self.tabBar()
        bar.setAccessibleName(name)
        bar.setDrawBase(False)
        bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bar.setExpanding(False)
