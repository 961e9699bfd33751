"""A field for a file's path, with a button that chooses one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Field


class FileField(QWidget):
    """A path as it is written or chosen; whether the file is there is told when it is used."""

    changed = Signal()
    """The person is done with it."""

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.field = Field(name, placeholder)
        self.button = TextButton("Choose…")
        self.button.setAccessibleName(f"Choose {name.lower()}")
        self.setFocusProxy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        self.field.editingFinished.connect(self.changed)
        self.button.clicked.connect(self._on_choose)

    def text(self) -> str:
        """Return the path."""
        return self.field.text().strip()

    def set_text(self, path: str) -> None:
        """Show a path."""
        self.field.setText(path)

    @Slot()
    def _on_choose(self) -> None:
        kinds = "Certificates (*.pem *.crt *.cer *.key);;All files (*)"
        path, _ = QFileDialog.getOpenFileName(self, self._name, self.text(), kinds)
        if path:
            self.field.setText(path)
            self.changed.emit()
