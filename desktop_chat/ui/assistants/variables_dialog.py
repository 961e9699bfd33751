"""The small form that asks what a prompt's variables stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.assistants import filled, variables_of
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel
from desktop_chat.ui.controls.popover import fit
from desktop_chat.ui.controls.scrolling import Scrolling
from desktop_chat.ui.controls.text_field import TextField

if TYPE_CHECKING:
    from desktop_chat.domain.assistants import Prompt
    from desktop_chat.ui.look.appearance import Appearance

_WIDTH: Final = 420
_FIELD: Final = 84
_REST: Final = 150
_MOST: Final = 5


class VariablesDialog(QDialog):
    """Ends by `answered`, or by nothing."""

    answered = Signal(str)
    """Payload: the prompt's text with every value in its place."""

    def __init__(self, appearance: Appearance, prompt: Prompt, parent: QWidget) -> None:
        super().__init__(parent)
        self._prompt = prompt
        self.setWindowTitle(prompt.name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields = {name: TextField(name, 2) for name in variables_of(prompt.text)}
        self.insert_button = TextButton("Insert", "primary")
        self.insert_button.setDefault(True)
        cancel = TextButton("Cancel")
        ground = QWidget()
        inner = QVBoxLayout(ground)
        inner.setContentsMargins(4, 4, 4, 4)
        for name, field in self.fields.items():
            label = PlainLabel(name, "soft")
            label.setBuddy(field)
            inner.addWidget(label)
            inner.addWidget(field)
            field.enters_with = Qt.KeyboardModifier.NoModifier
            field.entered.connect(self._on_entered)
        inner.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.insert_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(PlainLabel(prompt.name, size="h3"))
        column.addWidget(Scrolling(ground), 1)
        column.addLayout(foot)
        height = _REST + _FIELD * min(len(self.fields), _MOST)
        fit(self, appearance.scaled(_WIDTH), appearance.scaled(height))
        self.insert_button.clicked.connect(self._on_insert)
        cancel.clicked.connect(self.reject)
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_entered(self) -> None:
        """Go to the next field that is empty; from the last one, insert."""
        empty = next((one for one in self.fields.values() if not one.toPlainText()), None)
        if empty is None or empty is self.sender():
            self._on_insert()
        else:
            empty.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_insert(self) -> None:
        values = {name: field.toPlainText() for name, field in self.fields.items()}
        self.accept()
        self.answered.emit(filled(self._prompt.text, values))
