"""The card of the composer: the field, and under it the model's chip and the one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from desktop_chat.ui.message_editor import MessageEditor
from desktop_chat.ui.model_chip import ModelChip
from desktop_chat.ui.parameters_button import ParametersButton
from desktop_chat.ui.send_button import SendButton
from desktop_chat.ui.style import polish_again

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.appearance import Appearance


class ComposerCard(QFrame):
    """Holds them; its edge stands out while the field has the keyboard."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "composer")
        self.editor = MessageEditor()
        self.chip = ModelChip(appearance)
        self.parameters_button = ParametersButton(appearance)
        self.send_button = SendButton(appearance)
        toolbar = QHBoxLayout()
        toolbar.setContentsMargins(0, 0, 0, 0)
        toolbar.setSpacing(8)
        toolbar.addWidget(self.chip)
        toolbar.addWidget(self.parameters_button)
        toolbar.addStretch(1)
        toolbar.addWidget(self.send_button)
        field = QHBoxLayout()
        field.setContentsMargins(3, 0, 3, 0)
        field.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 11, 11, 11)
        column.setSpacing(6)
        column.addLayout(field)
        column.addLayout(toolbar)
        self.editor.focus_changed.connect(self._on_focus_changed)

    @Slot(bool)
    def _on_focus_changed(self, focused: bool) -> None:  # noqa: FBT001 - a slot
        self.setProperty("lit", focused)
        polish_again(self)
