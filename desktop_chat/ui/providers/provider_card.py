"""One service that is set up: what is known of it, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import ElidedLabel, PlainLabel
from desktop_chat.ui.providers.checkup_view import CheckupView
from desktop_chat.ui.providers.connecting import Connecting
from desktop_chat.ui.providers.key_summary import KeySummary

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.checkup import Checkup
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance


class ProviderCard(QFrame):
    """Its name, its address and model, its keys, and three buttons."""

    edit_requested = Signal(str, str)
    """Payload: the provider's id, and the field to begin with, or nothing."""
    remove_requested = Signal(str)
    grown = Signal()
    """There is more to see of it."""

    def __init__(
        self,
        appearance: Appearance,
        core: Core,
        provider: Provider,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self.provider = provider
        self.setProperty("look", "card")
        self._name = PlainLabel(size="h3")
        self._where = ElidedLabel("", "faint", "small")
        self.keys = KeySummary(core)
        self.checkup = CheckupView(appearance, core)
        self.checkup.ended.connect(self._on_examined)
        self.checkup.busy_changed.connect(self._on_busy_changed)
        self.checkup.mend_requested.connect(self._on_mend)
        # A key that would go unencrypted is asked about, and only then sent.
        self.status = Connecting(core)
        self.status.connected.connect(self._on_allowed)
        self.test_button = self._button("Test", self.test)
        self.edit_button = self._button("Edit", self._on_edit)
        self.remove_button = self._button("Remove", self._on_remove)
        self._lay_out()
        self.show_provider(provider)

    def show_provider(self, provider: Provider) -> None:
        """Show the service as it is now; what a test of it found stays."""
        self.provider = provider
        self._name.setText(provider.name)
        self._where.setText(" · ".join(one for one in (provider.host, provider.model) if one))
        self.keys.show_provider(provider)
        for button in (self.test_button, self.edit_button, self.remove_button):
            button.setAccessibleDescription(provider.name)

    @Slot()
    def test(self) -> None:
        """Examine the connection, with the stored keys, by the shortest question there is."""
        if self.checkup.busy:
            return
        self.status.cancel()
        self._core.keys.try_again()
        self.checkup.begin(self.provider)

    def drop(self) -> None:
        """Stop whatever is under way."""
        self.status.cancel()
        self.checkup.cancel()

    @Slot(object)
    def _on_examined(self, checkup: Checkup) -> None:
        if checkup.failure is not None and checkup.failure.kind is ErrorKind.CLEARTEXT:
            self.status.begin(self.provider, "")
        current = self._core.preferences.provider(self.provider.id)
        if checkup.failure is None and checkup.models and current is not None:
            # What answered is kept, though the list may not name it.
            model = current.model or checkup.models[0]
            self._core.preferences.save_provider(
                replace(current, models=checkup.models, model=model)
            )
        self.grown.emit()

    @Slot(object)
    def _on_allowed(self, provider: Provider) -> None:
        self.provider = provider
        self.test()

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        # It stays enabled: it would lose the keyboard else.
        self.test_button.set_words("Testing…" if busy else "Test")
        if busy:
            self.grown.emit()

    @Slot()
    def _on_edit(self) -> None:
        self.edit_requested.emit(self.provider.id, "")

    @Slot(str)
    def _on_mend(self, field: str) -> None:
        self.edit_requested.emit(self.provider.id, field)

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self.provider.id)

    def _button(self, words: str, slot: object) -> TextButton:
        button = TextButton(words, "quiet", self)
        button.setAccessibleName(words)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._where)
        words.addWidget(self.keys)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addLayout(words, 1)
        for button in (self.test_button, self.edit_button, self.remove_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 9, 9, 9)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.checkup)
        column.addWidget(self.status)
