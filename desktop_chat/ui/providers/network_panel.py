"""The way to all services, as a part of the settings: each change is applied at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.domain.network_options import CERTIFICATE_SLOT, NETWORK_ID, PROXY_SLOT
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.providers.network_fields import KEPT, NetworkFields
from desktop_chat.ui.words.error_text import sentence
from desktop_chat.ui.words.key_words import UNTIL_QUIT

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance


class NetworkPanel(QWidget):
    """The fields, and a line that says what has to be mended in them."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self.fields = NetworkFields(appearance, of_all=True)
        self.status = WrappedLabel(ink="danger")
        self.status.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.fields)
        column.addWidget(self.status)
        self.fields.show_options(core.preferences.network().options)
        self._show_where_kept()
        self.fields.changed.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        try:
            options = self.fields.options()
        except WordsError as problem:
            self._say(str(problem))
            return
        self.status.hide()
        keys = self._core.keys
        for slot, secret in self.fields.secrets().items():
            # Until the keyring has it, or where it takes none, it is kept until the end.
            keys.keep_for_session(NETWORK_ID, secret, slot)
            keys.save(NETWORK_ID, secret, slot).finished.connect(self._on_saved)
        if options != self._core.preferences.network().options:
            self._core.preferences.set_network(options)
        self.fields.take_over(options)

    @Slot(object)
    def _on_saved(self, result: object) -> None:
        if isinstance(result, KeyResult) and result.outcome is not KeyOutcome.OK:
            self._say(sentence(Failure(kind=ErrorKind.NOT_KEPT)))
            self._show_where_kept()

    def _show_where_kept(self) -> None:
        """Say of a secret that no keyring took how long it lasts."""
        fields = {PROXY_SLOT: self.fields.password, CERTIFICATE_SLOT: self.fields.passphrase}
        for slot, field in fields.items():
            if field.placeholderText() == KEPT and self._core.keys.session_only(NETWORK_ID, slot):
                field.setPlaceholderText(UNTIL_QUIT)

    def _say(self, words: str) -> None:
        self.status.setText(words)
        self.status.show()
