"""The fields of a provider, folded but for what is nearly always enough: service and key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.domain.new_provider import free_name, from_preset
from desktop_chat.domain.presets import preset, presets_for_key, same_service
from desktop_chat.domain.provider_words import (
    WordsError,
    address_from,
    command_from,
    command_text,
    name_from,
    variable_from,
)
from desktop_chat.domain.providers import KeySource, Preset, Provider, with_key_places
from desktop_chat.domain.services import PRESETS
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Field, KeyField
from desktop_chat.ui.controls.labels import PlainLabel
from desktop_chat.ui.providers.service_select import ServiceSelect
from desktop_chat.ui.words import header_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.ui.look.appearance import Appearance

OTHER: Final = Preset(id="", name="Other service", protocol="openai_chat", base_url="")
"""Any service that speaks the protocol most of them speak."""
_LABEL: Final = QSize(64, 32)
"""As tall as a field, so that the words stand in its middle."""
_LONGEST: Final = "Command"
_ADDRESS_HINT: Final = "https://api.example.org/v1"
_HEADERS_HINT: Final = "X-Title: Desktop Chat\nX-Org: $MY_ORG"


class ProviderFields(QWidget):
    """Fields in, a `Provider` out. Knows no network and no keyring."""

    service_changed = Signal()
    key_entered = Signal()
    """Enter in the field of the key"""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._provider = from_preset(OTHER)
        self._taken: tuple[str, ...] = ()
        self._by_person = False
        self.service = ServiceSelect(appearance, (*PRESETS, OTHER))
        self.key = KeyField("Paste it here")
        self.key_label = _label("Key")
        self.name = Field("Name")
        self.address = Field("Address", _ADDRESS_HINT)
        self.model = Field("Model", "The first that the service lists")
        self.variable = Field("Environment variable", "Read the key from a variable instead")
        self.command = Field("Helper command", "Or from what a program prints: pass show key")
        self.headers = QPlainTextEdit()
        self.headers.setAccessibleName("Headers")
        self.headers.setPlaceholderText(_HEADERS_HINT)
        self.headers.setTabChangesFocus(True)
        self.headers.setFixedHeight(64)
        self.more_button = TextButton("More", "quiet")
        self.more_button.setCheckable(True)
        self.more = QWidget()
        self._lay_out()
        self.service.activated.connect(self._on_service_chosen)
        self.key.returnPressed.connect(self.key_entered)
        self.key.textChanged.connect(self._on_key_changed)
        self.address.textChanged.connect(lambda: self.address.set_fault(faulty=False))
        self.more_button.toggled.connect(self._on_more_toggled)

    @property
    def chosen(self) -> Preset:
        """The service that the fields are for."""
        return self.service.chosen

    @property
    def wants_key(self) -> bool:
        """Whether the service takes a key."""
        return self.chosen.needs_key

    def begin(self, taken: Iterable[str], start: Preset | None = None) -> None:
        """Empty the fields, for a new provider."""
        self._taken = tuple(taken)
        self._by_person = False
        self.key.clear()
        self.variable.clear()
        self.command.clear()
        self.headers.clear()
        self.more_button.setChecked(False)
        self.service.setEnabled(True)
        self._choose(start or PRESETS[0])

    def show_provider(self, provider: Provider, taken: Iterable[str]) -> None:
        """Fill the fields with a provider that is set up."""
        self._taken = tuple(taken)
        known = preset(provider.preset) or OTHER
        self.service.choose(known)
        self.service.setEnabled(False)
        self.key.clear()
        self._fill(provider)
        self.more_button.setChecked(known is OTHER)
        self.service_changed.emit()

    def unfold(self) -> None:
        """Show all fields."""
        self.more_button.setChecked(True)

    def provider(self) -> Provider:
        """Return what the fields say. Raises `WordsError` with a sentence for the person."""
        name = name_from(self.name.text())
        source, variable, command = self._source()
        self.address.set_fault(faulty=True)
        address = address_from(self.address.text())
        self.address.set_fault(faulty=False)
        return replace(
            self._provider,
            name=free_name(name, self._taken),
            base_url=address,
            model=self.model.text().strip(),
            headers=header_text.from_text(self.headers.toPlainText()),
            key_source=source,
            key_variable=variable,
            key_command=command,
        )

    def take_places(self, provider: Provider) -> None:
        """Take over where a provider's keys are: they were changed beside the fields."""
        self._provider = with_key_places(self._provider, provider.key_places)
        self._provider = replace(self._provider, key_origin=provider.key_origin)
        self._fill_source()

    def show_key_field(self, *, shown: bool) -> None:
        """Show the field for a key, or leave its place to what is known of the stored one."""
        self.key.setVisible(shown)

    @Slot(int)
    def _on_service_chosen(self, _index: int) -> None:
        self._by_person = True
        self._choose(self.chosen)

    @Slot(str)
    def _on_key_changed(self, text: str) -> None:
        self.key.set_fault(faulty=False)
        if self._by_person or not self.service.isEnabled():
            # What somebody chose is not chosen anew behind their back.
            return
        found = presets_for_key(text)
        if len(found) == 1 and not same_service(found[0], self.chosen):
            self._choose(found[0])

    @Slot(bool)
    def _on_more_toggled(self, unfolded: bool) -> None:  # noqa: FBT001 - a slot
        self.more.setVisible(unfolded)
        self.more_button.set_words("Less" if unfolded else "More")

    def _source(self) -> tuple[KeySource, str, tuple[str, ...]]:
        """Return where the first key comes from. Raises `WordsError`."""
        known = self._provider
        pasted = bool(self.key.text().strip())
        variable, command = self.variable.text().strip(), self.command.text().strip()
        if pasted and variable == known.key_variable and command == self._command_text():
            # A key that was just pasted takes the place of the variable of old.
            variable = command = ""
        if variable and command:
            raise WordsError("The key comes from a variable or a command, not both. Clear one.")
        if variable:
            return KeySource.ENVIRONMENT, variable_from(variable), ()
        if command:
            return KeySource.COMMAND, "", command_from(command)
        if pasted:
            return KeySource.KEYRING, "", ()
        if known.key_source in (KeySource.ENVIRONMENT, KeySource.COMMAND):
            return (KeySource.KEYRING if self.wants_key else KeySource.NONE), "", ()
        return known.key_source, "", ()

    def _command_text(self) -> str:
        command = self._provider.key_command
        return command_text(command) if command else ""

    def _fill_source(self) -> None:
        self.variable.setText(self._provider.key_variable)
        self.command.setText(self._command_text())

    def _choose(self, chosen: Preset) -> None:
        self.service.choose(chosen)
        self._fill(from_preset(chosen, self._taken))
        self.address.setPlaceholderText(chosen.address or _ADDRESS_HINT)
        if not chosen.base_url:
            self.unfold()
        self.service_changed.emit()

    def _fill(self, provider: Provider) -> None:
        self._provider = provider
        self.name.setText(provider.name)
        self.address.setText(provider.base_url)
        self.model.setText(provider.model)
        self._fill_source()
        self.headers.setPlainText(header_text.to_text(provider.headers))

    def _lay_out(self) -> None:
        always = _form()
        always.addRow(_label("Service"), self.service)
        self.key_place = QVBoxLayout()
        self.key_place.addWidget(self.key)
        always.addRow(self.key_label, self.key_place)
        folded = _form()
        self.more.setLayout(folded)
        folded.addRow(_label("Name"), self.name)
        folded.addRow(_label("Address"), self.address)
        folded.addRow(_label("Model"), self.model)
        folded.addRow(_label("Variable"), self.variable)
        folded.addRow(_label("Command"), self.command)
        folded.addRow(_label("Headers"), self.headers)
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(always)
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.more)


def _label(text: str) -> PlainLabel:
    label = PlainLabel(text, "soft")
    label.ensurePolished()
    wide = label.fontMetrics().horizontalAdvance(_LONGEST) + 8
    label.setFixedSize(_LABEL.expandedTo(QSize(wide, label.sizeHint().height() + 8)))
    return label


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(12)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
