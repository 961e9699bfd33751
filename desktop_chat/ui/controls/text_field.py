"""A field of several lines in a form: plain text, and Tab goes on to the next field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy
from typing_extensions import override

from desktop_chat.ui.controls.focus_ring import Ringed
from desktop_chat.ui.look.style import polish_again

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget


class TextField(Ringed, QPlainTextEdit):
    """Says its name, and how many lines it has room for. Ctrl+Enter is told, as Enter in a line."""

    entered = Signal()

    def __init__(
        self, name: str, lines: int, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._preedit = ""
        self.enters_with = Qt.KeyboardModifier.ControlModifier
        """What is held with Enter where it says that all is written; else it breaks the line."""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "field")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return bool(self._preedit)

    def set_fault(self, *, faulty: bool) -> None:
        """Draw the edge that marks what has to be mended."""
        if bool(self.property("fault")) != faulty:
            self.setProperty("fault", faulty)
            polish_again(self)

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, self._lines * self.fontMetrics().lineSpacing() + 22)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not self.composing and event.modifiers() == self.enters_with:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.ensureCursorVisible()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insertPlainText(source.text())
