"""The model servers that run on this computer, each set up by one press."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.new_provider import from_server
from desktop_chat.domain.providers import KeySource
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import KeyField
from desktop_chat.ui.controls.labels import ElidedLabel
from desktop_chat.ui.providers.connecting import Connecting
from desktop_chat.ui.words.discovery_words import about, use_words

if TYPE_CHECKING:
    from desktop_chat.domain.discovery import LocalServer
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core


class ServerOffers(QWidget):
    """A button for each server that answered and is not set up."""

    connected = Signal(object)
    """Provider"""
    filled = Signal()
    """Its buttons are new ones, to which Tab has to be led."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._servers: tuple[LocalServer, ...] = ()
        self._keyed: Provider | None = None
        self.buttons: list[TextButton] = []
        self.status = Connecting(core)
        self.key = KeyField("Paste its key here")
        self.key_button = TextButton("Connect")
        self._key_row = QWidget()
        self._rows = QVBoxLayout()
        self._lay_out()
        self.key.returnPressed.connect(self._on_key_entered)
        self.key_button.clicked.connect(self._on_key_entered)
        self.status.busy_changed.connect(self._on_busy_changed)
        self.status.key_faulty.connect(self._on_key_faulty)
        self.status.connected.connect(self._on_connected)
        core.offers_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the offers as they are now; not while one of them is being taken."""
        if not self.status.busy and self._core.offers != self._servers:
            self._servers = self._core.offers
            self._fill()

    def drop(self) -> None:
        """Stop what is under way, and forget what was pasted."""
        self.status.cancel()
        self._leave_key()

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if not isinstance(button, TextButton) or button not in self.buttons:
            return
        server = self._servers[self.buttons.index(button)]
        taken = [one.name for one in self._core.preferences.providers()]
        provider = from_server(server, taken)
        self._leave_key()
        if server.needs_key:
            self._ask_key(provider)
        else:
            self.status.begin(provider, "")

    @Slot()
    def _on_key_entered(self) -> None:
        if self._keyed is not None and self.key.text().strip() and not self.status.busy:
            self.status.begin(self._keyed, self.key.text())

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        for one in (*self.buttons, self.key_button):
            one.setEnabled(not busy)
        self.key.setReadOnly(busy)

    @Slot()
    def _on_key_faulty(self) -> None:
        if self._keyed is not None:
            self.key.set_fault(faulty=True)
            self.key.setFocus()
            self.key.selectAll()

    @Slot(object)
    def _on_connected(self, provider: object) -> None:
        self._leave_key()
        self.refresh()
        self.connected.emit(provider)

    def _ask_key(self, provider: Provider) -> None:
        self._keyed = replace(provider, key_source=KeySource.KEYRING)
        self.status.cancel()
        self.key.setAccessibleDescription(provider.name)
        self._key_row.show()
        self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_key(self) -> None:
        self._keyed = None
        self.key.clear()
        self.key.set_fault(faulty=False)
        self._key_row.hide()

    def _fill(self) -> None:
        self.drop()
        self.buttons = []
        while (old := self._rows.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for server in self._servers:
            self._rows.addWidget(self._row(server))
        self.filled.emit()

    def _row(self, server: LocalServer) -> QWidget:
        row = QWidget()
        words = use_words(server, self._servers)
        button = TextButton(words, parent=row)
        button.setAccessibleName(words)
        button.setAccessibleDescription(about(server))
        button.clicked.connect(self._on_clicked)
        self.buttons.append(button)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(button)
        line.addWidget(ElidedLabel(about(server), "faint", "small"), 1)
        return row

    def _lay_out(self) -> None:
        entry = QHBoxLayout(self._key_row)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.setSpacing(8)
        entry.addWidget(self.key, 1)
        entry.addWidget(self.key_button)
        self._key_row.hide()
        self._rows.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._rows)
        column.addWidget(self._key_row)
        column.addWidget(self.status)
