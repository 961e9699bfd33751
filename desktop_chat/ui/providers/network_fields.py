"""The fields of the way to a service: its proxy, whom to trust, what to show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QWidget

from desktop_chat.domain.keys import Secret
from desktop_chat.domain.network_options import (
    CERTIFICATE_SLOT,
    PROXY_SLOT,
    NetworkOptions,
    ProxyUse,
)
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.proxy_address import read_proxy
from desktop_chat.ui.controls.fields import Field, KeyField, Select
from desktop_chat.ui.controls.file_field import FileField
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel

if TYPE_CHECKING:
    from desktop_chat.ui.look.appearance import Appearance

KEPT: Final = "In the keyring"
ANOTHER: Final = "Write it anew: the proxy is another"
_LONGEST: Final = "Passphrase"
_OF_ONE: Final = (
    (ProxyUse.SETTINGS, "As in the settings"),
    (ProxyUse.SYSTEM, "The system's"),
    (ProxyUse.NONE, "None"),
    (ProxyUse.OWN, "One of its own"),
)
_OF_ALL: Final = (
    (ProxyUse.SYSTEM, "The system's"),
    (ProxyUse.NONE, "None"),
    (ProxyUse.OWN, "This one"),
)


class NetworkFields(QWidget):
    """Fields in, `NetworkOptions` and newly written secrets out. Knows no network, no keyring."""

    changed = Signal()
    """The person is done with one of the fields."""

    def __init__(
        self, appearance: Appearance, *, of_all: bool = False, parent: QWidget | None = None
    ) -> None:
        """`of_all`: for what holds for all services, else for one of them."""
        super().__init__(parent)
        self._before = NetworkOptions()
        self._uses = _OF_ALL if of_all else _OF_ONE
        self.use = Select(appearance, "Proxy")
        for _, words in self._uses:
            self.use.addItem(words)
        self.address = Field("Proxy address", "socks5://proxy.example.org:1080")
        self.user = Field("Proxy user", "Where it asks for one")
        self.password = KeyField()
        self.password.setAccessibleName("Proxy password")
        self.no_proxy = Field("Without proxy", ".example.org, 10.0.0.0/8")
        self.ca_file = FileField("Trusted certificates", "Your organisation's")
        self.certificate = FileField("Your certificate", "Where a service asks for one")
        self.certificate_key = FileField("Its key", "In the same file")
        self.passphrase = KeyField()
        self.passphrase.setAccessibleName("Passphrase of the key")
        self._lay_out()
        self.use.activated.connect(self._on_use_chosen)
        self.certificate.field.textChanged.connect(self._show_rows)
        for field in (self.address, self.user):
            field.textChanged.connect(self._show_password_state)
        for line in (self.user, self.password, self.no_proxy, self.passphrase):
            line.editingFinished.connect(self.changed)
        for file in (self.ca_file, self.certificate, self.certificate_key):
            file.changed.connect(self.changed)
        self.address.editingFinished.connect(self._on_address_written)

    def show_options(self, options: NetworkOptions) -> None:
        """Fill the fields; a secret is never shown."""
        self._before = options
        uses = [one for one, _ in self._uses]
        known = options.proxy_use if options.proxy_use in uses else uses[0]
        self.use.setCurrentIndex(uses.index(known))
        self.address.setText(options.proxy)
        self.user.setText(options.proxy_user)
        self.no_proxy.setText(options.no_proxy)
        self.ca_file.set_text(options.ca_file)
        self.certificate.set_text(options.certificate)
        self.certificate_key.set_text(options.certificate_key)
        self.forget_secrets()
        self._show_rows()

    def options(self) -> NetworkOptions:
        """Return what the fields say. Raises `WordsError` with a sentence for the person."""
        options = self._written()
        if options.proxy_use is ProxyUse.OWN and not options.proxy:
            self.address.set_fault(faulty=True)
            raise WordsError(
                "Write the proxy's address like http://host:3128 or socks5://host:1080"
            )
        self.address.set_fault(faulty=False)
        if self.password.text():
            return replace(options, password_for=options.proxy_place)
        return options

    def secrets(self) -> dict[str, Secret]:
        """Return what was newly written of secrets, by their slots in the keyring."""
        texts = {PROXY_SLOT: self.password.text(), CERTIFICATE_SLOT: self.passphrase.text()}
        return {slot: Secret(text) for slot, text in texts.items() if text}

    def take_over(self, options: NetworkOptions) -> None:
        """Go on from what was kept, without a change under the person's hands."""
        self._before = options
        self.forget_secrets()

    def forget_secrets(self) -> None:
        """Empty the fields of the secrets: they are kept elsewhere, or not at all."""
        self.password.clear()
        self.passphrase.clear()
        self._show_password_state()

    @Slot(int)
    def _on_use_chosen(self, _index: int) -> None:
        self._show_rows()
        self.changed.emit()

    @Slot()
    def _on_address_written(self) -> None:
        """Put a name and a password that stand in the address into the fields made for them."""
        found = read_proxy(self.address.text())
        if found is not None:
            self.address.setText(found.url)
            self.user.setText(found.user or self.user.text())
            if found.password:
                self.password.setText(found.password.reveal())
        self.changed.emit()

    def _written(self) -> NetworkOptions:
        found = read_proxy(self.address.text())
        return NetworkOptions(
            proxy_use=self._uses[max(0, self.use.currentIndex())][0],
            proxy=found.url if found else "",
            proxy_user=self.user.text().strip(),
            password_for=self._before.password_for,
            no_proxy=self.no_proxy.text().strip(),
            ca_file=self.ca_file.text(),
            certificate=self.certificate.text(),
            certificate_key=self.certificate_key.text(),
        )

    @Slot()
    def _show_rows(self) -> None:
        own = self._uses[max(0, self.use.currentIndex())][0] is ProxyUse.OWN
        for widget in (self.address, self.user, self.password, self.no_proxy, self._near):
            self._form.setRowVisible(widget, own)
        certified = bool(self.certificate.text())
        self._form.setRowVisible(self.certificate_key, certified)
        self._form.setRowVisible(self.passphrase, certified)
        self._show_password_state()

    @Slot()
    def _show_password_state(self) -> None:
        kept, place = self._before.password_for, self._written().proxy_place
        another = ANOTHER if kept else ""
        self.password.setPlaceholderText(KEPT if kept and kept == place else another)

    def _lay_out(self) -> None:
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._near = WrappedLabel(
            "This computer is always reached without a proxy.", "faint", "small"
        )
        rows = (
            ("Proxy", self.use),
            ("Address", self.address),
            ("User", self.user),
            ("Password", self.password),
            ("Not for", self.no_proxy),
            ("", self._near),
            ("Trust also", self.ca_file),
            ("Certificate", self.certificate),
            ("Its key", self.certificate_key),
            ("Passphrase", self.passphrase),
        )
        for words, widget in rows:
            form.addRow(self._label(words, widget), widget)

    def _label(self, words: str, widget: QWidget) -> PlainLabel:
        label = PlainLabel(words, "soft")
        label.setBuddy(widget)
        label.ensurePolished()
        room = label.fontMetrics().horizontalAdvance(_LONGEST) + 8
        label.setFixedSize(room, max(widget.sizeHint().height(), label.sizeHint().height()))
        return label
