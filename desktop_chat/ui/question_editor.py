"""Editing a question that was asked: takes the composer's place until it is sent or left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.buttons import TextButton
from desktop_chat.ui.labels import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_MOST_LINES: Final = 10
_BELOW: Final = 16


class QuestionField(QPlainTextEdit):
    """The text that is edited. Enter sends; Shift+Enter breaks the line; Esc leaves."""

    sent = Signal()
    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class QuestionEditor(QWidget):
    """An editor with `Send` and `Cancel`. Knows which question it is about."""

    sent = Signal(str, str)
    """Payload: message id, text."""
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message_id = ""
        card = QFrame(self)
        card.setProperty("look", "composer")
        card.setProperty("lit", "true")
        self.words = PlainLabel("", "faint", "small", self)
        self.field = QuestionField(self)
        self.field.setObjectName("message")
        self.field.setAccessibleName("Edit question")
        self.field.setTabChangesFocus(True)
        self.field.document().setDocumentMargin(0)
        self.send_button = TextButton("Send", "primary", self)
        self.cancel_button = TextButton("Cancel", "quiet", self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.words, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.send_button)
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addLayout(buttons)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, _BELOW)
        around.addWidget(card)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.sent.connect(self._on_sent)
        self.field.left.connect(self.left)
        self.send_button.clicked.connect(self._on_sent)
        self.cancel_button.clicked.connect(self.left)

    @property
    def message_id(self) -> str:
        """The question that is edited."""
        return self._message_id

    def begin(self, message_id: str, text: str, version: int) -> None:
        """Edit a question; the one that stands stays as that version."""
        self._message_id = message_id
        self.words.setText(f"Editing. What followed stays as version {version}.")
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_text_changed()

    def _on_text_changed(self) -> None:
        self.send_button.setEnabled(bool(self.field.toPlainText().strip()))
        lines = min(_MOST_LINES, max(2, int(self.field.document().size().height())))
        spacing = self.field.fontMetrics().lineSpacing()
        self.field.setFixedHeight(lines * spacing + 4)

    def _on_sent(self) -> None:
        text = self.field.toPlainText()
        if text.strip():
            self.sent.emit(self._message_id, text)
