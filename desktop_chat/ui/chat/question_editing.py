"""Editing a question where it stands, in the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from typing_extensions import override

from desktop_chat.transcript.messages.question import Question
from desktop_chat.ui.chat.question_editor import QuestionEditor, Veil

if TYPE_CHECKING:
    from desktop_chat.transcript.view import TranscriptView
    from desktop_chat.ui.look.appearance import Appearance

_NARROWEST: Final = 420
_ABOVE: Final = 16


class QuestionEditing(QObject):
    """Lays the editor over a question's bubble, wherever scrolling and resizing move that."""

    sent = Signal(str, str)
    """Payload: message id, text."""
    ended = Signal()

    def __init__(self, appearance: Appearance, transcript: TranscriptView) -> None:
        super().__init__(transcript)
        self._transcript = transcript
        self._reserved = 0
        viewport = transcript.viewport()
        self._veil = Veil(appearance, viewport)
        self.editor = QuestionEditor(appearance, viewport)
        self._veil.hide()
        self.editor.hide()
        self.editor.sent.connect(self._on_sent)
        self.editor.left.connect(self.end)
        self.editor.grown.connect(self._arrange)
        transcript.verticalScrollBar().valueChanged.connect(self._arrange)
        transcript.verticalScrollBar().rangeChanged.connect(self._arrange)
        viewport.installEventFilter(self)

    @property
    def active(self) -> bool:
        """Whether a question is being edited."""
        return bool(self.editor.message_id)

    def begin(self, message_id: str, text: str, version: int) -> None:
        """Edit a question, scrolled into view."""
        self.editor.begin(message_id, text, version)
        place = self._bubble()
        if place is None:
            self.editor.message_id = ""
            return
        height = self._transcript.viewport().height()
        if place.top() < 0 or place.top() + self.editor.sizeHint().height() > height:
            self._transcript.scroll_by(place.top() - _ABOVE)
        self._veil.show()
        self.editor.show()
        self._arrange()
        self.editor.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Leave the question as it was."""
        if self.active:
            self._reserve(0)
            self.editor.message_id = ""
            self._veil.hide()
            self.editor.hide()
            self.ended.emit()

    def _on_sent(self, message_id: str, text: str) -> None:
        self.end()
        self.sent.emit(message_id, text)

    def _arrange(self) -> None:
        place = self._bubble() if self.active else None
        if place is None:
            return
        viewport = self._transcript.viewport()
        column = self._transcript.document.geometry.width
        width = max(place.width(), min(_NARROWEST, column))
        height = max(place.height(), self.editor.sizeHint().height())
        self._reserve(height)
        left = place.right() + 1 - width
        self.editor.setGeometry(left, place.top(), width, height)
        below = max(0, place.top())
        self._veil.setGeometry(0, below, viewport.width(), viewport.height() - below)
        self.editor.raise_()

    def _reserve(self, height: int) -> None:
        """Move what follows out of the editor's way."""
        if height != self._reserved:
            self._reserved = height
            self._transcript.reserve(self.editor.message_id, height)

    def _bubble(self) -> QRect | None:
        """Return where the question's bubble is in the viewport; None where it is not shown."""
        transcript, document = self._transcript, self._transcript.document
        if not document.has(self.editor.message_id):
            return None
        number = document.number(self.editor.message_id)
        message = document.messages[number]
        if not isinstance(message, Question):
            return None
        message.build()
        top = document.top(number) - transcript.scroller.scroll
        return message.bubble().translated(transcript.column_left, top)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return False
