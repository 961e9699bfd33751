"""The dialogs of the window, imported and made when they are first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.controls.folded_section import FoldedSection
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.providers.providers_dialog import ProvidersDialog
    from desktop_chat.ui.settings.settings_dialog import SettingsDialog


class Dialogs(QObject):
    """Opens settings, services and the sheet of shortcuts."""

    connected = Signal(object)
    """Payload: the `Provider` that was connected."""
    told = Signal(str)
    """Payload: what is to be said to the person, where nothing else shows it."""

    def __init__(self, appearance: Appearance, core: Core, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._core = core
        self._window = window

    def open_settings(self) -> None:
        """Open the settings."""
        self._settings(self._network())

    def open_network(self) -> None:
        """Open the settings at what all services are reached by."""
        network = self._network()
        network.set_unfolded(unfolded=True)
        dialog = self._settings(network)
        dialog.show_part(network)

    def open_assistants(self) -> None:
        """Open the assistants."""
        from desktop_chat.ui.assistants.assistant_form import assistants_dialog  # noqa: PLC0415 - not at start

        assistants_dialog(self._appearance, self._core, self._window).open()

    def open_prompts(self) -> None:
        """Open the library of prompts."""
        from desktop_chat.ui.assistants.prompt_form import prompts_dialog  # noqa: PLC0415 - not at start

        prompts_dialog(self._appearance, self._core.preferences.prompts, self._window).open()

    def open_services(self) -> None:
        """Open the list of services."""
        self._providers().open_list()

    def add_service(self, key_text: str = "") -> None:
        """Open the form for a new service, with a key that was pasted elsewhere."""
        self._providers().open_add(key_text)

    def edit_service(self, provider_id: str, field: str) -> None:
        """Open the form of a service at one of its fields."""
        provider = self._core.preferences.provider(provider_id)
        if provider is None or provider.is_demo:
            self.open_services()
        else:
            self._providers().open_edit(provider_id, field)

    def open_site(self, provider_id: str) -> None:
        """Open the page where the account of a service is looked after."""
        from desktop_chat.domain.presets import preset  # noqa: PLC0415 - not at start
        from desktop_chat.ui.opening import open_url  # noqa: PLC0415 - not at start

        provider = self._core.preferences.provider(provider_id)
        known = preset(provider.preset) if provider is not None and provider.preset else None
        if known is not None and known.site:
            open_url(known.site)
        else:
            self.open_services()

    def open_usage(self) -> None:
        """Open what was spent, and the limits to it."""
        from desktop_chat.ui.settings.usage_dialog import UsageDialog  # noqa: PLC0415 - not at start

        UsageDialog(self._appearance, self._core, self._window).open()

    def open_shortcuts(self) -> None:
        """Open the sheet of shortcuts."""
        from desktop_chat.ui.settings.shortcuts_sheet import ShortcutsSheet  # noqa: PLC0415 - not at start

        ShortcutsSheet(self._window).show()

    def copy_diagnostics(self) -> None:
        """Put what helps to find a fault on the clipboard."""
        from desktop_chat.ui.window.diagnosing import copy_diagnostics  # noqa: PLC0415 - not at start

        copy_diagnostics(self._core, self._window, self.told.emit)

    def _settings(self, network: FoldedSection) -> SettingsDialog:
        from desktop_chat.ui.settings.settings_dialog import SettingsDialog  # noqa: PLC0415 - not at start

        parts = {"Network": network}
        dialog = SettingsDialog(self._appearance, self._core.preferences, self._window, parts)
        dialog.services_requested.connect(self.open_services)
        dialog.diagnostics_requested.connect(self.copy_diagnostics)
        dialog.usage_requested.connect(self.open_usage)
        dialog.assistants_requested.connect(self.open_assistants)
        dialog.prompts_requested.connect(self.open_prompts)
        dialog.open()
        return dialog

    def _network(self) -> FoldedSection:
        from desktop_chat.ui.controls.folded_section import FoldedSection  # noqa: PLC0415 - not at start

        return FoldedSection(self._appearance, "Proxy and certificates", self._network_panel)

    def _network_panel(self) -> QWidget:
        from desktop_chat.ui.providers.network_panel import NetworkPanel  # noqa: PLC0415 - not at start

        return NetworkPanel(self._appearance, self._core)

    def _providers(self) -> ProvidersDialog:
        from desktop_chat.ui.providers.providers_dialog import ProvidersDialog  # noqa: PLC0415 - not at start

        dialog = ProvidersDialog(self._appearance, self._core, self._window)
        dialog.connected.connect(self.connected)
        return dialog
