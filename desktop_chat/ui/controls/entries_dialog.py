"""A dialog over entries of one kind: their list at the left, the chosen one's form at the right."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from desktop_chat.domain.provider_words import WordsError
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.list_accessible import Rows, speak_rows
from desktop_chat.ui.controls.popover import fit
from desktop_chat.ui.controls.scrolling import Scrolling
from desktop_chat.ui.controls.strips import Strip

if TYPE_CHECKING:
    from desktop_chat.runtime.storing.collection import Collection
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = (760, 620)
_LIST: Final = 200
_SOON_MS: Final = 400
_ID: Final = int(Qt.ItemDataRole.UserRole)


class EntryForm(QWidget):
    """The fields of an entry. Each change is kept soon, as far as the fields can be read."""

    edited = Signal()

    @abstractmethod
    def show_entry(self, entry: Any) -> None:
        """Fill the fields."""

    @abstractmethod
    def entry(self) -> Any:
        """Return what the fields say. Raises `WordsError`."""

    @abstractmethod
    def fresh(self) -> Any:
        """Return an entry to begin with."""

    @abstractmethod
    def focus_first(self) -> None:
        """Put the keyboard into the field that is wanted first."""


class EntriesDialog(QDialog):
    """Adds, changes and removes; nothing asks, and a removal is undone by one press."""

    def __init__(
        self,
        appearance: Appearance,
        collection: Collection[Any],
        form: EntryForm,
        words: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """`words`: the title, and what is said while there is no entry."""
        super().__init__(parent)
        self._collection = collection
        self._shown = ""
        self._removed: Any = None
        title, nothing = words
        self.form = form
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, appearance.scaled(_SIZE[0]), appearance.scaled(_SIZE[1]))
        self.setMinimumSize(480, 360)
        self.list = QListWidget()
        self.list.setObjectName("entries")
        self.list.setAccessibleName(title)
        self.list.setFixedWidth(appearance.scaled(_LIST))
        self.nothing = WrappedLabel(nothing, "soft")
        self.new_button = TextButton("New", "primary")
        self.remove_button = TextButton("Remove", "quiet")
        self.close_button = TextButton("Close")
        self.fault = WrappedLabel(ink="danger", size="small")
        self.undo_strip = Strip()
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._keep)
        speak_rows(self.list, Rows(lambda index: str(index.data(_ID)), self.list.setCurrentIndex))
        self._lay_out(title)
        first = collection.all()[0].id if collection.all() else ""
        self._fill(first)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.form.edited.connect(self._soon.start)
        self.new_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self._on_remove)
        self.close_button.clicked.connect(self.close)
        self.undo_strip.pressed.connect(self._on_undo)
        self._show(first)

    @Slot()
    def add(self) -> None:
        """Begin a new entry."""
        self._keep()
        entry = self.form.fresh()
        self._collection.save(entry)
        self._fill(entry.id)
        self._show(entry.id)
        self.form.focus_first()

    def show_entry(self, entry_id: str) -> None:
        """Show an entry."""
        self._keep()
        self._fill(entry_id)
        self._show(entry_id)

    @Slot()
    def _keep(self) -> None:
        self._soon.stop()
        if not self._shown:
            return
        try:
            entry = self.form.entry()
        except WordsError as problem:
            self._say(str(problem))
            return
        self._say("")
        self._collection.save(entry)
        for row in range(self.list.count()):
            if self.list.item(row).data(_ID) == entry.id:
                self.list.item(row).setText(label_of(entry))

    @Slot(QListWidgetItem, QListWidgetItem)
    def _on_chosen(self, now: QListWidgetItem | None, _before: object) -> None:
        self._keep()
        self._show(now.data(_ID) if now is not None else "")

    @Slot()
    def _on_remove(self) -> None:
        self._soon.stop()
        entry, row = self._collection.get(self._shown), self.list.currentRow()
        if entry is None:
            return
        self._removed = entry
        self._shown = ""
        self._collection.remove(entry.id)
        left = self._collection.all()
        following = left[min(row, len(left) - 1)].id if left else ""
        self._fill(following)
        self._show(following)
        self.undo_strip.say(f"{entry.name} removed.", ("Undo",))

    @Slot()
    def _on_undo(self) -> None:
        self.undo_strip.hide()
        back, self._removed = self._removed, None
        if back is not None:
            self._collection.save(back)
            self.show_entry(back.id)

    def _fill(self, chosen: str) -> None:
        """List the entries anew, one of them as the chosen one."""
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own
        self.list.clear()
        for entry in self._collection.all():
            item = QListWidgetItem(label_of(entry))
            item.setData(_ID, entry.id)
            self.list.addItem(item)
            if entry.id == chosen:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)  # noqa: FBT003 - Qt's own

    def _show(self, entry_id: str) -> None:
        entry = self._collection.get(entry_id)
        self._shown = ""
        if entry is not None:
            self.form.show_entry(entry)
            self._shown = entry.id
            self._soon.stop()
        self._say("")
        self._page.setVisible(entry is not None)
        self.nothing.setVisible(entry is None)
        self.list.setVisible(self.list.count() > 0)
        self.remove_button.setEnabled(entry is not None)

    def _say(self, problem: str) -> None:
        self.fault.setText(problem)
        self.fault.setVisible(bool(problem))

    def _lay_out(self, title: str) -> None:
        ground = QWidget()
        inner = QVBoxLayout(ground)
        # Room for the ring around a focused field.
        inner.setContentsMargins(4, 4, 12, 4)
        inner.addWidget(self.form)
        inner.addStretch(1)
        self._page = Scrolling(ground)
        right = QVBoxLayout()
        right.addWidget(self._page, 1)
        right.addWidget(self.nothing, 0, Qt.AlignmentFlag.AlignTop)
        right.addWidget(self.fault)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.list)
        sides.addLayout(right, 1)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addWidget(self.new_button)
        self.foot.addWidget(self.remove_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(PlainLabel(title, size="h2"))
        column.addLayout(sides, 1)
        column.addWidget(self.undo_strip)
        column.addLayout(self.foot)

    @override
    def done(self, result: int) -> None:
        self._keep()
        super().done(result)


def label_of(entry: Any) -> str:
    """Return an entry's name, with its mark where it has one."""
    mark = getattr(entry, "mark", "")
    return f"{mark}  {entry.name}" if mark else str(entry.name)
