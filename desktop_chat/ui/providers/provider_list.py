"""The services that are set up: a card each, with what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import ElidedLabel, PlainLabel, WrappedLabel
from desktop_chat.ui.controls.scrolling import Scrolling
from desktop_chat.ui.controls.strips import Strip
from desktop_chat.ui.providers.checkup_view import CheckupView
from desktop_chat.ui.providers.connecting import Connecting
from desktop_chat.ui.providers.key_summary import KeySummary
from desktop_chat.ui.words.error_text import key_sentence

if TYPE_CHECKING:
    from desktop_chat.domain.checkup import Checkup
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

EMPTY = "No service yet. Paste a key to connect one."


class ProviderCard(QFrame):
    """One service: its name, its address and model, and three buttons."""

    edit_requested = Signal(str, str)
    """Payload: the provider's id, and the field to begin with, or nothing."""
    remove_requested = Signal(str)

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
        name = PlainLabel(provider.name, size="h3")
        where = " · ".join(one for one in (provider.host, provider.model) if one)
        self.checkup = CheckupView(appearance, core)
        self.checkup.ended.connect(self._on_examined)
        self.checkup.busy_changed.connect(self._on_busy_changed)
        self.checkup.mend_requested.connect(self._on_mend)
        # A key that would go unencrypted is asked about, and only then sent.
        self.status = Connecting(core)
        self.status.connected.connect(self._on_allowed)
        row = QHBoxLayout()
        row.setSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(ElidedLabel(where, "faint", "small"))
        self.keys = KeySummary(core, provider)
        words.addWidget(self.keys)
        row.addLayout(words, 1)
        self.test_button = self._button("Test", self.test)
        self.edit_button = self._button("Edit", self._on_edit)
        self.remove_button = self._button("Remove", self._on_remove)
        for button in (self.test_button, self.edit_button, self.remove_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 9, 9, 9)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.checkup)
        column.addWidget(self.status)

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

    @Slot(object)
    def _on_allowed(self, provider: Provider) -> None:
        self.provider = provider
        self.test()

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        # It stays enabled: it would lose the keyboard else.
        self.test_button.set_words("Testing…" if busy else "Test")

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
        button.setAccessibleDescription(self.provider.name)
        button.clicked.connect(slot)
        return button


class ProviderList(Scrolling):
    """The cards, kept while their provider stays the same."""

    edit_requested = Signal(str, str)
    """As of a card."""
    remove_requested = Signal(str)

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        ground = QWidget()
        super().__init__(ground, parent)
        self._appearance = appearance
        self._core = core
        self.cards: dict[str, ProviderCard] = {}
        self.empty = WrappedLabel(EMPTY, "faint")
        self._column = QVBoxLayout(ground)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.keyring_strip = Strip()
        self.keyring_strip.pressed.connect(self._on_try_again)
        self._column.addWidget(self.keyring_strip)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        core.preferences.providers_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the providers as they are now."""
        providers = [one for one in self._core.preferences.providers() if not one.is_demo]
        kept = {one.id for one in providers}
        for gone in [one for one in self.cards if one not in kept]:
            self._drop(gone)
        for place, provider in enumerate(providers):
            self._show(place + 1, provider)
        self._show_trouble()
        self.empty.setVisible(not providers)

    def drop(self) -> None:
        """Stop whatever is under way on any card."""
        for card in self.cards.values():
            card.drop()

    @Slot()
    def _on_try_again(self) -> None:
        self.keyring_strip.hide()
        self._core.keys.try_again()
        for card in self.cards.values():
            card.keys.look()

    @Slot()
    def _show_trouble(self) -> None:
        """Say once what is wrong with the keyring, however many keys it holds."""
        found = [one.keys.trouble for one in self.cards.values()]
        trouble = next((one for one in found if one is not None), None)
        if trouble is None:
            self.keyring_strip.hide()
        else:
            self.keyring_strip.say(key_sentence(trouble), ("Try again",))

    def _show(self, place: int, provider: Provider) -> None:
        card = self.cards.get(provider.id)
        if card is not None and _looks_alike(card.provider, provider):
            card.provider = provider
            return
        if card is not None:
            self._drop(provider.id)
        card = ProviderCard(self._appearance, self._core, provider, self)
        card.edit_requested.connect(self.edit_requested)
        card.remove_requested.connect(self.remove_requested)
        card.keys.changed.connect(self._show_trouble)
        self.cards[provider.id] = card
        self._column.insertWidget(place, card)

    def _drop(self, provider_id: str) -> None:
        card = self.cards.pop(provider_id)
        card.drop()
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()


def _looks_alike(one: Provider, other: Provider) -> bool:
    return (one.name, one.host, one.model, one.key_places) == (
        other.name,
        other.host,
        other.model,
        other.key_places,
    )
