"""Model servers of this computer in the list of models: choosing one sets it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop_chat.domain.new_provider import from_server
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.settings import FIND_SERVERS
from desktop_chat.runtime.preferences import default_model, with_models
from desktop_chat.ui.models.filter import ServerRow
from desktop_chat.ui.words.discovery_words import use_words

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.models.picker import ModelPicker


class ServerRows(QObject):
    """Goes with its picker. Looks anew, as servers come and go."""

    def __init__(self, picker: ModelPicker, core: Core) -> None:
        super().__init__(picker)
        self._picker = picker
        self._core = core
        core.offers_changed.connect(self._on_changed)
        picker.server_chosen.connect(self._on_chosen)
        self._on_changed()
        if core.preferences.value(FIND_SERVERS):
            core.discovery.look()

    @Slot()
    def _on_changed(self) -> None:
        # One that asks for a key has a place for it in the list of services.
        offers = [one for one in self._core.offers if not one.needs_key]
        rows = [ServerRow(one.base_url, use_words(one, offers)) for one in offers]
        self._picker.offer_servers(rows)

    @Slot(str)
    def _on_chosen(self, base_url: str) -> None:
        server = next((one for one in self._core.offers if one.base_url == base_url), None)
        if server is None:
            return
        taken = [one.name for one in self._core.preferences.providers()]
        provider = with_models(from_server(server, taken), server.models)
        self._core.preferences.save_provider(provider)
        self._picker.chosen.emit(ModelChoice(provider.id, default_model(provider)))
