"""The sidebar: a field that filters, `New chat`, the chats by date, and `Settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.buttons import IconButton
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.controls.row_button import RowButton
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.sidebar.chat_list import ChatList
from desktop_chat.ui.sidebar.chat_list_model import ChatListModel

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from desktop_chat.runtime.chats.library import Library
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.look.marks import Marks

_EMPTY: Final = "Your chats will be listed here."
_NOTHING_FOUND: Final = "Nothing found for “{words}”. Try fewer or other words."


class FilterField(Field):
    """The field over the list; Esc empties it and then gives the focus away."""

    left = Signal()
    down_pressed = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


class Sidebar(QWidget):
    """Lists the library's chats. What a person asks for goes out as signals."""

    new_wished = Signal()
    settings_wished = Signal()
    menu_button_pressed = Signal()
    message_wished = Signal()
    """The focus should go back to where messages are written."""
    delete_wished = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        library: Library,
        marks: Marks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._library = library
        self.field = FilterField("Search all chats", "Search all chats", self)
        self.menu_button = IconButton(appearance, "menu", "Menu", self)
        self.new_row = RowButton(appearance, "plus", "New chat", self)
        self.model = ChatListModel(marks.mark, self)
        self.list = ChatList(appearance, self.model, self)
        self.settings_row = RowButton(appearance, "", "Settings", self)
        self.empty = WrappedLabel(_EMPTY, "faint", "ui", self)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(0)
        self._build()
        self._connect(marks)
        self.refresh()

    @property
    def pane(self) -> QWidget:
        """What takes the focus when it comes to the sidebar."""
        return self.list if self.list.isVisible() else self.field

    def refresh(self) -> None:
        """List the chats as the library has them now."""
        self._refresh.stop()
        self.model.set_conversations(self._library.conversations())
        self._show_state()

    def focus_search(self, words: str = "") -> None:
        """Put the cursor into the field that filters, with words to look for."""
        if words:
            self.field.setText(words)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _build(self) -> None:
        self.field.setProperty("look", "search")
        self.field.setProperty("ownFocus", True)  # noqa: FBT003
        self.empty.setContentsMargins(24, 8, 24, 0)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 0)
        top.setSpacing(8)
        top.addWidget(self.field, 1)
        top.addWidget(self.menu_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 12)
        column.setSpacing(0)
        column.addLayout(top)
        column.addSpacing(12)
        column.addWidget(self.new_row)
        column.addSpacing(4)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 1)
        column.addSpacing(4)
        column.addWidget(self.settings_row)

    def _connect(self, marks: Marks) -> None:
        self.field.textChanged.connect(self._on_words_changed)
        self.field.left.connect(self.message_wished)
        self.field.down_pressed.connect(self._on_down_pressed)
        self.new_row.clicked.connect(self.new_wished)
        self.settings_row.clicked.connect(self.settings_wished)
        self.menu_button.clicked.connect(self.menu_button_pressed)
        self.list.menu_wished.connect(self._on_menu_wished)
        self.list.delete_wished.connect(self.delete_wished)
        marks.changed.connect(self.model.mark_changed)
        self._library.changed.connect(self._refresh.start)
        self._refresh.timeout.connect(self.refresh)
        self._appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _show_state(self) -> None:
        empty = self.model.chat_count == 0
        words = self.field.text().strip()
        self.empty.setText(_NOTHING_FOUND.format(words=words) if words else _EMPTY)
        self.empty.setVisible(empty)
        self.list.setVisible(not empty)

    def _on_appearance_changed(self) -> None:
        self.field.setFixedHeight(scaled(self._appearance, 32))
        self.update()

    def _on_words_changed(self, words: str) -> None:
        self.model.set_words(words)
        self._show_state()

    def _on_down_pressed(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.chat_id(self.list.currentIndex()):
            first = self.model.index(1, 0)
            self.list.setCurrentIndex(first)

    def _on_menu_wished(self, conversation_id: str, point: QPoint) -> None:
        self.list.setCurrentIndex(self.model.index_of(conversation_id))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open").triggered.connect(
            lambda: self.list.keep_wished.emit(conversation_id)
        )
        menu.addAction("Open in a new tab behind").triggered.connect(
            lambda: self.list.background_wished.emit(conversation_id)
        )
        menu.addSeparator()
        menu.addAction("Rename").triggered.connect(self.list.rename_current)
        menu.addAction("Delete").triggered.connect(lambda: self.delete_wished.emit(conversation_id))
        menu.popup(point)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._appearance.colour("sunken"))
        line = self._appearance.colour("line")
        painter.fillRect(self.width() - 1, 0, 1, self.height(), line)
        painter.end()
