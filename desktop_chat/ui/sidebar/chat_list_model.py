"""The sidebar's rows as a Qt model: cheap for ten thousand chats, as no row has an object."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from typing_extensions import override

from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.sidebar.chat_groups import ChatRow, Row, filtered, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_chat.domain.chat import Conversation
    from desktop_chat.ui.look.marks import Mark

AnyIndex = QModelIndex | QPersistentModelIndex

PAGE: Final = 300
"""A view lays every row out that it is told of, so it is told of more when it is scrolled."""
ROW_ROLE: Final = Qt.ItemDataRole.UserRole
MARK_ROLE: Final = Qt.ItemDataRole.UserRole + 1


class ChatListModel(QAbstractListModel):
    """Heads and chats, filtered by words of their titles."""

    rename_wished = Signal(str, str)
    """A conversation's id, and the title that the person typed."""

    def __init__(self, mark_of: Callable[[str], Mark], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mark_of = mark_of
        self._conversations: Sequence[Conversation] = ()
        self._words = ""
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._told = PAGE

    @property
    def chat_count(self) -> int:
        """How many chats are listed, heads not counted."""
        return len(self._places)

    def set_conversations(self, conversations: Sequence[Conversation]) -> None:
        """List these, which come newest first."""
        self._conversations = conversations
        self._rebuild()

    def set_words(self, words: str) -> None:
        """List only chats whose title holds these words."""
        if words != self._words:
            self._words = words
            self._rebuild()

    def row(self, index: AnyIndex) -> Row | None:
        """Return what an index stands for."""
        if 0 <= index.row() < len(self._rows):
            return self._rows[index.row()]
        return None

    def index_of(self, conversation_id: str) -> QModelIndex:
        """Return the index of a chat; an invalid one where it is not listed."""
        place = self._places.get(conversation_id)
        if place is None:
            return QModelIndex()
        if place >= self._told:
            self._tell(place + PAGE)
        return self.index(place, 0)

    def mark_changed(self, conversation_id: str) -> None:
        """Show a chat's mark anew."""
        place = self._places.get(conversation_id, self._told)
        if place < self._told:
            self.dataChanged.emit(self.index(place, 0), self.index(place, 0))

    def _rebuild(self) -> None:
        chosen = self._conversations
        if self._words.strip():
            chosen = tuple(filtered(chosen, self._words))
        today = dt.datetime.now().astimezone().date()
        rows = list(grouped(chosen, today))
        if [type(row) for row in rows] == [type(row) for row in self._rows] and all(
            _same_place(new, old) for new, old in zip(rows, self._rows, strict=True)
        ):
            self._replace(rows)
            return
        self.beginResetModel()
        self._rows = rows
        self._places = {row.id: at for at, row in enumerate(rows) if isinstance(row, ChatRow)}
        self.endResetModel()

    def _tell(self, count: int) -> None:
        """Tell the view of so many rows, as far as there are any."""
        if self._told >= len(self._rows):
            return
        last = min(count, len(self._rows)) - 1
        self.beginInsertRows(QModelIndex(), self._told, last)
        self._told = count
        self.endInsertRows()

    def _replace(self, rows: list[Row]) -> None:
        """Take rows that stand where the old ones stood; tell of those whose words differ."""
        old, self._rows = self._rows, rows
        for at, row in enumerate(rows[: self._told]):
            if row != old[at]:
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def _chat_data(self, row: ChatRow, role: int) -> object:
        match role:
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(row.title)
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.title + self._mark_of(row.id).value
            case _:
                return self._mark_of(row.id) if role == MARK_ROLE else None

    @override
    def rowCount(self, parent: AnyIndex | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return min(self._told, len(self._rows))

    @override
    def canFetchMore(self, parent: AnyIndex) -> bool:
        return not parent.isValid() and self._told < len(self._rows)

    @override
    def fetchMore(self, parent: AnyIndex) -> None:
        self._tell(self._told + PAGE)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title
        return self._chat_data(row, role) if isinstance(row, ChatRow) else None

    @override
    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index)
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not isinstance(row, ChatRow) or not title:
            return False
        if title != row.title:
            self.rename_wished.emit(row.id, title)
        return True

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not isinstance(self.row(index), ChatRow):
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )


def _same_place(new: Row, old: Row) -> bool:
    if isinstance(new, ChatRow) and isinstance(old, ChatRow):
        return new.id == old.id
    return new == old
