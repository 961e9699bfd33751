"""The choice of a service, found by typing a part of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QListView, QStyledItemDelegate

from desktop_chat.ui.controls.fields import Field, Select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.providers import Preset
    from desktop_chat.ui.look.appearance import Appearance

_MOST_ROWS: Final = 14


class ServiceSelect(Select):
    """Shows the name of the service that is chosen, and never one that is not."""

    def __init__(
        self, appearance: Appearance, presets: Sequence[Preset], parent: QWidget | None = None
    ) -> None:
        super().__init__(appearance, "Service", parent)
        self._presets = presets
        self.setEditable(True)
        line = Field("Service")
        self.setLineEdit(line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems([one.name for one in presets])
        self.setMaxVisibleItems(_MOST_ROWS)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._found = QListView()
        self._found.setProperty("look", "choices")
        completer.setPopup(self._found)
        self.setCompleter(completer)
        # Qt's own for completers ignores the style sheet's items.
        self._found.setItemDelegate(QStyledItemDelegate(self))
        line.editingFinished.connect(self._on_typed)

    @property
    def chosen(self) -> Preset:
        """The service that is chosen."""
        return self._presets[max(0, self.currentIndex())]

    def choose(self, chosen: Preset) -> None:
        """Choose a service."""
        self.setCurrentIndex(self._presets.index(chosen))

    @Slot()
    def _on_typed(self) -> None:
        """Take what was typed for the one service that it names, else show the chosen one again."""
        typed = self.currentText().strip().casefold()
        names = [one.name.casefold() for one in self._presets]
        fitting = [place for place, name in enumerate(names) if typed and typed in name]
        if typed in names:
            fitting = [names.index(typed)]
        if len(fitting) == 1 and fitting[0] != self.currentIndex():
            self.setCurrentIndex(fitting[0])
            self.activated.emit(fitting[0])
        else:
            self.setEditText(self.chosen.name)
