"""The assistants that an empty chat offers: a press chooses one, another press lets it go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_chat.ui.controls.buttons import TextButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.domain.assistants import Assistant

MOST: Final = 9
"""More are found in the list of models."""
_IN_A_ROW: Final = 3


class AssistantChips(QWidget):
    """Chips with the marks and names of assistants."""

    chosen = Signal(str)
    """Payload: an id; an empty text: none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[TextButton] = []
        self._ids: list[str] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 8, 0, 8)
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(_IN_A_ROW, 1)
        self.setAccessibleName("Assistants")

    def fill(self, assistants: Sequence[Assistant], chosen: str) -> None:
        """Offer these; the chosen one is pressed."""
        shown = assistants[:MOST]
        if self._ids != [one.id for one in shown]:
            self._make(len(shown))
            self._ids = [one.id for one in shown]
        for chip, one in zip(self.chips, shown, strict=True):
            chip.set_words(f"{one.mark}  {one.name}")
            chip.setAccessibleName(one.name)
            chip.setChecked(one.id == chosen)

    def _make(self, count: int) -> None:
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = [TextButton("", "chip", self) for _ in range(count)]
        for place, chip in enumerate(self.chips):
            chip.setCheckable(True)
            chip.clicked.connect(self._on_clicked)
            self._grid.addWidget(chip, place // _IN_A_ROW, place % _IN_A_ROW)

    @Slot(bool)
    def _on_clicked(self, pressed: bool) -> None:  # noqa: FBT001 - a slot
        place = next(at for at, chip in enumerate(self.chips) if chip is self.sender())
        self.chosen.emit(self._ids[place] if pressed else "")
