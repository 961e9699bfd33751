"""The popup that chooses a model: a search over a list, complete by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.controls.labels import Rule
from desktop_chat.ui.controls.list_accessible import Rows, speak_rows
from desktop_chat.ui.controls.popover import Popup, fit, place
from desktop_chat.ui.models.filter import AssistantRow, ModelRow, Offer, ServerRow, Shelf
from desktop_chat.ui.models.rows import ModelList, ModelRowPainter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QShowEvent

    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = QSize(360, 420)
_ENTER_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_PageUp: -10,
}


class ModelPicker(Popup):
    """Offers every model of every service. Enter picks, Ctrl+Enter for once, Ctrl+D stars."""

    chosen = Signal(object)
    """ModelChoice: for this chat and for new ones"""
    chosen_once = Signal(object)
    """ModelChoice: for the next message only"""
    assistant_chosen = Signal(str)
    """Payload: an assistant's id; an empty text: none of them."""
    server_chosen = Signal(str)
    """Payload: the base URL of a model server of this computer"""
    refresh_requested = Signal()
    add_service_requested = Signal()

    def __init__(
        self, appearance: Appearance, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._preferences = preferences
        self._recent: tuple[ModelChoice, ...] = ()
        self._current: ModelChoice | None = None
        self._troubled: Collection[str] = frozenset()
        self._asked: Collection[str] = frozenset()
        self._servers: tuple[ServerRow, ...] = ()
        self._assistants: tuple[AssistantRow, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Choose a model")
        self.search = Field("Search models", "Search models")
        self.search.setProperty("look", "search")
        self.search.setProperty("ownFocus", True)  # noqa: FBT003 - Qt's own
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._on_search_changed)
        self._model = ModelList()
        self._painter = ModelRowPainter(appearance, self._model)
        self._painter.star_pressed.connect(self._toggle_star)
        self.list = QListView()
        speak_rows(self.list, Rows(self._model.key_of, self._on_clicked))
        self.list.setAccessibleName("Models")
        self.list.setModel(self._model)
        self.list.setItemDelegate(self._painter)
        self.list.setMouseTracking(True)
        # It scrolls when the keyboard moves, and stays where it is when lists come in.
        self.list.setAutoScroll(False)
        self.list.setUniformItemSizes(False)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._on_clicked)
        self.refresh_button = TextButton("Refresh", "quiet")
        self.add_button = TextButton("Add a service…", "quiet")
        self.refresh_button.clicked.connect(self.refresh_requested)
        self.add_button.clicked.connect(self._on_add)
        self._lay_out()
        preferences.providers_changed.connect(self._rebuild)
        preferences.setting_changed.connect(self._rebuild)

    def open_above(
        self, anchor: QWidget, current: ModelChoice, recent: Sequence[ModelChoice]
    ) -> None:
        """Show the list above a widget, or below it where there is no room."""
        self._recent = tuple(recent)
        self._current = current
        self._painter.current = current
        self._rebuild()
        scaled = self._appearance.scaled
        fit(self, scaled(_SIZE.width()), scaled(_SIZE.height()))
        self.move(place(self.size(), anchor, above=True))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def offer_assistants(self, rows: Sequence[AssistantRow]) -> None:
        """Let the person choose among assistants, too; call it before the list is shown."""
        self._assistants = tuple(rows)

    def offer_servers(self, rows: Sequence[ServerRow]) -> None:
        """Let the person choose model servers that are not set up yet."""
        if tuple(rows) != self._servers:
            self._servers = tuple(rows)
            self._rebuild()

    def show_lists(self, asked: Collection[str], troubled: Collection[str]) -> None:
        """Say whose lists are being loaded, and whose could not be."""
        self.refresh_button.set_words("Refreshing…" if asked else "Refresh")
        self.refresh_button.setEnabled(not asked)
        if (asked, troubled) != (self._asked, self._troubled):
            self._asked, self._troubled = asked, troubled
            self._rebuild()

    def rows(self) -> list[str]:
        """Return the words of all rows, from the top."""
        count = self._model.rowCount()
        return [str(self._model.index(place).data()) for place in range(count)]

    @Slot()
    def _on_search_changed(self) -> None:
        self._fill()
        self._select(self._model.choosable(0, 1))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._pick(index, once=False)

    @Slot()
    def _on_add(self) -> None:
        self.close()
        self.add_service_requested.emit()

    @Slot()
    def _rebuild(self) -> None:
        """Fill the list anew; what is under the eye and what is chosen stay where they are."""
        chosen = self.list.currentIndex()
        row = self._model.row_at(chosen)
        key = self._model.key_of(chosen) if chosen.isValid() else ""
        top = self.list.indexAt(QPoint(1, 1))
        top_key = self._model.key_of(top) if top.isValid() else ""
        above = self.list.visualRect(top).top()
        self._fill()
        wanted = row.choice if isinstance(row, ModelRow | Offer) else self._current
        index = self._model.index_called(key)
        if not index.isValid() and wanted is not None:
            index = self._model.index_of(wanted)
        self.list.setCurrentIndex(index if index.isValid() else self._model.choosable(0, 1))
        kept = self._model.index_called(top_key)
        if kept.isValid():
            bar = self.list.verticalScrollBar()
            bar.setValue(bar.value() + self.list.visualRect(kept).top() - above)
        elif not self.list.viewport().rect().intersects(self.list.visualRect(index)):
            self.list.scrollTo(index)

    @Slot(object)
    def _toggle_star(self, choice: ModelChoice) -> None:
        self._preferences.toggle_favourite(choice)

    def _fill(self) -> None:
        shelf = Shelf(
            providers=self._preferences.providers(),
            favourites=self._preferences.favourites(),
            recent=self._recent,
            current=self._current,
            troubled=self._troubled,
            asked=self._asked,
            assistants=self._assistants,
            servers=self._servers,
        )
        self._model.put(shelf.rows(self.search.text()))

    def _select(self, index: QModelIndex) -> None:
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _step(self, step: int) -> None:
        last = self._model.rowCount() - 1
        place = self.list.currentIndex().row() + step
        direction = 1 if step > 0 else -1
        place = max(0, min(last, place))
        found = self._model.choosable(place, direction)
        if not found.isValid():
            found = self._model.choosable(place, -direction)
        self._select(found)

    def _pick(self, index: QModelIndex, *, once: bool) -> None:
        row = self._model.row_at(index)
        if isinstance(row, AssistantRow):
            self.close()
            self.assistant_chosen.emit(row.assistant_id)
        elif isinstance(row, ServerRow):
            self.close()
            self.server_chosen.emit(row.base_url)
        elif isinstance(row, ModelRow | Offer):
            self.close()
            (self.chosen_once if once else self.chosen).emit(row.choice)

    def _take_key(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = held == Qt.KeyboardModifier.ControlModifier
        plain = held == Qt.KeyboardModifier.NoModifier
        key = Qt.Key(event.key())
        if key in _ENTER_KEYS and (plain or control):
            self._pick(self.list.currentIndex(), once=control)
            return True
        if key == Qt.Key.Key_D and control:
            row = self._model.row_at(self.list.currentIndex())
            if isinstance(row, ModelRow):
                self._toggle_star(row.choice)
            return True
        if key in _STEPS and plain:
            self._step(_STEPS[key])
            return True
        return False

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        head.addWidget(self.search)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 4, 4, 4)
        foot.addWidget(self.refresh_button)
        foot.addStretch(1)
        foot.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(Rule())
        column.addLayout(foot)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and not self.search.composing
        ):
            return self._take_key(event)
        return super().eventFilter(watched, event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        index = self.list.currentIndex()
        if index.isValid():
            self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
