"""Where a provider's key is, in one line, with the ways to replace and remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.domain.providers import KeySource
from desktop_chat.ui.buttons import TextButton
from desktop_chat.ui.error_text import key_sentence
from desktop_chat.ui.labels import WrappedLabel

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.keys import KeyJob


class KeyState(QWidget):
    """Says where the key is; its text is never shown."""

    replace_requested = Signal()
    missing = Signal()
    """There is no key: a field for one is wanted."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._provider: Provider | None = None
        self._job: KeyJob | None = None
        self.label = WrappedLabel(ink="soft")
        self.replace_button = TextButton("Replace", "quiet")
        self.remove_button = TextButton("Remove", "quiet")
        self.remove_button.setAccessibleDescription("Remove the key")
        self.replace_button.clicked.connect(self.replace_requested)
        self.remove_button.clicked.connect(self._on_remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.label, 1)
        row.addWidget(self.replace_button)
        row.addWidget(self.remove_button)

    def show_provider(self, provider: Provider) -> None:
        """Find out where this provider's key is."""
        self._provider = provider
        self._job = None
        self.remove_button.hide()
        if provider.key_source is KeySource.ENVIRONMENT:
            self.label.setText(f"From the environment variable {provider.key_variable}")
        elif self._core.keys.session_only(provider.id):
            self._say("Kept until you quit", removable=True)
        else:
            self.label.setText("Asking the keyring…")
            self._wait_for(self._core.keys.status(provider.id))

    @Slot()
    def _on_remove(self) -> None:
        if self._provider is not None:
            self.remove_button.hide()
            self.label.setText("Removing the key…")
            self._wait_for(self._core.keys.remove(self._provider.id))

    @Slot(object)
    def _on_answered(self, result: object) -> None:
        if self.sender() is not self._job or not isinstance(result, KeyResult):
            return
        self._job = None
        if self._provider is None:
            return
        if self.label.text() == "Removing the key…" and result.outcome is KeyOutcome.OK:
            self.missing.emit()
        elif result.outcome is KeyOutcome.OK:
            self._say(f"In {result.backend or 'the keyring'}", removable=True)
        elif result.outcome is KeyOutcome.MISSING:
            self.missing.emit()
        else:
            self._say(key_sentence(result), removable=False)

    def _wait_for(self, job: KeyJob) -> None:
        self._job = job
        job.finished.connect(self._on_answered)

    def _say(self, text: str, *, removable: bool) -> None:
        self.label.setText(text)
        self.remove_button.setVisible(removable)
