"""Keeps an open picker at the newest lists, and has them read anew while it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.models.picker import ModelPicker


class FreshLists(QObject):
    """Goes with its picker; the lists are kept all the same when they come later."""

    def __init__(self, picker: ModelPicker, core: Core) -> None:
        super().__init__(picker)
        self._picker = picker
        self._lists = core.model_lists
        self._lists.changed.connect(self._on_changed)
        picker.refresh_requested.connect(self._lists.refresh)
        self._lists.look_at()

    @Slot()
    def _on_changed(self) -> None:
        self._picker.show_lists(self._lists.asked, self._lists.troubled)
