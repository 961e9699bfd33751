"""The dialog of the services: the list of them, and the form of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.runtime.preferences import UNDO_MS
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel
from desktop_chat.ui.controls.popover import fit
from desktop_chat.ui.controls.strips import Strip
from desktop_chat.ui.controls.tab_order import follow_layout
from desktop_chat.ui.providers.provider_form import ProviderForm
from desktop_chat.ui.providers.provider_list import ProviderList
from desktop_chat.ui.providers.server_search import ServerSearch

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = (580, 620)


class ProvidersDialog(QDialog):
    """Adds, changes, tests and removes services."""

    connected = Signal(object)
    """Provider"""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self.setWindowTitle("Services")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, appearance.scaled(_SIZE[0]), appearance.scaled(_SIZE[1]))
        self.setMinimumSize(420, 360)
        self.list = ProviderList(appearance, core)
        self.search = ServerSearch(core)
        self.form = ProviderForm(appearance, core)
        self.add_button = TextButton("Add a service", "primary")
        self.close_button = TextButton("Close")
        self.undo_strip = Strip()
        self._pages = QStackedWidget()
        self._list_page = self._make_list_page()
        self._pages.addWidget(self._list_page)
        self._pages.addWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addWidget(self._pages)
        self._from_list = False
        self.list.edit_requested.connect(self._on_edit_requested)
        self.list.remove_requested.connect(self._on_remove_requested)
        self.search.connected.connect(self.connected)
        self.search.filled.connect(self._lead_tab)
        self._lead_tab()
        self.add_button.clicked.connect(self._on_add)
        self.close_button.clicked.connect(self.close)
        self.form.connected.connect(self._on_connected)
        self.form.left.connect(self._on_form_left)
        self.undo_strip.pressed.connect(self._on_undo)
        core.preferences.provider_removed.connect(self.undo_strip.hide)

    def open_list(self) -> None:
        """Show the services that are set up."""
        self._pages.setCurrentWidget(self._list_page)
        self.open()

    def open_add(self, key_text: str = "") -> None:
        """Show the form for a new service, with a key that was pasted elsewhere."""
        self._from_list = False
        self.form.begin(key_text)
        self._pages.setCurrentWidget(self.form)
        self.open()

    def open_edit(self, provider_id: str, field: str = "") -> None:
        """Show a service's form, at one of its fields."""
        provider = self._core.preferences.provider(provider_id)
        if provider is None or provider.is_demo:
            self.open_list()
            return
        self._from_list = False
        self._pages.setCurrentWidget(self.form)
        self.form.edit(provider, field)
        self.open()

    @Slot()
    def _on_add(self) -> None:
        self._from_list = True
        self._pages.setCurrentWidget(self.form)
        self.form.begin()

    @Slot(str, str)
    def _on_edit_requested(self, provider_id: str, field: str) -> None:
        provider = self._core.preferences.provider(provider_id)
        if provider is not None:
            self._from_list = True
            self._pages.setCurrentWidget(self.form)
            self.form.edit(provider, field)

    @Slot(str)
    def _on_remove_requested(self, provider_id: str) -> None:
        provider = self._core.preferences.provider(provider_id)
        if provider is not None:
            self._core.preferences.remove_provider(provider_id)
            seconds = UNDO_MS // 1000
            words = f"{provider.name} removed. Its key leaves the keyring in {seconds} s."
            self.undo_strip.say(words, ("Undo",))

    @Slot()
    def _on_undo(self) -> None:
        self.undo_strip.hide()
        self._core.preferences.undo_remove()

    @Slot(object)
    def _on_connected(self, provider: object) -> None:
        self.connected.emit(provider)
        self._on_form_left()

    @Slot()
    def _on_form_left(self) -> None:
        if self._from_list:
            self._pages.setCurrentWidget(self._list_page)
        else:
            self.accept()

    @Slot()
    def _lead_tab(self) -> None:
        follow_layout(self._list_page)

    def _make_list_page(self) -> QWidget:
        page = QWidget()
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(PlainLabel("Services", size="h2"))
        column.addWidget(self.list, 1)
        column.addWidget(self.search)
        column.addWidget(self.undo_strip)
        column.addLayout(foot)
        return page

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pages.currentWidget() is self.form:
            self.form.leave()  # as Cancel does: one step back
        else:
            super().keyPressEvent(event)

    @override
    def done(self, result: int) -> None:
        # Whatever still waits for a service or a keyring is dropped with the dialog.
        self.form.drop()
        self.list.drop()
        self.search.drop()
        super().done(result)
