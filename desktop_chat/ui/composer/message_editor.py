"""The field in which a message is written: plain text that grows from one line to ten."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QResizeEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

MOST_LINES: Final = 10
_LINE: Final = 1.6
"""A line's height as a share of the font's size: 24 px at 15 px."""
_PADDING: Final = 2
_LONG_WORD: Final = 2_000
"""Characters without a space, from which on lines break anywhere: to look for a better place
in each line of one long word costs Qt the square of its length."""
_ENTER_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_UNDO_KEYS: Final = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
_COPY_KEYS: Final = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut)


class MessageEditor(QPlainTextEdit):
    """Writes, grows, and tells what Enter, Up, Down and a paste ask for."""

    enter_pressed = Signal()
    """Enter, where the setting says that Enter alone sends, or Ctrl+Enter where that sends."""
    pasted = Signal(str)
    """str: text from the clipboard, before it is put in"""
    focus_changed = Signal(bool)
    lines_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setAccessibleName("Message")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        # The margin counts as something to undo.
        self.document().clearUndoRedoStacks()
        self.step_history: Callable[[int], bool] = _no_history
        """Called with -1 for Up on the first line, 1 for Down on the last; True: it took it."""
        self._placeholder = ""
        self._placeholder_hint = ""
        self._preedit = ""
        self._ctrl_enter_sends = False
        self._text_height = 0
        self._settling = False
        self.document().contentsChange.connect(self._on_contents_change)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return bool(self._preedit)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written; cheap for a long text too."""
        return self.document().isEmpty()

    def caret(self) -> int:
        """Return the caret as an offset in characters, as Python counts them."""
        return characters(self.toPlainText(), self.textCursor().position())

    def put_caret(self, offset: int | None) -> None:
        """Put the caret at an offset in characters; None: at the end."""
        cursor = self.textCursor()
        if offset is None:
            cursor.movePosition(QTextCursor.MoveOperation.End)
        else:
            place = units(self.toPlainText(), offset)
            cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def set_ctrl_enter_sends(self, *, wanted: bool) -> None:
        """Send by Ctrl+Enter, and break the line by Enter alone."""
        self._ctrl_enter_sends = wanted

    def set_placeholder(self, text: str, hint: str) -> None:
        """Say in the empty field what it is for, and, where there is room, which keys send."""
        self._placeholder, self._placeholder_hint = text, hint
        self._show_placeholder()

    def on_first_line(self) -> bool:
        """Whether the caret is on the first line that is seen."""
        cursor = self.textCursor()
        return cursor.blockNumber() == 0 and _line_in_block(cursor) == 0

    def on_last_line(self) -> bool:
        """Whether the caret is on the last line that is seen."""
        cursor = self.textCursor()
        block = cursor.block()
        last = max(0, block.layout().lineCount() - 1)
        return not block.next().isValid() and _line_in_block(cursor) == last

    @Slot(int, int, int)
    def _on_contents_change(self, _place: int, removed: int, added: int) -> None:
        mode = self.wordWrapMode()
        if added > _LONG_WORD and any(
            len(word) > _LONG_WORD for word in self.toPlainText().split()
        ):
            mode = QTextOption.WrapMode.WrapAnywhere
        elif removed and self.is_empty:
            mode = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        if mode != self.wordWrapMode():
            self.setWordWrapMode(mode)

    @Slot()
    def _on_size_changed(self) -> None:
        if self._settling:
            # The bar that comes or goes makes the text wrap anew, which is heard here, too.
            return
        self._settling = True
        height, overflows = self._measure()
        shown = Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        policy = shown if overflows else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
            height, _ = self._measure()
        if height != self._text_height:
            self._text_height = height
            self.updateGeometry()
            self.lines_changed.emit()
        self._top_align()
        self._settling = False

    def _measure(self) -> tuple[int, bool]:
        """Return the height of the lines that are seen, and whether there are more.

        A line with Chinese in it may be taller than others.
        """
        left, height = MOST_LINES, 0.0
        block = self.document().firstBlock()
        while left > 0 and block.isValid():
            # Asking for the box of a block has it laid out.
            whole = self.blockBoundingRect(block).height()
            layout = block.layout()
            count = max(1, layout.lineCount())
            if count <= left:
                height += whole
            else:
                height += sum(layout.lineAt(place).height() for place in range(left))
            left -= count
            block = block.next()
        return math.ceil(height), left < 0 or block.isValid()

    def _show_placeholder(self) -> None:
        room = self.maximumViewportSize().width()
        both = f"{self._placeholder} · {self._placeholder_hint}"
        fits = bool(self._placeholder_hint) and self.fontMetrics().horizontalAdvance(both) < room
        elide = Qt.TextElideMode.ElideRight
        short = self.fontMetrics().elidedText(self._placeholder, elide, room)
        self.setPlaceholderText(both if fits else short)

    def _top_align(self) -> None:
        # One line is centred in its 24 px; more lines stand as close as the font has them.
        spare = self.sizeHint().height() - self._text_height
        self.setViewportMargins(0, max(0, spare // 2), 0, max(0, spare - spare // 2))

    def _breaks_line(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ShiftModifier:
            return True
        return self._ctrl_enter_sends and held == Qt.KeyboardModifier.NoModifier

    def _sends(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._ctrl_enter_sends:
            return held == Qt.KeyboardModifier.ControlModifier
        return held == Qt.KeyboardModifier.NoModifier

    def _take_enter(self, event: QKeyEvent) -> None:
        if self.composing:
            event.accept()
        elif self._breaks_line(event):
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif self._sends(event):
            if not event.isAutoRepeat():
                self.enter_pressed.emit()
        else:
            event.ignore()

    def _take_arrow(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held != Qt.KeyboardModifier.NoModifier or self.composing:
            return False
        if event.key() == Qt.Key.Key_Up and self.on_first_line():
            return self.step_history(-1)
        if event.key() == Qt.Key.Key_Down and self.on_last_line():
            return self.step_history(1)
        return False

    def _has_use_for(self, event: QKeyEvent) -> bool:
        if any(event.matches(key) for key in _UNDO_KEYS):
            document = self.document()
            undo = event.matches(QKeySequence.StandardKey.Undo)
            return document.isUndoAvailable() if undo else document.isRedoAvailable()
        if any(event.matches(key) for key in _COPY_KEYS):
            return self.textCursor().hasSelection()
        return True

    @override
    def sizeHint(self) -> QSize:
        one = round(self.font().pixelSize() * _LINE)
        return QSize(200, max(one, self._text_height) + _PADDING)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not self._has_use_for(event)
        ):
            # Undo of a delete, and Copy of what is selected in the transcript, are meant.
            event.ignore()
            return False
        if event.type() == QEvent.Type.FontChange:
            self._top_align()
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER_KEYS:
            self._take_enter(event)
            return
        if not self._take_arrow(event):
            super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.pasted.emit(source.text())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)  # noqa: FBT003 - a signal has no keywords

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)  # noqa: FBT003 - a signal has no keywords

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_size_changed()
        if self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            # The caret came before the room did: Qt scrolled to it, and would stay there.
            self.verticalScrollBar().setValue(0)
        self._show_placeholder()


def _no_history(_step: int) -> bool:
    return False


def _line_in_block(cursor: QTextCursor) -> int:
    layout = cursor.block().layout()
    return max(0, layout.lineForTextPosition(cursor.positionInBlock()).lineNumber())


def characters(text: str, units_before: int) -> int:
    """Return how many characters stand before a place that Qt counts in UTF-16 units."""
    if not text or max(text) <= "\uffff":
        return min(units_before, len(text))
    return len(text.encode("utf-16-le")[: 2 * units_before].decode("utf-16-le", "ignore"))


def units(text: str, characters_before: int) -> int:
    """Return how many UTF-16 units, as Qt counts, the first characters of a text take."""
    return len(text[:characters_before].encode("utf-16-le", "surrogatepass")) // 2
