"""The way to one service, folded into its form: most people never need it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.domain.network_options import NetworkOptions
from desktop_chat.ui.controls.folded_section import FoldedSection
from desktop_chat.ui.providers.network_fields import NetworkFields

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance


class ProviderNetwork(FoldedSection):
    """What was typed of secrets is lent to the attempt to connect, and kept once that succeeded."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(appearance, "Network", lambda: self._made(appearance), parent)
        self._core = core
        self._options = NetworkOptions()
        self._lent: dict[str, Secret] = {}
        self._owner = ""

    @property
    def fields(self) -> NetworkFields | None:
        """The fields; None before they were unfolded."""
        return self.body if isinstance(self.body, NetworkFields) else None

    def show_options(self, options: NetworkOptions) -> None:
        """Show a provider's way: unfolded where it is not the usual one."""
        self.take_back()
        self._options = options
        if self.fields is not None:
            self.fields.show_options(options)
        self.set_unfolded(unfolded=options != NetworkOptions())

    def applied(self, provider: Provider) -> Provider:
        """Return the provider with what the fields say. Raises `WordsError`."""
        fields = self.fields
        return replace(provider, network=self._options if fields is None else fields.options())

    def lend(self, provider: Provider) -> None:
        """Keep what was typed of secrets in memory, so that the service can be reached with it."""
        self.take_back()
        self._owner = provider.id
        self._lent = self.fields.secrets() if self.fields is not None else {}
        for slot, secret in self._lent.items():
            self._core.keys.keep_for_session(provider.id, secret, slot)

    def take_back(self) -> None:
        """Forget what was lent: the attempt was dropped."""
        for slot in self._lent:
            self._core.keys.forget_for_session(self._owner, slot)
        self._lent = {}

    def keep(self) -> None:
        """Put what was lent into the keyring; where it is not taken, it stays until the end."""
        lent, self._lent = self._lent, {}
        for slot, secret in lent.items():
            self._core.keys.save(self._owner, secret, slot).finished.connect(self._on_saved)
        if self.fields is not None:
            self.fields.forget_secrets()

    @Slot(object)
    def _on_saved(self, result: object) -> None:
        if isinstance(result, KeyResult) and result.outcome is not KeyOutcome.OK:
            provider = self._core.preferences.provider(self._owner)
            name = provider.name if provider is not None else ""
            failure = Failure(kind=ErrorKind.NOT_KEPT, service=name, detail=result.detail)
            self._core.noticed.emit(failure)

    def _made(self, appearance: Appearance) -> NetworkFields:
        fields = NetworkFields(appearance)
        fields.show_options(self._options)
        return fields
