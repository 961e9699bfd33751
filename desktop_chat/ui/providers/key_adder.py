"""One more key for a provider: pasted, from a variable, or from a helper command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_chat.domain.keys import KeyFormatError, KeyOutcome, KeyResult, Secret, clean_key
from desktop_chat.domain.provider_words import WordsError, command_from, variable_from
from desktop_chat.domain.providers import KeyPlace, KeySource
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Field, Select
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.words.error_text import key_sentence

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.keys import KeyJob
    from desktop_chat.ui.look.appearance import Appearance

_SOURCES: Final = (
    (KeySource.KEYRING, "Pasted key", "Paste it here"),
    (KeySource.ENVIRONMENT, "Variable", "NAME_OF_THE_VARIABLE"),
    (KeySource.COMMAND, "Command", "pass show services/key"),
)


class KeyAdder(QWidget):
    """What was pasted goes to the keyring; what names a place is kept with the provider."""

    added = Signal(object)
    """Payload: `KeyPlace`; its key is where it says."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._provider_id = ""
        self._slot = ""
        self._secret: Secret | None = None
        self._job: KeyJob | None = None
        self.source = Select(appearance, "Source of the key")
        for source, words, _ in _SOURCES:
            self.source.addItem(words, source)
        self.field = Field("One more key")
        self.add_button = TextButton("Add")
        self.add_button.setAccessibleName("Add")
        self.label = WrappedLabel(ink="danger")
        self.again_button = TextButton("Try again", "quiet")
        self.keep_button = TextButton("Keep until I quit", "quiet")
        self._lay_out()
        self.source.currentIndexChanged.connect(self._on_source_chosen)
        self.field.returnPressed.connect(self.add)
        self.add_button.clicked.connect(self.add)
        self.again_button.clicked.connect(self._save)
        self.keep_button.clicked.connect(self._on_keep)
        self._on_source_chosen()

    def begin(self, provider_id: str, slot: str) -> None:
        """Be ready for a key that is to be in this slot."""
        self._provider_id = provider_id
        self._slot = slot
        self.forget()

    def forget(self) -> None:
        """Leave no key behind in a field that nobody sees."""
        self._secret = None
        self._job = None
        self.field.clear()
        self._say("")

    @Slot()
    def add(self) -> None:
        """Add what the field says."""
        text = self.field.text()
        try:
            match self.source.currentData():
                case KeySource.KEYRING:
                    self._secret = clean_key(text)
                    self._save()
                case KeySource.ENVIRONMENT:
                    variable = variable_from(text)
                    self._finish(KeyPlace(self._slot, KeySource.ENVIRONMENT, variable))
                case _:
                    command = command_from(text)
                    self._finish(KeyPlace(self._slot, KeySource.COMMAND, command=command))
        except (KeyFormatError, WordsError) as problem:
            self.field.set_fault(faulty=True)
            self._say(str(problem))

    @Slot()
    def _save(self) -> None:
        if self._secret is not None:
            self._say("")
            self.add_button.setEnabled(False)
            self._job = self._core.keys.save(self._provider_id, self._secret, self._slot)
            self._job.finished.connect(self._on_saved)

    @Slot(object)
    def _on_saved(self, result: object) -> None:
        self.add_button.setEnabled(True)
        if self.sender() is not self._job or not isinstance(result, KeyResult):
            return
        self._job = None
        if result.outcome is KeyOutcome.OK:
            self._finish(KeyPlace(self._slot))
        else:
            self._say(key_sentence(result), trouble=True)

    @Slot()
    def _on_keep(self) -> None:
        if self._secret is not None:
            self._core.keys.keep_for_session(self._provider_id, self._secret, self._slot)
            self._finish(KeyPlace(self._slot))

    @Slot()
    def _on_source_chosen(self) -> None:
        source, words, hint = _SOURCES[max(0, self.source.currentIndex())]
        pasted = source is KeySource.KEYRING
        echo = QLineEdit.EchoMode.Password if pasted else QLineEdit.EchoMode.Normal
        self.field.clear()
        self.field.setEchoMode(echo)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleDescription(words)
        self._say("")

    def _finish(self, place: KeyPlace) -> None:
        self.forget()
        self.added.emit(place)

    def _say(self, text: str, *, trouble: bool = False) -> None:
        if not text:
            self.field.set_fault(faulty=False)
        self.label.setText(text)
        self.label.setVisible(bool(text))
        self.again_button.setVisible(trouble)
        self.keep_button.setVisible(trouble)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.source)
        row.addWidget(self.field, 1)
        row.addWidget(self.add_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.keep_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.label)
        column.addLayout(buttons)
