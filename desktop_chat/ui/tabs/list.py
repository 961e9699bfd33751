"""The list of all open chats, for when there are more tabs than room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.look.marks import Mark, paint_mark
from desktop_chat.ui.look.scale import scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.tabs.painting import TabFace

_WIDTH: Final = 320
_ROWS: Final = 12
_ROW: Final = 28
_MARK: Final = 16
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_STATIC_RING: Final = 90


class TabList(QFrame):
    """A field that filters over a list of tabs with their marks."""

    chosen = Signal(str)
    """Payload: the tab's key."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._appearance = appearance
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("All open chats")
        self.setProperty("look", "popup")
        self.search = Field("Search open chats", "Search open chats")
        self.search.setProperty("look", "search")
        self.search.setProperty("ownFocus", True)  # noqa: FBT003
        self.list = QListWidget(self)
        self.list.setAccessibleName("Open chats that match")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._on_words_changed)
        self.list.itemClicked.connect(self._on_clicked)

    def open_under(self, anchor: QWidget, faces: Sequence[TabFace], current: int) -> None:
        """Show the tabs under a button, the shown one chosen."""
        for face in faces:
            item = QListWidgetItem(self._icon(face.mark), face.title, self.list)
            item.setSizeHint(QSize(0, scaled(self._appearance, _ROW)))
            item.setData(Qt.ItemDataRole.UserRole, face.key)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, face.title + face.mark.value)
        self.list.setCurrentRow(current)
        rows = min(len(faces), _ROWS) * scaled(self._appearance, _ROW)
        self.list.setFixedHeight(rows + 8)
        self.setFixedWidth(scaled(self._appearance, _WIDTH))
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height() + 4))
        self.move(corner)
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def titles(self) -> list[str]:
        """Return what is listed now."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item.text() for item in items if not item.isHidden()]

    def _on_words_changed(self, words: str) -> None:
        wanted = words.casefold().split()
        first = -1
        for row in range(self.list.count()):
            item = self.list.item(row)
            title = item.text().casefold()
            item.setHidden(not all(word in title for word in wanted))
            if first < 0 and not item.isHidden():
                first = row
        self.list.setCurrentRow(first)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
        self.close()

    def _step(self, by: int) -> None:
        row = self.list.currentRow() + by
        while 0 <= row < self.list.count() and self.list.item(row).isHidden():
            row += by
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)

    def _icon(self, mark: Mark) -> QIcon:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(_MARK * ratio), round(_MARK * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_mark(painter, QRectF(0, 0, _MARK, _MARK), mark, self._appearance, _STATIC_RING)
        painter.end()
        return QIcon(picture)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if self.search.composing:
            return False
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(_STEPS[key])
            return True
        item = self.list.currentItem()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._on_clicked(item)
            return True
        return False
