"""The services that are set up: a card each, with what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.controls.scrolling import Scrolling
from desktop_chat.ui.controls.strips import Strip
from desktop_chat.ui.controls.tab_order import follow_layout
from desktop_chat.ui.providers.key_place import KeyPlaceWatch
from desktop_chat.ui.providers.provider_card import ProviderCard
from desktop_chat.ui.words.key_words import unread_sentence

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

EMPTY = "No service yet. Paste a key to connect one."


class ProviderList(Scrolling):
    """The cards, kept as long as their provider is."""

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
        follow_layout(self)

    def drop(self) -> None:
        """Stop whatever is under way on any card."""
        for card in self.cards.values():
            card.drop()

    @Slot()
    def _on_try_again(self) -> None:
        """Ask for one key: the system asks for a password once, and then gives them all."""
        trouble = self._trouble()
        if trouble is not None:
            self.keyring_strip.hide()
            trouble.changed.connect(self._on_asked_again)
            trouble.try_again()

    @Slot()
    def _on_asked_again(self) -> None:
        watch = self.sender()
        if isinstance(watch, KeyPlaceWatch) and watch.result is not None:
            watch.changed.disconnect(self._on_asked_again)
            for card in self.cards.values():
                card.keys.look()

    @Slot()
    def _show_trouble(self) -> None:
        """Say once what is wrong with the keyring, however many keys it holds."""
        trouble = self._trouble()
        if trouble is None or trouble.result is None:
            self.keyring_strip.hide()
        else:
            self.keyring_strip.say(unread_sentence(trouble.result), ("Try again",))

    def _trouble(self) -> KeyPlaceWatch | None:
        found = [one.keys.trouble for one in self.cards.values()]
        return next((one for one in found if one is not None), None)

    def _show(self, place: int, provider: Provider) -> None:
        card = self.cards.get(provider.id)
        if card is not None:
            card.show_provider(provider)
            return
        card = ProviderCard(self._appearance, self._core, provider, self)
        card.edit_requested.connect(self.edit_requested)
        card.remove_requested.connect(self.remove_requested)
        card.keys.changed.connect(self._show_trouble)
        card.grown.connect(partial(self._show_all_of, card))
        self.cards[provider.id] = card
        self._column.insertWidget(place, card)

    def _show_all_of(self, card: ProviderCard) -> None:
        # Its height is known once it is laid out.
        QTimer.singleShot(0, card, lambda: self.ensureWidgetVisible(card))

    def _drop(self, provider_id: str) -> None:
        card = self.cards.pop(provider_id)
        card.drop()
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()
