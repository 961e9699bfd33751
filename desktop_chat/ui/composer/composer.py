"""Where a message is written and sent: the field, its toolbar, and the strips above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.settings import SEND_KEY
from desktop_chat.domain.workspace import Draft
from desktop_chat.ui.composer.card import ComposerCard
from desktop_chat.ui.composer.question_history import QuestionHistory
from desktop_chat.ui.composer.send_button import send_key_menu
from desktop_chat.ui.controls.strips import KeyStrip, QueueStrip, Strip, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction, QContextMenuEvent

    from desktop_chat.ui.composer.question_history import Question
    from desktop_chat.ui.composer.spending_strip import SpendingStrip
    from desktop_chat.ui.look.appearance import Appearance

DRAFT_DELAY_MS: Final = 500
_KEY_LENGTH: Final = 1300
"""No key is longer than this; longer pastes are not even looked at."""


class Composer(QWidget):
    """Asks to send, to queue and to stop; keeps the draft and the way back to earlier questions."""

    send_requested = Signal(str)
    queue_requested = Signal(str)
    stop_requested = Signal()
    text_edited = Signal()
    draft_changed = Signal(object)
    """Draft"""
    model_requested = Signal()
    parameters_requested = Signal()
    queued_send_requested = Signal()
    queued_edit_requested = Signal()
    queued_cancel_requested = Signal()
    key_kept = Signal(str)
    question_edit_requested = Signal(str)
    send_key_chosen = Signal(str)
    height_changed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._history = QuestionHistory()
        self._busy = False
        self._hint = False
        self._placing = False
        self._send_key = SEND_KEY.default
        self._card = ComposerCard(appearance)
        self.editor = self._card.editor
        self.chip = self._card.chip
        self.parameters_button = self._card.parameters_button
        self.send_button = self._card.send_button
        self.queue_strip = QueueStrip()
        self.key_strip = KeyStrip()
        self.history_strip = Strip()
        self._lay_out()
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_DELAY_MS)
        self._draft_timer.timeout.connect(self.flush_draft)
        self._connect()
        self.setFocusProxy(self.editor)
        self.set_send_key(SEND_KEY.default)
        self._show_state()

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return self.editor.composing

    def text(self) -> str:
        """Return what is written."""
        return self.editor.toPlainText()

    def set_text(self, text: str, caret: int | None = None) -> None:
        """Replace what is written; the caret goes to an offset in characters, or to the end."""
        self._history.leave()
        self.history_strip.hide()
        self._place(text, caret)
        self._draft_timer.start()

    def draft(self) -> Draft:
        """Return the unsent text; while an earlier question is shown, what it covers."""
        if self._history.active:
            return Draft(self._history.draft, len(self._history.draft))
        return Draft(self.text(), self.editor.caret())

    def set_draft(self, draft: Draft) -> None:
        """Show a draft as it was left, without telling that it changed."""
        self._history.leave()
        self.history_strip.hide()
        self._place(draft.text, draft.caret)
        self._draft_timer.stop()

    @Slot()
    def flush_draft(self) -> None:
        """Tell the draft now rather than when the keys have rested."""
        if self._draft_timer.isActive() or self.sender() is self._draft_timer:
            self._draft_timer.stop()
            self.draft_changed.emit(self.draft())

    def clear_sent(self) -> None:
        """Empty the field: what stood in it is on its way."""
        self._history.leave()
        self.history_strip.hide()
        self._place("", None)
        self._draft_timer.stop()
        self.draft_changed.emit(Draft())

    def focus_message(self) -> None:
        """Put the keyboard into the field."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_text(self, text: str) -> None:
        """Write what was typed elsewhere, and take the keyboard from there on."""
        self.focus_message()
        self.editor.insertPlainText(text)

    def insert_quote(self, text: str) -> None:
        """Put a quote before the caret, on lines of its own."""
        lines = "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))
        cursor = self.editor.textCursor()
        before = "" if cursor.atBlockStart() else "\n\n"
        self.editor.insertPlainText(f"{before}{lines}\n\n")
        self.focus_message()

    def escape(self) -> bool:
        """Take one step back, and tell whether there was one."""
        if self.composing:
            return True
        if self._history.active:
            self._leave_history()
            return True
        if self.key_strip.isVisible():
            self.key_strip.drop()
            self.height_changed.emit()
            return True
        cursor = self.editor.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.editor.setTextCursor(cursor)
            return True
        return False

    def add_strip(self, strip: SpendingStrip) -> None:
        """Show a strip above all others, when it has something to tell."""
        self._column.insertWidget(0, strip)
        strip.gone.connect(self.height_changed)

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - as Qt's own setters
        """Show Stop in place of Send while an answer arrives."""
        self._busy = busy
        self._show_state()

    def set_model(self, model: str, service: str = "") -> None:
        """Show which model is asked."""
        self.chip.set_model(model, service)
        self._show_placeholder()

    def set_next_only(self, only: bool) -> None:  # noqa: FBT001 - as Qt's own setters
        """Mark the model as chosen for the next message alone."""
        self.chip.set_next_only(only=only)

    def set_queued(self, text: str, *, offline: bool = False) -> None:
        """Show the question that waits; an empty text: none does."""
        self.queue_strip.show_question(text, offline=offline)
        self.height_changed.emit()

    def flash_queue(self) -> None:
        """Show that a question waits already."""
        self.queue_strip.flash()

    def set_questions(self, source: Callable[[], Sequence[tuple[str, int, str]]]) -> None:
        """Say where this chat's questions are to be had: text, time and message id of each."""
        self._history.source = source

    def set_send_key(self, value: str) -> None:
        """Send with `enter` or with `ctrl_enter`."""
        self._send_key = value
        self.editor.set_ctrl_enter_sends(wanted=value == "ctrl_enter")
        self.send_button.set_hint(self._keys())
        self._show_placeholder()

    def set_hint(self, shown: bool) -> None:  # noqa: FBT001 - as Qt's own setters
        """Say in the empty field which keys send, for those who are new."""
        self._hint = shown
        self._show_placeholder()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - as Qt's own setters
        """Save room in a narrow window."""
        self.send_button.set_narrow(narrow=narrow)
        self.chip.set_narrow(narrow=narrow)
        self.parameters_button.set_narrow(narrow=narrow)

    @Slot()
    def _on_enter(self) -> None:
        text = self.text()
        if self.composing or not text.strip():
            return
        if not self._busy:
            self.send_requested.emit(text)
        elif self.queue_strip.isVisible():
            self.flash_queue()
        else:
            self.queue_requested.emit(text)

    @Slot()
    def _on_send_pressed(self) -> None:
        if self.send_button.stops:
            self.stop_requested.emit()
            return
        if self.composing:
            QGuiApplication.inputMethod().commit()
        self._on_enter()

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_state()
        if self._placing:
            return
        if self._history.active:
            self._history.leave()
            self.history_strip.hide()
        self._draft_timer.start()
        self.text_edited.emit()

    @Slot()
    def _on_caret_moved(self) -> None:
        if not self._placing and not self._history.active:
            self._draft_timer.start()

    @Slot(str)
    def _on_pasted(self, text: str) -> None:
        service = None
        if len(text) <= _KEY_LENGTH:
            from desktop_chat.ui.composer.pasted_key import service_of_key  # noqa: PLC0415 - seldom

            service = service_of_key(text)
        if service is None:
            self._insert(text)
            return
        self.key_strip.hold(text, service)
        self.height_changed.emit()

    @Slot(str)
    def _on_key_inserted(self, text: str) -> None:
        self._insert(text)
        self.height_changed.emit()
        self.focus_message()

    @Slot(str)
    def _on_history_strip(self, _words: str) -> None:
        shown = self._history.shown
        self._leave_history()
        if shown is not None:
            self.question_edit_requested.emit(shown.message_id)

    @Slot("QAction*")
    def _on_send_key_chosen(self, action: QAction) -> None:
        self.send_key_chosen.emit(action.data())

    def _step_history(self, step: int) -> bool:
        if step < 0:
            if not self._history.active and not self.editor.is_empty:
                return False
            question = self._history.earlier(self.text())
            if question is not None:
                self._show_question(question)
            return question is not None or self._history.active
        if not self._history.active:
            return False
        question = self._history.later()
        if question is not None:
            self._show_question(question)
        else:
            self._place(self._history.draft, None)
            self.history_strip.hide()
            self.height_changed.emit()
        return True

    def _show_question(self, question: Question) -> None:
        self._place(question.text, 0 if "\n" in question.text else None)
        said = f"Your question from {moment(question.created_ms)}"
        self.history_strip.say(said, ("Edit it in place",))
        self.height_changed.emit()

    def _leave_history(self) -> None:
        draft = self._history.draft
        self._history.leave()
        self.history_strip.hide()
        self._place(draft, None)
        self.height_changed.emit()

    def _insert(self, text: str) -> None:
        self.editor.insertPlainText(text)
        self.editor.ensureCursorVisible()

    def _place(self, text: str, caret: int | None) -> None:
        self._placing = True
        self.editor.setPlainText(text)
        self.editor.put_caret(caret)
        self._placing = False

    def _show_state(self) -> None:
        self.send_button.set_stops(stops=self._busy)
        self.send_button.setEnabled(self._busy or not self.editor.is_empty)

    def _keys(self) -> str:
        if self._send_key == "ctrl_enter":
            return "Ctrl+Enter sends, Enter new line"
        return "Enter sends, Shift+Enter new line"

    def _show_placeholder(self) -> None:
        asked = f"Message {self.chip.model}".rstrip()
        self.editor.set_placeholder(asked, self._keys() if self._hint else "")

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(8)
        for strip in (self.queue_strip, self.key_strip, self.history_strip):
            column.addWidget(strip)
        column.addWidget(self._card)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.editor.step_history = self._step_history
        self.editor.enter_pressed.connect(self._on_enter)
        self.editor.pasted.connect(self._on_pasted)
        self.editor.textChanged.connect(self._on_text_changed)
        self.editor.cursorPositionChanged.connect(self._on_caret_moved)
        self.editor.lines_changed.connect(self.height_changed)
        self.send_button.clicked.connect(self._on_send_pressed)
        self.chip.clicked.connect(self.model_requested)
        self.parameters_button.clicked.connect(self.parameters_requested)
        self.queue_strip.send_requested.connect(self.queued_send_requested)
        self.queue_strip.edit_requested.connect(self.queued_edit_requested)
        self.queue_strip.cancel_requested.connect(self.queued_cancel_requested)
        self.key_strip.kept.connect(self.key_kept)
        self.key_strip.kept.connect(self.height_changed)
        self.key_strip.inserted.connect(self._on_key_inserted)
        self.history_strip.pressed.connect(self._on_history_strip)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # A disabled button passes the event on, so that the choice is there before a word is.
        if not self.send_button.rect().contains(self.send_button.mapFrom(self, event.pos())):
            event.ignore()
            return
        menu = send_key_menu(self, self._send_key)
        menu.triggered.connect(self._on_send_key_chosen)
        menu.popup(event.globalPos())
