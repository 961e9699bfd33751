"""All keys of a service in a few small lines, for its card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot

from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.providers.key_place import KeyPlaceWatch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.runtime.core import Core

NO_KEY: Final = "Needs no key"


class KeySummary(WrappedLabel):
    """Where each key is, and when it was last used."""

    changed = Signal()

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__("", "faint", "small", parent)
        self._core = core
        self._places: tuple[KeyPlace, ...] | None = None
        self._watches: list[KeyPlaceWatch] = []

    @property
    def trouble(self) -> KeyPlaceWatch | None:
        """One of the keys of which the keyring could not say; None where all is well."""
        return next((one for one in self._watches if one.in_trouble), None)

    def show_provider(self, provider: Provider) -> None:
        """Follow the keys of a provider; nothing is asked where they are where they were."""
        if provider.key_places == self._places:
            return
        self._places = provider.key_places
        for old in self._watches:
            old.changed.disconnect(self._show)
            old.deleteLater()
        self._watches = [
            KeyPlaceWatch(self._core, provider, place, self) for place in provider.key_places
        ]
        for one in self._watches:
            one.changed.connect(self._show)
        self._show()

    def look(self) -> None:
        """Find out anew."""
        for one in self._watches:
            one.look()

    @Slot()
    def _show(self) -> None:
        lines = [one.full_words for one in self._watches]
        if len(lines) > 1:
            named = zip(self._watches, lines, strict=True)
            lines = [f"{one.place.label.capitalize()}: {line}" for one, line in named]
        elif lines:
            lines = [f"Key: {lines[0][:1].lower()}{lines[0][1:]}"]
        self.setText("\n".join(lines) or NO_KEY)
        self.changed.emit()
