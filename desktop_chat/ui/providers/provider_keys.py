"""All keys of one service, folded into its form: in their order, with what is known of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.domain.providers import KeyPlace, KeySource, free_slot, with_key_places
from desktop_chat.ui.controls.folded_section import FoldedSection
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.controls.tab_order import follow_layout
from desktop_chat.ui.providers.key_adder import KeyAdder
from desktop_chat.ui.providers.key_row import KeyRow

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

HINT: Final = (
    "Tried in this order: the next one where the service does not know a key, or asks it to pause."
)
ELSEWHERE: Final = "The keys were given for another address. Save the service with this one first."


class ProviderKeys(FoldedSection):
    """Changes are applied at once, to the service as it is stored."""

    places_changed = Signal(object)
    """Payload: `Provider`, with its keys in their new places."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(appearance, "Keys", lambda: KeyList(appearance, core), parent)
        self._core = core
        self._provider_id = ""
        self.unfolded.connect(self._on_unfolded)

    @property
    def keys(self) -> KeyList | None:
        """The list; None before it was unfolded."""
        return self.body if isinstance(self.body, KeyList) else None

    def show_provider(self, provider: Provider | None) -> None:
        """Be about a service that is set up; another has no keys yet, and no such list."""
        self._provider_id = provider.id if provider is not None else ""
        self.setVisible(provider is not None)
        self.set_unfolded(unfolded=provider is not None and len(provider.key_places) > 1)
        self._fill()

    def forget(self) -> None:
        """Leave no key behind in a field."""
        if self.keys is not None:
            self.keys.adder.forget()

    @Slot()
    def _on_unfolded(self) -> None:
        if self.keys is not None and not self.keys.joined:
            self.keys.joined = True
            self.keys.places_chosen.connect(self._on_places_chosen)
        self._fill()

    @Slot(object)
    def _on_places_chosen(self, places: tuple[KeyPlace, ...]) -> None:
        provider = self._core.preferences.provider(self._provider_id)
        if provider is None:
            return
        changed = with_key_places(provider, places)
        if any(one.source is KeySource.KEYRING for one in places) and not changed.key_origin:
            changed = replace(changed, key_origin=changed.origin)
        self._core.preferences.save_provider(changed)
        self._core.network.forget_refusals(changed.id)
        self._fill()
        self.places_changed.emit(changed)

    def _fill(self) -> None:
        provider = self._core.preferences.provider(self._provider_id)
        if self.keys is not None and self.is_unfolded and provider is not None:
            self.keys.show_provider(provider)
            follow_layout(self)


class KeyList(QWidget):
    """The rows, and below them a place for one more key."""

    places_chosen = Signal(object)
    """Payload: the `KeyPlace`s in the order that the person wants."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._core = core
        self._provider: Provider | None = None
        self.joined = False
        """Whether somebody listens to it yet."""
        self.rows: list[KeyRow] = []
        self.hint = WrappedLabel(HINT, "faint", "small")
        self.adder = KeyAdder(appearance, core)
        self.adder.added.connect(self._on_added)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.hint)
        self._column.addWidget(self.adder)

    def show_provider(self, provider: Provider) -> None:
        """Show the keys of a service as they are now."""
        self._provider = provider
        held = self._held()
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        for index, place in enumerate(provider.key_places):
            row = KeyRow(self._appearance, self._core, provider, place)
            row.raise_requested.connect(self._on_raise)
            row.removed.connect(self._on_removed)
            self._column.insertWidget(1 + index, row)
            row.show()
            self.rows.append(row)
        elsewhere = bool(provider.key_origin) and provider.key_origin != provider.origin
        self.hint.setText(ELSEWHERE if elsewhere else HINT)
        self.adder.setEnabled(not elsewhere)
        self.adder.begin(provider.id, free_slot(provider))
        if held:
            again = [one.remove_button for one in self.rows if one.slot == held]
            (*again, self.adder.field)[0].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(object)
    def _on_added(self, place: KeyPlace) -> None:
        self.places_chosen.emit((*self._places(), place))

    @Slot(str)
    def _on_raise(self, slot: str) -> None:
        places = list(self._places())
        at = next((i for i, one in enumerate(places) if one.slot == slot), 0)
        if at:
            places[at - 1 : at + 1] = [places[at], places[at - 1]]
            self.places_chosen.emit(tuple(places))

    @Slot(str)
    def _on_removed(self, slot: str) -> None:
        self.places_chosen.emit(tuple(one for one in self._places() if one.slot != slot))

    def _held(self) -> str:
        """Return the slot of the row that the keyboard is on."""
        return next((one.slot for one in self.rows if one.holds_focus), "")

    def _places(self) -> tuple[KeyPlace, ...]:
        return self._provider.key_places if self._provider is not None else ()
