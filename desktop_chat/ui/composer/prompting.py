"""Prompts in the composer: `/` at its beginning lists them, Enter puts one in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from desktop_chat.domain.assistants import variables_of
from desktop_chat.ui.assistants.prompt_form import add_examples
from desktop_chat.ui.assistants.prompt_list import PromptList
from desktop_chat.ui.assistants.variables_dialog import VariablesDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.assistants import Prompt
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.composer.composer import Composer
    from desktop_chat.ui.look.appearance import Appearance

MARK: Final = "/"
_LONGEST: Final = 60
"""What is longer is a message that happens to begin so."""
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_LEAVES: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_TAKES: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class Prompting(QObject):
    """Watches a composer's text, and takes its keys while the list is shown."""

    edit_wished = Signal()
    """The prompts themselves are to be changed."""

    def __init__(
        self, appearance: Appearance, preferences: Preferences, composer: Composer, owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._appearance = appearance
        self._preferences = preferences
        self._composer = composer
        self._owner = owner
        self._left = ""
        """The text whose list was closed by Esc: it stays closed until another one is typed."""
        self.list = PromptList(appearance, owner)
        self.list.chosen.connect(self.insert)
        self.list.edit_wished.connect(self._on_edit)
        self.list.examples_wished.connect(self._on_examples)
        composer.editor.installEventFilter(self)
        composer.height_changed.connect(self._place)
        preferences.prompts.changed.connect(self.follow)

    @property
    def shown(self) -> bool:
        """Whether the list is shown."""
        return self.list.isVisible()

    @Slot()
    def follow(self) -> None:
        """Show what fits the text now, or nothing."""
        text = self._composer.text()
        wanted = text.startswith(MARK) and "\n" not in text and len(text) <= _LONGEST
        if not wanted or self._composer.composing or text == self._left:
            self._left = self._left if wanted else ""
            self.list.hide()
            return
        self._left = ""
        self.list.fill(self._preferences.prompts.all(), text.removeprefix(MARK))
        self._place()

    def close(self) -> bool:
        """Put the list away; False where it is not shown."""
        if not self.shown:
            return False
        self._left = self._composer.text()
        self.list.hide()
        return True

    @Slot(object)
    def insert(self, prompt: Prompt) -> None:
        """Put a prompt in the place of what was typed; its variables are asked for first."""
        self.close()
        if not variables_of(prompt.text):
            self._write(prompt.text)
            return
        dialog = VariablesDialog(self._appearance, prompt, self._owner)
        dialog.answered.connect(self._write)
        dialog.finished.connect(self._composer.focus_message)
        dialog.open()

    @Slot(str)
    def _write(self, text: str) -> None:
        # As one step that can be undone.
        cursor = self._composer.editor.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self._composer.editor.setTextCursor(cursor)
        self._composer.editor.ensureCursorVisible()
        self._composer.focus_message()

    @Slot()
    def _on_edit(self) -> None:
        self.close()
        self.edit_wished.emit()

    @Slot()
    def _on_examples(self) -> None:
        add_examples(self._preferences.prompts)
        self._composer.focus_message()

    @Slot()
    def _on_left(self) -> None:
        """Put the list away when the keyboard has gone elsewhere than into it."""
        now = QApplication.focusWidget()
        inside = now is not None and (now is self._composer.editor or self.list.isAncestorOf(now))
        if not inside:
            self.close()

    @Slot()
    def _place(self) -> None:
        if self.shown:
            self.list.place_above(self._composer)

    def _take_key(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if held != Qt.KeyboardModifier.NoModifier or self._composer.composing:
            return False
        if key in _STEPS:
            self.list.step(_STEPS[key])
            return True
        if key in _TAKES:
            if (prompt := self.list.current) is not None:
                self.insert(prompt)
            else:
                self.list.focus_foot()
            return True
        return False

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.shown:
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        # A menu or another window takes the keyboard only for a while.
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() in _LEAVES:
            QTimer.singleShot(0, self, self._on_left)
        return False
