"""The sheet of all keyboard shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_chat.ui.actions import ACTIONS, KEYS_IN_PLACE, SECTIONS, shown_keys
from desktop_chat.ui.controls.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE: Final = (560, 620)
_TOLD_WITH_FIRST: Final = frozenset(f"tab_{number}" for number in range(2, 9))
"""One line stands for the first tab and these."""


class ShortcutsSheet(QDialog):
    """Lists every action that has keys, by section."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        page = QWidget(self)
        page.setProperty("ground", "none")
        grid = QGridLayout(page)
        grid.setContentsMargins(24, 16, 24, 24)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        self._fill(grid)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def _fill(self, grid: QGridLayout) -> None:
        line = 0
        for section in SECTIONS:
            grid.addWidget(PlainLabel(section, "faint", "head", self), line, 0, 1, 2)
            grid.setRowMinimumHeight(line, 28)
            line += 1
            for words, keys in shortcuts(section):
                grid.addWidget(PlainLabel(words, "ink", "ui", self), line, 0)
                grid.addWidget(PlainLabel(keys, "soft", "ui", self), line, 1)
                line += 1
        grid.setRowStretch(line, 1)


def shortcuts(section: str) -> Iterator[tuple[str, str]]:
    """Yield what a section lists: words, and keys in this platform's words."""
    for action in ACTIONS:
        keys = [shown_keys(one) for one in action.sequences()]
        if action.section != section or not keys or action.name in _TOLD_WITH_FIRST:
            continue
        if action.name == "tab_1":
            yield "Go to tab 1 to 8", " · ".join(f"{one}…8" for one in keys)
        else:
            yield action.text, " · ".join(keys)
    for where, words, sequence in KEYS_IN_PLACE:
        if where == section:
            yield words, shown_keys(sequence)
