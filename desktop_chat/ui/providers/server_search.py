"""Looking for model servers on this computer: the button, what it came to, what is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.providers.server_offers import ServerOffers
from desktop_chat.ui.words.discovery_words import search_result

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core

LOOK: Final = "Look for servers on this computer"
LOOKING: Final = "Looking…"


class ServerSearch(QWidget):
    """Looks when it is told to, and then says plainly what was looked for."""

    connected = Signal(object)
    """Provider"""
    filled = Signal()
    """Tab has to be led to new buttons."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._discovery = core.discovery
        self._core = core
        self._asked = False
        self.offers = ServerOffers(core)
        self.result = WrappedLabel(ink="soft")
        self.result.hide()
        self.button = TextButton(LOOK, "link")
        self.button.setAccessibleName(LOOK)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.offers)
        column.addWidget(self.result)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(self.look)
        self.offers.connected.connect(self.connected)
        self.offers.filled.connect(self.filled)
        self._discovery.changed.connect(self._on_changed)
        self._on_changed()
        self._discovery.ended.connect(self._on_ended)

    @Slot()
    def look(self) -> None:
        """Look now, and say what came of it."""
        self._asked = True
        self.result.hide()
        self.button.set_words(LOOKING)
        self.button.setEnabled(False)
        self._discovery.look()

    def drop(self) -> None:
        """Stop what is under way."""
        self.offers.drop()

    @Slot()
    def _on_changed(self) -> None:
        # What was said is of before.
        self.result.hide()
        self.offers.setVisible(bool(self._core.offers))

    @Slot()
    def _on_ended(self) -> None:
        self.button.set_words(LOOK)
        self.button.setEnabled(True)
        if self._asked:
            self._asked = False
            words = search_result(self._discovery.found, self._core.preferences.providers())
            self.result.setText(words)
            self.result.setVisible(bool(words))
