"""One key among several: which, where, when last used, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.keys import KeyResult
from desktop_chat.ui.controls.buttons import IconButton, TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.providers.key_place import KeyPlaceWatch
from desktop_chat.ui.words.error_text import key_sentence

if TYPE_CHECKING:
    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.keys import KeyJob
    from desktop_chat.ui.look.appearance import Appearance


class KeyRow(QWidget):
    """A row of the list of keys; the key itself is shown nowhere."""

    raise_requested = Signal(str)
    """Payload: the slot of a key that is to be tried earlier."""
    removed = Signal(str)
    """Payload: the slot of a key that is no longer wanted, and that no keyring holds any more."""

    def __init__(
        self, appearance: Appearance, core: Core, provider: Provider, place: KeyPlace
    ) -> None:
        super().__init__()
        self._core = core
        self._provider_id = provider.id
        self.slot = place.slot
        self._removal: KeyJob | None = None
        name = place.label.capitalize()
        self.watch = KeyPlaceWatch(core, provider, place, self)
        self.label = WrappedLabel("", "faint", "small")
        self.again_button = TextButton("Try again", "quiet")
        self.raise_button = IconButton(appearance, "chevron-up", "Try earlier")
        self.remove_button = TextButton("Remove", "quiet")
        for button in (self.again_button, self.raise_button, self.remove_button):
            button.setAccessibleDescription(name)
        self.again_button.setAccessibleName("Try again")
        self.remove_button.setAccessibleName("Remove")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(name))
        words.addWidget(self.label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addLayout(words, 1)
        for button in (self.again_button, self.raise_button, self.remove_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        # The first one is tried first already.
        self.raise_button.setVisible(place != provider.key_places[0])
        self.again_button.clicked.connect(self._on_again)
        self.raise_button.clicked.connect(lambda: self.raise_requested.emit(self.slot))
        self.remove_button.clicked.connect(self._on_remove)
        self.watch.changed.connect(self._show)
        self._show()

    @property
    def holds_focus(self) -> bool:
        """Whether the keyboard is on one of its buttons."""
        buttons = (self.again_button, self.raise_button, self.remove_button)
        return self.window().focusWidget() in buttons

    @Slot()
    def _on_again(self) -> None:
        self.watch.try_again()

    @Slot()
    def _on_remove(self) -> None:
        if not self.watch.in_keyring:
            self.removed.emit(self.slot)
        elif self._removal is None:
            self._removal = self._core.keys.remove(self._provider_id, self.slot)
            self._removal.finished.connect(self._on_removed)
            self.label.setText("Removing the key…")

    @Slot(object)
    def _on_removed(self, result: object) -> None:
        self._removal = None
        if not isinstance(result, KeyResult):
            return
        if result.is_gone:
            self.removed.emit(self.slot)
        else:
            # The row stays: without it nobody would know of the key that is left behind.
            self.label.set_ink("danger")
            self.label.setText(key_sentence(result))

    @Slot()
    def _show(self) -> None:
        if self._removal is not None:
            return
        self.label.set_ink("faint")
        self.label.setText(self.watch.full_words)
        self.again_button.setVisible(self.watch.in_trouble)
