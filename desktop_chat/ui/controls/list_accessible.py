"""The rows of lists for assistive technology: pressing a row does what a click does.

For a list Qt offers no more than to select a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from PySide6.QtCore import QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QListView
from shiboken6 import Shiboken
from typing_extensions import override

from desktop_chat.transcript.spoken.accessible_part import forget
from desktop_chat.ui.controls.accessible_child import AccessibleChild

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Rows:
    """What a list says of its rows."""

    key: Callable[[QModelIndex], str]
    """What a row stands for, wherever it stands."""
    press: Callable[[QModelIndex], None]


class RowNode(AccessibleChild):
    """One row, known by its key; asked anew each time."""

    def __init__(self, parent: ListAccessible, key: str, row: int) -> None:
        super().__init__(parent)
        self._list = parent
        self._key = key
        self._row = row
        """Where it stood when it was last looked for."""

    @property
    @override
    def index(self) -> int:
        if self._list.key(self._row) != self._key:
            self._row = self._list.row_of(self._key)
        return self._row

    @property
    @override
    def pressable(self) -> bool:
        return bool(self._place().flags() & Qt.ItemFlag.ItemIsEnabled)

    @override
    def press(self) -> None:
        self._list.press(self._place())

    def _place(self) -> QModelIndex:
        return self._list.place(self.index)

    @override
    def rect(self) -> QRect:
        view = self._list.view
        if view is None or self.index < 0:
            return QRect()
        rect = view.visualRect(self._place())
        return rect.translated(view.viewport().mapToGlobal(QPoint(0, 0)))

    @override
    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    @override
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        view, place = self._list.view, self._place()
        if view is None or not place.isValid():
            state.invalid = True
            return state
        state.invisible = not view.isVisible()
        state.offscreen = not view.visualRect(place).intersects(view.viewport().rect())
        if self.pressable:
            state.focusable = state.selectable = True
            state.selected = view.selectionModel().isSelected(place)
            state.focused = view.hasFocus() and view.currentIndex() == place
        return state

    @override
    def text(self, t: QAccessible.Text) -> str:
        if t is not QAccessible.Text.Name or self.index < 0:
            return ""
        place = self._place()
        spoken = place.data(Qt.ItemDataRole.AccessibleTextRole)
        return str(spoken or place.data() or "")


class ListAccessible(QAccessibleWidget):
    """The list itself."""

    def __init__(self, view: QListView, rows: Rows) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._view = ref(view)
        self._rows = rows
        # Qt holds bare pointers, so every node that was handed out is kept.
        self._nodes: dict[str, RowNode] = {}
        view.destroyed.connect(self._on_destroyed)
        self._watches = False

    @property
    def view(self) -> QListView | None:
        """The list, while it lives."""
        view = self._view()
        return view if view is not None and Shiboken.isValid(view) else None

    def place(self, row: int) -> QModelIndex:
        """Return where a row is in the model."""
        model = self.view.model() if self.view is not None else None
        return model.index(row, 0) if model is not None else QModelIndex()

    def key(self, row: int) -> str:
        """Return what a row stands for."""
        place = self.place(row)
        return self._rows.key(place) if place.isValid() else ""

    def row_of(self, key: str) -> int:
        """Return where a row stands; -1 where there is none such."""
        rows = range(self.childCount())
        return next((row for row in rows if self.key(row) == key), -1)

    def press(self, place: QModelIndex) -> None:
        """Do what a click on a row does."""
        if place.isValid():
            self._rows.press(place)

    def _watch(self) -> None:
        # Not before: Qt may ask for the list's interface while the list is being made.
        if self.view is not None and not self._watches:
            self._watches = True
            self.view.model().dataChanged.connect(self._on_data_changed)

    def _on_destroyed(self) -> None:
        nodes, self._nodes = self._nodes, {}
        forget(nodes.values())

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if not QAccessible.isActive():
            return
        for row in range(first.row(), last.row() + 1):
            node = self._nodes.get(self.key(row))
            if node is not None:
                event = QAccessibleEvent(node, QAccessible.Event.NameChanged)
                QAccessible.updateAccessibility(event)

    @override
    def childCount(self) -> int:
        model = self.view.model() if self.view is not None else None
        return model.rowCount() if model is not None else 0

    @override
    def child(self, index: int) -> QAccessibleInterface:
        key = self.key(index)
        if not key:
            return None  # type: ignore[return-value]  # Qt's way to say none
        if key not in self._nodes:
            self._nodes[key] = RowNode(self, key, index)
            self._watch()
        return self._nodes[key]

    @override
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, RowNode) else -1

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        if self.view is None:
            return None  # type: ignore[return-value]  # Qt's way to say none
        at = self.view.indexAt(self.view.viewport().mapFromGlobal(QPoint(x, y)))
        return self.child(at.row())

    @override
    def focusChild(self) -> QAccessibleInterface:
        if self.view is None or not self.view.hasFocus():
            return None  # type: ignore[return-value]  # Qt's way to say none
        return self.child(self.view.currentIndex().row())


_known: WeakKeyDictionary[QObject, Rows] = WeakKeyDictionary()
_made: WeakKeyDictionary[QObject, ListAccessible] = WeakKeyDictionary()


def speak_rows(view: QListView, rows: Rows) -> None:
    """Let Qt ask here for a list's interface; to be called before the list is given anything."""
    if not _known:
        QAccessible.installFactory(_make)
    _known[view] = rows


def _make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    del key
    rows = _known.get(made_for)
    if rows is None or not isinstance(made_for, QListView):
        return None
    made = _made[made_for] = ListAccessible(made_for, rows)
    return made
