"""The form of one provider: paste a key, press Enter. Connecting is the test of it, too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.network_options import NetworkOptions
from desktop_chat.domain.parameters import NOTHING_SET
from desktop_chat.domain.presets import presets_for_key
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel
from desktop_chat.ui.controls.scrolling import Scrolling
from desktop_chat.ui.controls.strips import Strip
from desktop_chat.ui.providers.connecting import Connecting
from desktop_chat.ui.providers.key_choice import KeyChoice, KeyDoubt, NoKey, OtherOrigin
from desktop_chat.ui.providers.key_state import KeyState
from desktop_chat.ui.providers.provider_fields import OTHER, ProviderFields
from desktop_chat.ui.providers.provider_keys import ProviderKeys
from desktop_chat.ui.providers.provider_network import ProviderNetwork
from desktop_chat.ui.providers.provider_parameters import ProviderParameters

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.controls.folded_section import FoldedSection
    from desktop_chat.ui.look.appearance import Appearance

_SEND_THERE = "Use it there"
_OTHER_KEY = "Paste a new one"


class ProviderForm(QWidget):
    """Adds a provider or changes one; ends by `connected` or `left`."""

    connected = Signal(object)
    """Provider"""
    left = Signal()

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._edited: Provider | None = None
        self._choice = KeyChoice()
        self._key_asked = False
        self._held: QWidget | None = None
        self.title = PlainLabel("Add a service", size="h2")
        self.fields = ProviderFields(appearance)
        self.key_state = KeyState(core)
        self.key_state.hide()
        self.fields.key_place.addWidget(self.key_state)
        self.keys = ProviderKeys(appearance, core)
        self.network = ProviderNetwork(appearance, core)
        self.parameters = ProviderParameters(appearance)
        self.origin_strip = Strip()
        self.status = Connecting(core)
        self.connect_button = TextButton("Connect", "primary")
        self.cancel_button = TextButton("Cancel")
        self._lay_out()
        self.fields.service_changed.connect(self._on_service_changed)
        self.fields.key_entered.connect(self.start)
        for field in (self.fields.name, self.fields.address, self.fields.model):
            field.returnPressed.connect(self.start)
        self.key_state.replace_requested.connect(self._on_replace)
        self.key_state.missing.connect(self._on_key_missing)
        self.key_state.removed.connect(self._on_key_removed)
        self.keys.places_changed.connect(self._on_places_changed)
        self.origin_strip.pressed.connect(self._on_origin_answered)
        self.connect_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self.leave)
        self.status.busy_changed.connect(self._on_busy_changed)
        self.status.key_faulty.connect(self._on_key_faulty)
        self.status.address_faulty.connect(self._on_address_faulty)
        self.status.connected.connect(self._on_connected)
        for section in (self.keys, self.network, self.parameters):
            section.button.clicked.connect(partial(self._show_section, section))

    def begin(self, key_text: str = "") -> None:
        """Show an empty form, with a key that was pasted elsewhere."""
        self._open(None, "Add a service")
        found = presets_for_key(key_text) if key_text else ()
        # A key of nobody known must not stand ready to be sent to the first service of the list.
        start = OTHER if key_text and not found else None
        self.fields.begin(self._names(), found[0] if len(found) == 1 else start)
        self.fields.key.setText(key_text)
        first = self.fields.service if key_text and len(found) != 1 else self.fields.key
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def edit(self, provider: Provider, field: str = "") -> None:
        """Show a provider's form, with the keyboard in one of its fields."""
        self._open(provider, provider.name)
        # Else the focus of a field that is shut would be passed on, as if by Tab.
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fields.show_provider(provider, self._names(but=provider))
        if self._choice.is_shown:
            self.key_state.show_provider(provider)
        if field == "key":
            self._on_replace()
        elif field in ("address", "model"):
            self.fields.unfold()
            wanted = self.fields.address if field == "address" else self.fields.model
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)
            wanted.selectAll()
        elif field in ("network", "parameters"):
            section = self.network if field == "network" else self.parameters
            section.set_unfolded(unfolded=True)
            section.button.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_section(section)

    @Slot()
    def start(self) -> None:
        """Connect with what the fields say."""
        if self.status.busy:
            return
        try:
            provider = self.fields.provider()
        except WordsError as problem:
            self.fields.unfold()
            self.status.say(str(problem))
            return
        for section in (self.network, self.parameters):
            try:
                provider = section.applied(provider)
            except WordsError as problem:
                section.set_unfolded(unfolded=True)
                self.status.say(str(problem))
                return
        self._connect(provider)

    @Slot()
    def leave(self) -> None:
        """Drop what was written."""
        self.drop()
        self.left.emit()

    def drop(self) -> None:
        """Forget what was written, and stop whatever waits for a service or a keyring."""
        self.status.cancel()
        self.fields.key.clear()
        self.keys.forget()
        self.network.take_back()

    @Slot(object)
    def _on_connected(self, provider: object) -> None:
        self.fields.key.clear()
        self.network.keep()
        self.connected.emit(provider)

    @Slot()
    def _on_service_changed(self) -> None:
        self.status.cancel()
        self._key_asked = False
        self._show_key_row()

    @Slot()
    def _on_replace(self) -> None:
        self._on_key_missing()
        self.fields.key.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_key_missing(self) -> None:
        self._choice.want_another()
        self._show_key_row()

    @Slot()
    def _on_key_removed(self) -> None:
        self._choice.take_away()
        self._show_key_row()

    @Slot(object)
    def _on_places_changed(self, provider: Provider) -> None:
        self._edited = provider
        self.fields.take_places(provider)
        self._choice = KeyChoice(provider)
        self._show_key_row()
        if self._choice.is_shown:
            self.key_state.show_provider(provider)

    @Slot(str)
    def _on_origin_answered(self, words: str) -> None:
        self.origin_strip.hide()
        if words == _SEND_THERE:
            self.start()
        else:
            self._on_replace()

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        self.connect_button.set_words("Connecting…" if busy else self._verb())
        if busy:
            self._held = self.window().focusWidget()
        self.connect_button.setEnabled(not busy)
        self.fields.setEnabled(not busy)
        self.keys.setEnabled(not busy)
        self.network.setEnabled(not busy)
        self.parameters.setEnabled(not busy)
        if not busy and self._held is not None:
            # Whatever is disabled loses the keyboard.
            self._held.setFocus(Qt.FocusReason.OtherFocusReason)
            self._held = None

    @Slot()
    def _on_key_faulty(self) -> None:
        # A server of this computer may ask for a key, too.
        self._key_asked = True
        self._on_key_missing()
        self.fields.key.set_fault(faulty=True)
        self.fields.key.setFocus()
        self.fields.key.selectAll()

    @Slot()
    def _on_address_faulty(self) -> None:
        self.fields.unfold()
        self.fields.address.set_fault(faulty=True)

    def _open(self, provider: Provider | None, title: str) -> None:
        self.status.cancel()
        self.origin_strip.hide()
        self._edited = provider
        self._choice = KeyChoice(provider)
        self._key_asked = False
        self.keys.show_provider(provider)
        self.network.show_options(NetworkOptions() if provider is None else provider.network)
        self.parameters.show_parameters(NOTHING_SET if provider is None else provider.parameters)
        self.title.setText(title)
        self.connect_button.set_words(self._verb())

    def _show_section(self, section: FoldedSection) -> None:
        """Scroll to what was unfolded; its height is known once it is laid out."""
        if section.is_unfolded:
            height = self._scrolling.height()
            show = partial(self._scrolling.ensureWidgetVisible, section, 0, height)
            QTimer.singleShot(0, section, show)

    def _verb(self) -> str:
        return "Connect" if self._edited is None else "Save"

    def _names(self, but: Provider | None = None) -> list[str]:
        providers = self._core.preferences.providers()
        return [one.name for one in providers if but is None or one.id != but.id]

    def _show_key_row(self) -> None:
        wants = self.fields.wants_key or self._key_asked or self._choice.is_stored
        self.fields.key_label.setVisible(wants)
        self.fields.show_key_field(shown=wants and not self._choice.is_shown)
        self.key_state.setVisible(wants and self._choice.is_shown)

    def _connect(self, provider: Provider) -> None:
        """Connect, unless something is to be asked of the key first."""
        key_text = self.fields.key.text()
        try:
            provider = self._choice.settled(provider, key_text, self.fields.chosen)
        except OtherOrigin as question:
            self.origin_strip.say(str(question), (_OTHER_KEY, _SEND_THERE))
            return
        except KeyDoubt as doubt:
            self.status.say(str(doubt))
            if isinstance(doubt, NoKey):
                self._on_key_faulty()
            return
        self.origin_strip.hide()
        self.network.lend(provider)
        self.status.begin(provider, key_text)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.connect_button)
        ground = QWidget()
        inner = QVBoxLayout(ground)
        # Room for the ring around a focused field.
        inner.setContentsMargins(4, 4, 4, 4)
        inner.setSpacing(12)
        inner.addWidget(self.fields)
        inner.addWidget(self.keys)
        inner.addWidget(self.network)
        inner.addWidget(self.parameters)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.title)
        self._scrolling = Scrolling(ground)
        column.addWidget(self._scrolling, 1)
        column.addWidget(self.origin_strip)
        column.addWidget(self.status)
        column.addLayout(foot)
