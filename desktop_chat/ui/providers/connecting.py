"""How connecting goes, said under the form: what to mend, and what may be done instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.domain.providers import Provider
from desktop_chat.runtime.connect import connect_provider
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.words.error_text import details, key_sentence, sentence

if TYPE_CHECKING:
    from desktop_chat.runtime.connect import Connection
    from desktop_chat.runtime.core import Core

SAVE_ANYWAY: Final = "Save anyway"
KEEP: Final = "Keep until I quit"
TRY_AGAIN: Final = "Try again"
WITHOUT_SAVING: Final = "Continue without saving"
DETAILS: Final = "Details"
ALLOW_CLEARTEXT: Final = "Send it all the same"
_WAITING: Final = "Waiting for the system to unlock the keyring…"
_KEY_KINDS: Final = (ErrorKind.BAD_KEY, ErrorKind.NO_KEY, ErrorKind.FORBIDDEN)
_ADDRESS_KINDS: Final = (
    ErrorKind.DNS,
    ErrorKind.REFUSED,
    ErrorKind.NO_PATH,
    ErrorKind.WRONG_CONTENT,
    ErrorKind.BAD_ADDRESS,
    ErrorKind.REDIRECT,
    ErrorKind.CONNECT_TIMEOUT,
    ErrorKind.CLEARTEXT,
)


class Connecting(QWidget):
    """One attempt at a time, with the sentence and the buttons for where it waits."""

    busy_changed = Signal(bool)
    key_faulty = Signal()
    """The key is what has to be mended."""
    address_faulty = Signal()
    """The address is what has to be mended."""
    connected = Signal(object)
    """Provider"""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._connection: Connection | None = None
        self._busy = False
        self._details = ""
        self._keep_without_asking = False
        self.label = WrappedLabel()
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        self._buttons: list[TextButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addLayout(self._row)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited, of the service or of the keyring."""
        return self._busy

    def begin(
        self, provider: Provider, key_text: str, *, keep_without_asking: bool = False
    ) -> None:
        """Connect. `keep_without_asking`: the person was told that there is no keyring."""
        self.cancel()
        self._keep_without_asking = keep_without_asking
        connection = connect_provider(self._core, provider, key_text, self)
        connection.failed_key.connect(self._on_failed_key)
        connection.failed.connect(self._on_failed)
        connection.keyring_failed.connect(self._on_keyring_failed)
        connection.keyring_slow.connect(self._on_keyring_slow)
        connection.connected.connect(self._on_connected)
        self._connection = connection
        self.hide()
        self._set_busy(busy=True)

    def cancel(self) -> None:
        """Drop the attempt; nothing was changed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.disconnect(self)
            connection.cancel()
        self.hide()
        self._set_busy(busy=False)

    def say(self, text: str) -> None:
        """Say what has to be mended before anything is tried."""
        self._show(text, ())

    def button(self, words: str) -> TextButton:
        """Return the button of these words."""
        return next(one for one in self._buttons if one.accessibleName() == words)

    @Slot(str)
    def _on_failed_key(self, text: str) -> None:
        self._set_busy(busy=False)
        self._show(text, ())
        self.key_faulty.emit()

    @Slot(object)
    def _on_failed(self, failure: object) -> None:
        if not isinstance(failure, Failure):
            return
        self._set_busy(busy=False)
        self._details = details(failure)
        more = (DETAILS,) if self._details else ()
        if failure.kind is ErrorKind.CLEARTEXT:
            more = (ALLOW_CLEARTEXT,)
        self._show(sentence(failure), (SAVE_ANYWAY, *more))
        if failure.kind in _KEY_KINDS:
            self.key_faulty.emit()
        elif failure.kind in _ADDRESS_KINDS:
            self.address_faulty.emit()

    @Slot(object)
    def _on_keyring_failed(self, result: object) -> None:
        if not isinstance(result, KeyResult):
            return
        if result.outcome is KeyOutcome.NONE and self._keep_without_asking and self._connection:
            self._connection.keep_for_session()
            return
        self._set_busy(busy=False)
        self._details = result.detail
        more = (DETAILS,) if self._details else ()
        self._show(key_sentence(result), (TRY_AGAIN, KEEP, *more))

    @Slot()
    def _on_keyring_slow(self) -> None:
        self._show(_WAITING, (WITHOUT_SAVING,), faulty=False)

    @Slot(object)
    def _on_connected(self, provider: object) -> None:
        self._connection = None
        self.hide()
        self._set_busy(busy=False)
        if isinstance(provider, Provider):
            self.connected.emit(provider)

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, TextButton):
            self._act(button.accessibleName())

    def _act(self, words: str) -> None:
        connection = self._connection
        if words == DETAILS:
            self._show_details()
        elif connection is None:
            return
        elif words == SAVE_ANYWAY:
            self._set_busy(busy=True)
            connection.save_anyway()
        elif words == ALLOW_CLEARTEXT:
            self._set_busy(busy=True)
            connection.allow_cleartext()
        elif words in {KEEP, WITHOUT_SAVING}:
            connection.keep_for_session()
        else:
            self.hide()
            self._set_busy(busy=True)
            connection.try_again()

    def _show_details(self) -> None:
        self.label.setText(f"{self.label.text()}\n\n{self._details}")
        self._details = ""
        self._put_buttons(
            [one.accessibleName() for one in self._buttons if one.accessibleName() != DETAILS]
        )

    def _show(self, text: str, buttons: tuple[str, ...], *, faulty: bool = True) -> None:
        self.label.set_ink("danger" if faulty else "soft")
        self.label.setText(text)
        self.setAccessibleName(text)
        self._put_buttons(list(buttons))
        self.show()

    def _put_buttons(self, words: list[str]) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for place, one in enumerate(words):
            button = TextButton(one, "quiet", self)
            button.setAccessibleName(one)
            button.clicked.connect(self._on_clicked)
            self._row.insertWidget(place, button)
            self._buttons.append(button)

    def _set_busy(self, *, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
