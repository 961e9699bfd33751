"""The chip that names the model a chat talks to, and opens the list of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.look.scale import scaled

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.look.appearance import Appearance

_WIDEST: Final = 260
_WIDEST_NARROW: Final = 150
_MARK: Final = 12


class ModelChip(TextButton):
    """Shows a model's name, shortened in the middle where it is long."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__("", "chip", parent)
        self._appearance = appearance
        self._service = ""
        self._next_only = False
        self._widest = _WIDEST
        self.model = ""
        # The chevron stands behind the name.
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        appearance.changed.connect(self._dress)
        self._dress()

    def set_model(self, model: str, service: str) -> None:
        """Name a model and the service that offers it."""
        # The demo's one model is called as the demo is.
        self.model = service if model.casefold() == service.casefold() else model
        self._service = service
        self._dress()

    def set_next_only(self, *, only: bool) -> None:
        """Tell that the model was chosen for the next message alone."""
        self._next_only = only
        self._dress()

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave room for the other buttons."""
        self._widest = _WIDEST_NARROW if narrow else _WIDEST
        self._dress()

    @Slot()
    def _dress(self) -> None:
        mark = scaled(self._appearance, _MARK)
        self.setIconSize(QSize(mark, mark))
        self.setIcon(self._appearance.icon("chevron-down", "ink_soft"))
        name = self.model or "Choose a model"
        room = self._widest - 42
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.set_words(f"{shown} · once" if self._next_only else shown)
        elsewhere = self._service not in ("", name)
        where = f"{name} at {self._service}" if elsewhere else name
        self.setAccessibleName(f"Model: {where}")
        once = "\nFor the next message only" if self._next_only else ""
        keys = QKeySequence("Ctrl+L").toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(plain_tooltip(f"{where}{once}\nChoose a model ({keys})"))
