"""Have an API key? Paste it, press Enter: the shortest way to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.domain.new_provider import from_preset
from desktop_chat.domain.providers import DEMO_PROVIDER_ID
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import KeyField
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.providers.connecting import Connecting

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Preset, Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.keys import KeyJob

KEYRING_THERE: Final = "It goes to your system's keyring, never into a file."
KEYRING_NONE: Final = "This computer has no keyring, so the key is kept only until you quit."
WHY: Final = "Install and unlock GNOME Keyring or KWallet, then choose Try again."
WHOSE: Final = "Whose key is this?"
UNKNOWN: Final = "This key does not say whose it is. Choose its service."


class KeyBlock(QWidget):
    """A field for a key, `Connect`, and what is to be known of the keyring."""

    connected = Signal(object)
    """Provider"""
    services_requested = Signal(str)
    """str: what was pasted, to be taken along into the form"""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._no_keyring = False
        self._asking: KeyJob | None = None
        self._asked = False
        self._offered: tuple[Preset, ...] = ()
        title = PlainLabel("Have an API key?")
        font = title.font()
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        self.field = KeyField("Paste it here")
        self.connect_button = TextButton("Connect")
        self.connect_button.setEnabled(False)
        self.keyring_label = WrappedLabel(KEYRING_THERE, "faint")
        self.why_button = TextButton("Why?", "link")
        self.why_button.hide()
        self.status = Connecting(core)
        self._whose = QWidget()
        self._chips = QHBoxLayout()
        self._lay_out(title)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self.start)
        self.connect_button.clicked.connect(self.start)
        self.why_button.clicked.connect(self._on_why)
        self.status.busy_changed.connect(self._on_busy_changed)
        self.status.key_faulty.connect(self._on_key_faulty)
        self.status.connected.connect(self.connected)

    @property
    def offered(self) -> tuple[Preset, ...]:
        """The services that the person is asked to choose among."""
        return self._offered

    def give_key(self, text: str) -> None:
        """Put a key into the field and connect."""
        self.field.setText(text)
        self.start()

    def forget(self) -> None:
        """Leave no key behind in a field that nobody sees; an attempt under way goes on."""
        with QSignalBlocker(self.field):
            self.field.clear()

    @Slot()
    def start(self) -> None:
        """Connect with what was pasted; where the key may belong to several services, ask."""
        text = self.field.text()
        if not text.strip() or self.status.busy:
            return
        # The rows of all services are not read for the first paint.
        from desktop_chat.domain.presets import presets_for_key  # noqa: PLC0415

        found = presets_for_key(text)
        if len(found) == 1:
            self._connect_to(found[0])
        elif found:
            self._ask_whose(found)
        else:
            self.status.say(UNKNOWN)
            self.services_requested.emit(text)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.field.set_fault(faulty=False)
        self.status.cancel()
        self._whose.hide()
        self._offered = ()
        self.connect_button.setEnabled(bool(text.strip()))
        if text and not self._asked:
            self._ask_keyring()

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001 - a slot
        self.connect_button.set_words("Connecting…" if busy else "Connect")
        self.connect_button.setEnabled(not busy and bool(self.field.text().strip()))
        self.field.setReadOnly(busy)

    @Slot()
    def _on_key_faulty(self) -> None:
        self.field.set_fault(faulty=True)
        self.field.setFocus()
        self.field.selectAll()

    @Slot()
    def _on_whose_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, TextButton):
            chosen = next(one for one in self._offered if one.name == chip.accessibleName())
            self._whose.hide()
            self._connect_to(chosen)

    @Slot()
    def _on_why(self) -> None:
        from desktop_chat.ui.controls.popover import Popover  # noqa: PLC0415 - popups come after the window

        popover = Popover(WHY, self)
        again = TextButton("Try again", "strong", popover)
        again.clicked.connect(self._core.keys.try_again)
        again.clicked.connect(self._ask_keyring)
        again.clicked.connect(popover.close)
        popover.column.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        popover.open_at(self.why_button)

    @Slot()
    def _ask_keyring(self) -> None:
        # The keyring is asked when a key is there to be kept, not before: it may want unlocking.
        self._asked = True
        self._asking = self._core.keys.status(DEMO_PROVIDER_ID)
        self._asking.finished.connect(self._on_keyring_answered)

    @Slot(object)
    def _on_keyring_answered(self, result: object) -> None:
        self._asking = None
        if isinstance(result, KeyResult):
            self._no_keyring = result.outcome is KeyOutcome.NONE
            self.keyring_label.setText(KEYRING_NONE if self._no_keyring else KEYRING_THERE)
            self.why_button.setVisible(self._no_keyring)

    def _connect_to(self, preset: Preset) -> None:
        taken = [one.name for one in self._core.preferences.providers()]
        provider: Provider = from_preset(preset, taken)
        if not provider.base_url:
            self.services_requested.emit(self.field.text())
            return
        self.status.begin(provider, self.field.text(), keep_without_asking=self._no_keyring)

    def _ask_whose(self, found: tuple[Preset, ...]) -> None:
        while (old := self._chips.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._offered = found
        for one in found:
            chip = TextButton(one.name, "chip", self._whose)
            chip.setAccessibleName(one.name)
            chip.clicked.connect(self._on_whose_clicked)
            self._chips.addWidget(chip)
        self._chips.addStretch(1)
        self._whose.show()

    def _lay_out(self, title: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.connect_button)
        whose = QVBoxLayout(self._whose)
        whose.setContentsMargins(0, 4, 0, 0)
        whose.setSpacing(4)
        whose.addWidget(PlainLabel(WHOSE))
        self._chips.setSpacing(8)
        whose.addLayout(self._chips)
        self._whose.hide()
        keyring = QHBoxLayout()
        keyring.setSpacing(8)
        keyring.addWidget(self.keyring_label, 1)
        keyring.addWidget(self.why_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self._whose)
        column.addWidget(self.status)
        column.addLayout(keyring)
