"""The editor that a question becomes while it is edited, and the veil over what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from desktop_chat.ui.look.appearance import Appearance

_MOST_LINES: Final = 10
_RADIUS: Final = 12


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
    """A bubble with a cursor in it, `Send` and `Cancel`. Knows which question it is about."""

    sent = Signal(str, str)
    """Payload: message id, text."""
    left = Signal()
    grown = Signal()
    """It may want another height."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.message_id = ""
        """The question that is edited; empty: none."""
        self.words = ElidedLabel("", "faint", "small", self)
        self.field = QuestionField(self)
        self.field.setObjectName("message")
        self.field.setAccessibleName("Edit question")
        self.field.setTabChangesFocus(True)
        self.field.setFrameShape(QFrame.Shape.NoFrame)
        self.field.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.field.document().setDocumentMargin(1)
        self.field.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.send_button = TextButton("Send", "primary", self)
        self.cancel_button = TextButton("Cancel", "quiet", self)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.words, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.send_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addLayout(buttons)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.sent.connect(self._on_sent)
        self.field.left.connect(self.left)
        self.send_button.clicked.connect(self._on_sent)
        self.cancel_button.clicked.connect(self.left)
        appearance.changed.connect(self.update)

    def begin(self, message_id: str, text: str, version: int) -> None:
        """Edit a question; the one that stands stays as that version."""
        self.message_id = message_id
        self.words.setText(f"These stay as version {version}.")
        self.field.setPlainText(text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self._on_text_changed()

    def _on_text_changed(self) -> None:
        self.send_button.setEnabled(bool(self.field.toPlainText().strip()))
        self._fit()

    def _fit(self) -> None:
        lines = max(1, int(self.field.document().size().height()))
        shown = min(_MOST_LINES, lines)
        height = shown * self.field.fontMetrics().lineSpacing() + 6
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        as_needed = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.field.setVerticalScrollBarPolicy(as_needed if lines > shown else off)
        if height != self.field.height():
            self.field.setFixedHeight(height)
            self.grown.emit()

    def _on_sent(self) -> None:
        text = self.field.toPlainText()
        if text.strip():
            self.sent.emit(self.message_id, text)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._appearance.colour("surface"))
        painter.setPen(QPen(self._appearance.colour("control"), 1))
        painter.setBrush(self._appearance.colour("user_bubble"))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS
        )
        painter.end()


class Veil(QWidget):
    """Takes half of the ink from what stands below an edited question."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = QColor(self._appearance.colour("surface"))
        colour.setAlphaF(0.5)
        painter.fillRect(event.rect(), colour)
        painter.end()
