"""The list of chats in the sidebar, and how its rows are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from desktop_chat.ui.controls.list_accessible import Rows, speak_rows
from desktop_chat.ui.look.marks import STILL, Mark, paint_mark
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.sidebar.chat_groups import ChatRow, Head
from desktop_chat.ui.sidebar.chat_list_model import MARK_ROLE, ROW_ROLE, AnyIndex, ChatListModel

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

    from desktop_chat.ui.look.appearance import Appearance

ROW_HEIGHT: Final = 32
_SIDE: Final = 12
_WORDS_LEFT: Final = 12
_MARK_ROOM: Final = 28


class ChatRowPainter(QStyledItemDelegate):
    """Paints heads and chats, all of one height, so that the view need not ask for each."""

    def __init__(self, appearance: Appearance, view: ChatList) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._view = view

    @property
    def row_height(self) -> int:
        """How high every row is at the size of type in force."""
        return scaled(self._appearance, ROW_HEIGHT)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(0, self.row_height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        rect: QRect = option.rect
        row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Head):
            self._paint_head(painter, rect, row)
        elif isinstance(row, ChatRow):
            self._paint_chat(painter, rect, index)
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRect, head: Head) -> None:
        painter.setFont(self._appearance.small_font(QFont.Weight.DemiBold))
        painter.setPen(self._appearance.colour("ink_faint"))
        words = rect.adjusted(_SIDE + _WORDS_LEFT, 6, -_SIDE, 2)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(words, flags, head.title)

    def _paint_chat(self, painter: QPainter, rect: QRect, index: AnyIndex) -> None:
        colour = self._appearance.colour
        box = QRectF(rect.adjusted(_SIDE, 0, -_SIDE, 0))
        # Asking the view is cheaper than `option.state`, which loads all of QStyle's enumerations.
        selected = self._view.selectionModel().isSelected(index)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or index.row() == self._view.hovered:
            painter.setBrush(colour("surface" if selected else "hover"))
            painter.drawRoundedRect(box, 6, 6)
        if selected:
            painter.setBrush(colour("accent"))
            bar = QRectF(box.left(), box.top() + 8, 3, box.height() - 16)
            painter.drawRoundedRect(bar, 1.5, 1.5)
        mark = index.data(MARK_ROLE)
        words = rect.adjusted(_SIDE + _WORDS_LEFT, 0, -_SIDE - _WORDS_LEFT, 0)
        if isinstance(mark, Mark) and mark is not Mark.NONE:
            place = mark_place(rect)
            # The ring of its tab turns; a second one beside it would cost as much and say no more.
            paint_mark(painter, place, mark, self._appearance, STILL)
            words.setRight(rect.right() - _SIDE - _MARK_ROOM)
        self._paint_words(painter, words, str(index.data()))
        if self._view.shows_focus and index.row() == self._view.currentIndex().row():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)

    def _paint_words(self, painter: QPainter, rect: QRect, title: str) -> None:
        font = self._appearance.ui_font()
        painter.setFont(font)
        painter.setPen(self._appearance.colour("ink"))
        words = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(rect, flags, words)

    @override
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("Title")
        editor.setFont(self._appearance.ui_font())
        return editor

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(_SIDE, 1, -_SIDE, -1))


class ChatList(QListView):
    """The chats. Wishes go out as signals with the conversation's id."""

    open_wished = Signal(str)
    background_wished = Signal(str)
    keep_wished = Signal(str)
    delete_wished = Signal(str)
    menu_wished = Signal(str, QPoint)
    typed = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        model: ChatListModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        # To wrap Qt's own viewport, PySide looks through every kind of widget first: 9 ms.
        self.setViewport(QWidget())
        self._model = model
        self._shown = ""
        self._current_before = ""
        self._keyboard_focus = False
        self._hovered = -1
        speak_rows(self, Rows(self._row_key, self._open))
        self.setModel(model)
        self._rows = ChatRowPainter(appearance, self)
        self.setItemDelegate(self._rows)
        self.setAccessibleName("Chats")
        self.setProperty("ownFocus", True)  # noqa: FBT003
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.viewport().setAutoFillBackground(False)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        model.modelReset.connect(self._on_model_reset)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        appearance.changed.connect(self.scheduleDelayedItemsLayout)
        appearance.changed.connect(self.viewport().update)
        self._scroll_before = 0

    @property
    def shows_focus(self) -> bool:
        """Whether the keyboard brought the focus here."""
        return self._keyboard_focus and self.hasFocus()

    @property
    def hovered(self) -> int:
        """The row under the mouse; -1 where there is none."""
        return self._hovered

    def show_chosen(self, conversation_id: str) -> None:
        """Select the chat that is shown, without opening anything."""
        self._shown = conversation_id
        index = self._model.index_of(conversation_id)
        if index.isValid():
            self.setCurrentIndex(index)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def rename_current(self) -> None:
        """Edit the title of the current chat in place."""
        if self.chat_id(self.currentIndex()):
            self.edit(self.currentIndex())

    def chat_id(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Return the conversation that an index stands for; empty for a head."""
        row = self._model.row(index)
        return row.id if isinstance(row, ChatRow) else ""

    def _row_key(self, index: QModelIndex) -> str:
        row = self._model.row(index)
        return row.title if isinstance(row, Head) else self.chat_id(index)

    def _open(self, index: QModelIndex) -> None:
        self.open_wished.emit(self.chat_id(index))

    def _on_about_to_reset(self) -> None:
        self._current_before = self.chat_id(self.currentIndex()) if self.hasFocus() else ""
        self._scroll_before = self.verticalScrollBar().value()

    def _on_model_reset(self) -> None:
        self.executeDelayedItemsLayout()
        self.show_chosen(self._shown)
        walked_to = self._model.index_of(self._current_before)
        if walked_to.isValid():
            # The keyboard stays on its row: Del must not hit another than the one looked at.
            self.setCurrentIndex(walked_to)
        self.verticalScrollBar().setValue(self._scroll_before)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def _on_menu_requested(self, point: QPoint) -> None:
        chosen = self.chat_id(self.indexAt(point))
        if chosen:
            self.menu_wished.emit(chosen, self.viewport().mapToGlobal(point))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        chosen = self.chat_id(self.indexAt(event.position().toPoint()))
        if event.button() == Qt.MouseButton.RightButton or not chosen:
            return
        self._keyboard_focus = False
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.button() == Qt.MouseButton.MiddleButton or control:
            self.background_wished.emit(chosen)
        elif event.button() == Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            self.open_wished.emit(chosen)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        chosen = self.chat_id(self.indexAt(event.position().toPoint()))
        if chosen and event.button() == Qt.MouseButton.LeftButton:
            self.keep_wished.emit(chosen)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.chat_id(self.currentIndex())
        key = event.key()
        self._keyboard_focus = True
        if self.state() == QAbstractItemView.State.EditingState:
            # The field of a title passes on the key that ends it.
            event.accept()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen:
            self.keep_wished.emit(chosen)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and chosen:
            self.delete_wished.emit(chosen)
        elif event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._keyboard_focus = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.show_chosen(self._shown)


def mark_place(row: QRect) -> QRectF:
    """Return where a row's mark stands."""
    return QRectF(row.right() - _SIDE - 20, row.center().y() - 7, 16, 16)
