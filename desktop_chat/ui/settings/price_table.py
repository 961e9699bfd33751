"""Prices as a table whose amounts can be written over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QTableWidget,
    QTableWidgetItem,
)
from typing_extensions import override

from desktop_chat.domain.money import plain_dollars
from desktop_chat.ui.controls.tooltips import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from desktop_chat.domain.money import PriceRow

HEADERS: Final = ("Model", "Service", "Read", "Cached", "Written")
AMOUNTS: Final = {2: "input", 3: "cached", 4: "output"}
"""What the columns of amounts hold."""
_ENTER_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDITS: Final = (
    QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
    | QAbstractItemView.EditTrigger.AnyKeyPressed
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A price as it is listed."""

    row: PriceRow
    own: bool = False
    known: bool = True
    """Whether it has amounts; else the person may write them."""
    begun: dict[str, int] = field(default_factory=dict)
    """Amounts of a price that is not whole yet."""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from all others."""
        return self.row.models, self.row.host, self.row.protocol

    @property
    def text(self) -> str:
        """What a search looks into."""
        return " ".join((*self.row.models, self.service)).lower()

    @property
    def service(self) -> str:
        """The service, and whose price it is."""
        host = "any" if self.row.host == "*" else self.row.host
        if not self.known:
            return f"{host} · no price"
        return f"{host} · yours" if self.own else host

    def amount(self, name: str) -> str:
        """Return an amount as it is read and written."""
        if not self.known:
            return plain_dollars(self.begun[name]) if name in self.begun else ""
        return plain_dollars(getattr(self.row.price, name))


class _Amounts(QStyledItemDelegate):
    """Amounts are written where they stand: at the right."""

    @override
    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        return editor


class PriceTable(QTableWidget):
    """One row for each price."""

    amount_written = Signal(object, str, str)
    """Payload: the `Listed` row, the amount's name, and what was written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADERS), parent)
        self._listed: Sequence[Listed] = ()
        self.setAccessibleName("Prices")
        self.setHorizontalHeaderLabels(list(HEADERS))
        self.setEditTriggers(_EDITS)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(_Amounts(self))
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in range(len(HEADERS)):
            item = self.horizontalHeaderItem(column)
            if item is not None:
                item.setTextAlignment(_alignment(column))
            if column in AMOUNTS:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(column, 84)
        self.cellChanged.connect(self._on_cell_changed)

    @property
    def current(self) -> Listed | None:
        """The price that the keyboard is on."""
        row = self.currentRow()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def fill(self, listed: Sequence[Listed]) -> None:
        """List these; the keyboard stays where it was as far as that is there."""
        was, column = self.current, self.currentColumn()
        with QSignalBlocker(self):
            self._listed = listed
            self.setRowCount(len(listed))
            for row, one in enumerate(listed):
                self._fill_row(row, one)
            keys = [one.key for one in listed]
            if was is not None and was.key in keys:
                self.setCurrentCell(keys.index(was.key), column)

    def _fill_row(self, row: int, one: Listed) -> None:
        models = ", ".join(one.row.models)
        for column, text in enumerate((models, one.service)):
            item = QTableWidgetItem(text)
            item.setToolTip(plain_tooltip(text))
            item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
            self.setItem(row, column, item)
        for column, name in AMOUNTS.items():
            item = QTableWidgetItem(one.amount(name))
            item.setTextAlignment(_alignment(column))
            said = f"{HEADERS[column]}, {models}: {one.amount(name) or 'no price known'}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.setItem(row, column, item)

    def _on_cell_changed(self, row: int, column: int) -> None:
        listed, item = self._listed[row], self.item(row, column)
        if item is not None and item.text() != listed.amount(AMOUNTS[column]):
            self.amount_written.emit(listed, AMOUNTS[column], item.text())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        writing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in _ENTER_KEYS and not writing and self.currentColumn() in AMOUNTS:
            self.editItem(self.currentItem())
        else:
            super().keyPressEvent(event)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in AMOUNTS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
