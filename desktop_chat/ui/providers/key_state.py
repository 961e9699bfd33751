"""Where a provider's first key is, in one line, with the ways to replace and remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.providers.key_place import KeyPlaceWatch
from desktop_chat.ui.words.error_text import key_sentence
from desktop_chat.ui.words.key_words import unread_sentence

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.keys import KeyJob


class KeyState(QWidget):
    """Says where the key is; its text is never shown."""

    replace_requested = Signal()
    missing = Signal()
    """There is no key to be found: a field for one is wanted."""
    removed = Signal()
    """The person removed it."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._provider: Provider | None = None
        self._watch: KeyPlaceWatch | None = None
        self._removal: KeyJob | None = None
        self.label = WrappedLabel(ink="soft")
        self.again_button = TextButton("Try again", "quiet")
        self.replace_button = TextButton("Replace", "quiet")
        self.remove_button = TextButton("Remove", "quiet")
        self.remove_button.setAccessibleDescription("Remove the key")
        self.again_button.setAccessibleName("Try again")
        self.again_button.clicked.connect(self._on_again)
        self.replace_button.clicked.connect(self.replace_requested)
        self.remove_button.clicked.connect(self._on_remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.label, 1)
        row.addWidget(self.again_button)
        row.addWidget(self.replace_button)
        row.addWidget(self.remove_button)

    def show_provider(self, provider: Provider) -> None:
        """Find out where this provider's first key is."""
        self._provider = provider
        self._removal = None
        if self._watch is not None:
            self._watch.deleteLater()
        self._watch = KeyPlaceWatch(self._core, provider, provider.key_places[0], self)
        self._watch.changed.connect(self._on_changed)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        watch = self._watch
        if watch is None or self._removal is not None:
            return
        result = watch.result
        held = watch.in_keyring and (result is None or result.outcome is KeyOutcome.OK)
        known = result is not None or self._session_only()
        self.remove_button.setVisible(held and known)
        self.again_button.setVisible(watch.in_trouble)
        if result is not None and result.outcome is KeyOutcome.MISSING:
            self.missing.emit()
        elif result is not None and watch.in_trouble:
            self.label.setText(unread_sentence(result))
        else:
            self.label.setText(watch.words)

    @Slot()
    def _on_again(self) -> None:
        if self._watch is not None:
            self._watch.try_again()

    @Slot()
    def _on_remove(self) -> None:
        if self._provider is not None:
            self.remove_button.hide()
            self.label.setText("Removing the key…")
            slot = self._provider.key_slot
            self._removal = self._core.keys.remove(self._provider.id, slot)
            self._removal.finished.connect(self._on_removed)

    @Slot(object)
    def _on_removed(self, result: object) -> None:
        if self.sender() is not self._removal or not isinstance(result, KeyResult):
            return
        self._removal = None
        if result.is_gone:
            self.removed.emit()
        else:
            self.remove_button.hide()
            self.again_button.show()
            self.label.setText(key_sentence(result))

    def _session_only(self) -> bool:
        provider = self._provider
        return provider is not None and self._core.keys.session_only(provider.id, provider.key_slot)
