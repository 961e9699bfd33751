"""The bar over a transcript in which a person says what to find in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.transcript.find.query import Query
from desktop_chat.ui.actions import BY_NAME, shown_keys
from desktop_chat.ui.controls.buttons import IconButton, TextButton
from desktop_chat.ui.controls.column import ColumnBox
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.look.scale import scaled

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from desktop_chat.ui.look.appearance import Appearance

NOTHING: Final = "Not in this chat."
ELSEWHERE: Final = "Search all chats"
LONGEST: Final = 1000
_HEIGHT: Final = 44
_WIDEST: Final = 520
_INSIDE: Final = 12


class FindField(Field):
    """Where the words are written; the count stands at its end."""

    step_wished = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Find in chat", "Find in chat", parent)
        self.setMaxLength(LONGEST)
        self.setProperty("look", "search")
        self.setProperty("ownFocus", True)  # noqa: FBT003
        self._count = PlainLabel("", "faint", "small", self)
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def count(self) -> str:
        """What is told of the hits."""
        return self._count.text()

    def show_count(self, words: str) -> None:
        """Tell of the hits."""
        self._count.setText(words)
        self.setAccessibleDescription(words)
        self._arrange()

    def _arrange(self) -> None:
        self._count.adjustSize()
        width = self._count.width()
        self.setTextMargins(0, 0, width + _INSIDE if self._count.text() else 0, 0)
        left = _INSIDE if self.isRightToLeft() else self.width() - width - _INSIDE
        self._count.move(left, (self.height() - self._count.height()) // 2)

    @override
    def event(self, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and escape:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step_wished.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


class FindBar(ColumnBox):
    """Field, count, ways to look, steps. What goes wrong hangs under it and moves nothing."""

    query_changed = Signal(object)
    """Payload: a `Query`."""
    step_wished = Signal(int)
    closed = Signal()
    elsewhere_wished = Signal(str)
    """These words are to be looked for in all chats."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(appearance, parent)
        self.setAccessibleName("Find in chat")
        row = QWidget(self)
        self.field = FindField(row)
        self.match_case = _toggle(appearance, "match-case", "Match case", row)
        self.whole_word = _toggle(appearance, "whole-word", "Whole word", row)
        self.regular = _toggle(appearance, "regular-expression", "Regular expression", row)
        self.previous = IconButton(appearance, "chevron-up", "Previous", row)
        self.next = IconButton(appearance, "chevron-down", "Next", row)
        self.close_button = IconButton(appearance, "close", "Close", row)
        self._surroundings = parent
        self.words = _Words(parent)
        self._place(row)
        self._connect()
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    @property
    def query(self) -> Query:
        """What is to be found, and how."""
        return Query(
            self.field.text(),
            match_case=self.match_case.isChecked(),
            whole_word=self.whole_word.isChecked(),
            regular=self.regular.isChecked(),
        )

    def show_count(self, number: int, count: int, *, more: bool) -> None:
        """Tell which hit of how many is shown; `more`: there may be others."""
        locale, end = QLocale(), "…" if more else ""
        of = f"{locale.toString(number)} of {locale.toString(count)}{end}"
        self.field.show_count(of if count else "")
        self.previous.setEnabled(bool(count))
        self.next.setEnabled(bool(count))

    def say(self, words: str, *, elsewhere: bool = False, fault: bool = False) -> None:
        """Say what is the matter under the bar; nothing for an empty text."""
        self.field.set_fault(faulty=fault)
        self.words.say(words, elsewhere=elsewhere)
        self._arrange_words()

    def _place(self, row: QWidget) -> None:
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(self.field, 100)
        line.addSpacing(6)
        for one in (self.match_case, self.whole_word, self.regular):
            line.addWidget(one)
        line.addSpacing(6)
        for one in (self.previous, self.next, self.close_button):
            line.addWidget(one)
        line.addStretch(1)
        self.previous.setToolTip(_with_keys("Previous", "find_previous"))
        self.next.setToolTip(_with_keys("Next", "find_next"))
        self.add(row)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._on_changed)
        for one in (self.match_case, self.whole_word, self.regular):
            one.toggled.connect(self._on_changed)
        self.field.step_wished.connect(self.step_wished)
        self.field.left.connect(self.closed)
        self.previous.clicked.connect(lambda: self.step_wished.emit(-1))
        self.next.clicked.connect(lambda: self.step_wished.emit(1))
        self.close_button.clicked.connect(self.closed)
        self.words.elsewhere.clicked.connect(lambda: self.elsewhere_wished.emit(self.field.text()))

    def _on_changed(self) -> None:
        self.query_changed.emit(self.query)

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(scaled(self._appearance, _HEIGHT))
        self.field.setFixedHeight(scaled(self._appearance, 32))
        self.field.setMaximumWidth(scaled(self._appearance, _WIDEST))
        self.update()

    def _arrange_words(self) -> None:
        if self.words.isVisibleTo(self._surroundings):
            corner = self.field.mapTo(self._surroundings, QPoint(0, 0))
            room = self.close_button.mapTo(self._surroundings, QPoint(0, 0)).x()
            self.words.fit(room + self.close_button.width() - corner.x())
            self.words.move(corner.x(), self.geometry().bottom() + 5)
            self.words.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = self._appearance.colour("line")
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_words()


class _Words(QFrame):
    """The sentence that hangs under the bar."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "popup")
        self.label = WrappedLabel("", "soft", "ui", self)
        self.elsewhere = TextButton(ELSEWHERE, "link", self)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(8)
        line.addWidget(self.label)
        line.addWidget(self.elsewhere)
        self.hide()

    def say(self, words: str, *, elsewhere: bool) -> None:
        """Show a sentence, or nothing."""
        self.label.setText(words)
        self.setAccessibleName(words)
        self.elsewhere.setVisible(elsewhere)
        self.setVisible(bool(words))

    def fit(self, room: int) -> None:
        """Take the width of the words, broken where there is no room for them."""
        metrics = self.label.fontMetrics()
        wanted = metrics.horizontalAdvance(self.label.text()) + 4
        other = 24 + (8 + self.elsewhere.sizeHint().width() if self.elsewhere.isVisible() else 0)
        self.label.setFixedWidth(max(80, min(wanted, room - other)))
        self.adjustSize()


class _Toggle(IconButton):
    """A way to look, on or off."""

    def __init__(self, appearance: Appearance, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(appearance, icon, name, parent)
        self.setCheckable(True)
        self.setProperty("kind", "toggle")
        self._icon = icon
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.set_icon(self._icon, "accent" if on else "ink_soft")


def _toggle(appearance: Appearance, icon: str, name: str, parent: QWidget) -> IconButton:
    return _Toggle(appearance, icon, name, parent)


def _with_keys(words: str, action: str) -> str:
    return f"{words} ({shown_keys(BY_NAME[action].sequences()[0])})"
