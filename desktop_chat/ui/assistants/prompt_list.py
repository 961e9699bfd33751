"""The list over the composer that `/` opens: the keyboard stays in the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel, Rule, WrappedLabel
from desktop_chat.ui.controls.list_accessible import Rows, speak_rows
from desktop_chat.ui.models.filter import match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.assistants import Prompt
    from desktop_chat.ui.look.appearance import Appearance

_WIDTH: Final = 420
_ROWS: Final = 8
_PREVIEW: Final = 70
_ID: Final = int(Qt.ItemDataRole.UserRole)


class PromptList(QFrame):
    """Prompts that fit what was typed, the best first."""

    chosen = Signal(object)
    """Payload: a `Prompt`."""
    edit_wished = Signal()
    examples_wished = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._owner = parent
        self._prompts: list[Prompt] = []
        self.setProperty("look", "popup")
        self.setAccessibleName("Prompts")
        self.list = QListWidget()
        self.list.setObjectName("prompts")
        self.list.setAccessibleName("Prompts")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.nothing = WrappedLabel("No prompt yet.", "soft")
        self.nothing.setContentsMargins(12, 8, 12, 8)
        self.hint = PlainLabel("Enter inserts", "faint", "small")
        self.examples_button = TextButton("Add examples", "quiet")
        self.edit_button = TextButton("Prompts…", "quiet")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 4, 4)
        foot.addWidget(self.hint)
        foot.addStretch(1)
        foot.addWidget(self.examples_button)
        foot.addWidget(self.edit_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        column.addWidget(Rule())
        column.addLayout(foot)
        speak_rows(self.list, Rows(lambda index: str(index.data(_ID)), self._on_clicked))
        self.list.clicked.connect(self._on_clicked)
        self.edit_button.clicked.connect(self.edit_wished)
        self.examples_button.clicked.connect(self.examples_wished)
        self.hide()

    @property
    def current(self) -> Prompt | None:
        """The prompt that Enter inserts."""
        row = self.list.currentRow()
        return self._prompts[row] if 0 <= row < len(self._prompts) else None

    def fill(self, prompts: Iterable[Prompt], query: str) -> None:
        """List what fits a search; hidden where nothing does."""
        prompts = tuple(prompts)
        self._prompts = found(prompts, query)
        fitting = self._prompts
        self.list.clear()
        for one in fitting:
            item = QListWidgetItem(one.name)
            line = " ".join(one.text.split())
            short = line if len(line) <= _PREVIEW else line[: _PREVIEW - 1] + "…"
            item.setText(f"{one.name}  ·  {short}")
            item.setData(_ID, one.id)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), one.name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(fitting))
        self.nothing.setVisible(not prompts)
        self.examples_button.setVisible(not prompts)
        self.hint.setVisible(bool(fitting))
        self.setVisible(bool(fitting) or (not prompts and not query))

    def step(self, by: int) -> None:
        """Go to the next row, or from the last one to the first."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow((self.list.currentRow() + by) % count)

    def focus_foot(self) -> None:
        """Take the keyboard to what can be done where there is no prompt."""
        button = self.edit_button if self.examples_button.isHidden() else self.examples_button
        button.setFocus(Qt.FocusReason.TabFocusReason)

    def place_above(self, anchor: QWidget) -> None:
        """Stand above a widget of the same window."""
        row = max(28, self.list.sizeHintForRow(0)) if self.list.count() else 0
        self.list.setFixedHeight(min(self.list.count(), _ROWS) * row + 4)
        width = min(self._appearance.scaled(_WIDTH), anchor.width())
        self.setFixedWidth(width)
        self.adjustSize()
        corner = self._owner.mapFromGlobal(anchor.mapToGlobal(anchor.rect().topLeft()))
        self.move(corner.x(), max(4, corner.y() - self.height() - 4))
        self.raise_()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if index.row() < len(self._prompts):
            self.chosen.emit(self._prompts[index.row()])


def found(prompts: Iterable[Prompt], query: str) -> list[Prompt]:
    """Return the prompts whose names or texts fit every word, those that fit best first."""
    words = query.split()
    if not words:
        return list(prompts)
    scored = [(match(words, one.name, ""), one) for one in prompts]
    fitting = [(score, one) for score, one in scored if score is not None]
    return [one for _, one in sorted(fitting, key=lambda pair: -pair[0])]
