"""The rows of the model picker: as a list that Qt can show, and as they are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.look import icons
from desktop_chat.ui.models.filter import (
    CHOOSABLE,
    AssistantRow,
    Head,
    ModelRow,
    Note,
    Offer,
    ServerRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.models.filter import Row

AnyIndex = QModelIndex | QPersistentModelIndex
_ROW: Final = 32
_HEAD: Final = 28
_STAR: Final = 32
_PAD: Final = 12
_ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_HEIGHT_ROLE: Final = _ROW_ROLE + 1


class ModelList(QAbstractListModel):
    """The rows, replaced whole at each search."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._keys: list[str] = []

    def put(self, rows: list[Row]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = rows
        self._keys = list(_keys(rows))
        self.endResetModel()

    def row_at(self, index: AnyIndex) -> Row | None:
        """Return the row of an index."""
        return self._rows[index.row()] if index.isValid() else None

    def key_of(self, index: AnyIndex) -> str:
        """Return what a row is known by while others come and go; a choice may be listed twice."""
        return self._keys[index.row()]

    def choosable(self, start: int, step: int) -> QModelIndex:
        """Return the next row that can be chosen, from `start` on in one direction."""
        place = start
        while 0 <= place < len(self._rows):
            if isinstance(self._rows[place], CHOOSABLE):
                return self.index(place)
            place += step
        return QModelIndex()

    def index_of(self, choice: ModelChoice) -> QModelIndex:
        """Return the last row of a choice: the one under its service, not under a star."""
        for place in range(len(self._rows) - 1, -1, -1):
            row = self._rows[place]
            if isinstance(row, ModelRow) and row.choice == choice:
                return self.index(place)
        return QModelIndex()

    def index_called(self, key: str) -> QModelIndex:
        """Return the row that is known by a key, no row where there is none."""
        return self.index(self._keys.index(key)) if key in self._keys else QModelIndex()

    @override
    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, ModelRow):
            return plain_tooltip(f"{row.choice.model} at {row.service}")
        return None

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if isinstance(self.row_at(index), CHOOSABLE):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


class ModelRowPainter(QStyledItemDelegate):
    """Paints a row: name, service, star."""

    star_pressed = Signal(object)
    """ModelChoice"""

    def __init__(self, appearance: Appearance, model: ModelList) -> None:
        super().__init__()
        self._appearance = appearance
        self._model = model
        self.current: ModelChoice | None = None
        """The model that answers now."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        row = self._model.row_at(index)
        room = option.rect.width()
        line = option.fontMetrics.height()
        height = max(_ROW, line + 12)
        if isinstance(row, Note):
            wraps = option.fontMetrics.horizontalAdvance(row.text) > room - 2 * _PAD
            return QSize(room, height + line if wraps else height)
        return QSize(room, height - _ROW + _HEAD if isinstance(row, Head) else height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row = self._model.row_at(index)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        lit = bool(state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        if isinstance(row, Head):
            self._paint_head(painter, box, row.text)
        elif isinstance(row, Note):
            painter.setPen(self._appearance.colour("ink_faint"))
            wrap = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box.adjusted(_PAD, 0, -_PAD, 0), wrap, row.text)
        else:
            self._paint_choice(painter, box, row, lit=lit)
        painter.restore()

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        row = self._model.row_at(index)
        box: QRect = option.rect
        released = event.type() == QEvent.Type.MouseButtonRelease
        if released and isinstance(event, QMouseEvent) and isinstance(row, ModelRow):
            star = QRect(box.right() - _STAR, box.top(), _STAR, box.height())
            if star.contains(event.position().toPoint()):
                self.star_pressed.emit(row.choice)
                return True
        return False

    def _paint_head(self, painter: QPainter, box: QRect, text: str) -> None:
        painter.setFont(self._appearance.small_font(QFont.Weight.DemiBold))
        painter.setPen(self._appearance.colour("ink_faint"))
        low = int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(box.adjusted(_PAD, 0, -_PAD, -5), low, text)

    def _paint_choice(
        self,
        painter: QPainter,
        box: QRect,
        row: ModelRow | Offer | AssistantRow | ServerRow,
        *,
        lit: bool,
    ) -> None:
        colour = self._appearance.colour
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("raised_hover"))
            painter.drawRoundedRect(box.adjusted(4, 0, -4, 0), 6, 6)
        if self._is_current(row):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawRoundedRect(
                QRect(box.left() + 4, box.top() + 8, 3, box.height() - 16), 1, 1
            )
        room = box.adjusted(_PAD, 0, -_STAR, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(self._appearance.ui_font())
        metrics = painter.fontMetrics()
        service = row.service if isinstance(row, ModelRow) else ""
        beside = min(metrics.horizontalAdvance(service) + 4, room.width() // 3)
        gap = 12 if service else 0
        name = metrics.elidedText(
            _words(row), Qt.TextElideMode.ElideMiddle, room.width() - beside - gap
        )
        painter.setPen(colour("ink"))
        painter.drawText(room, middle, name)
        if service:
            painter.setPen(colour("ink_soft" if lit else "ink_faint"))
            right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            short = metrics.elidedText(service, Qt.TextElideMode.ElideRight, beside)
            painter.drawText(room, right, short)
        if isinstance(row, ModelRow) and (row.starred or lit):
            self._paint_star(painter, box, starred=row.starred)

    def _is_current(self, row: Row) -> bool:
        if isinstance(row, AssistantRow):
            return row.current
        return isinstance(row, ModelRow) and row.choice == self.current

    def _paint_star(self, painter: QPainter, box: QRect, *, starred: bool) -> None:
        name, role = ("star-filled", "accent") if starred else ("star", "ink_faint")
        ratio = painter.device().devicePixelRatioF()
        picture = icons.pixmap(name, self._appearance.colour(role), 14, ratio)
        painter.drawPixmap(box.right() - 24, box.center().y() - 6, picture)


def _keys(rows: list[Row]) -> Iterator[str]:
    head = ""
    for row in rows:
        if isinstance(row, Head):
            head = row.text
            yield head
        elif isinstance(row, Note):
            yield f"{head}: {row.text}"
        elif isinstance(row, AssistantRow):
            yield f"{head}: {row.assistant_id}"
        elif isinstance(row, ServerRow):
            yield f"{head}: {row.base_url}"
        else:
            yield f"{head}: {row.choice.provider_id} {row.choice.model}"


def _words(row: Row) -> str:
    if isinstance(row, ModelRow):
        return row.choice.model
    if isinstance(row, Offer):
        return f"Use “{row.choice.model}” at {row.service}"
    if isinstance(row, ServerRow):
        return row.words
    return row.name if isinstance(row, AssistantRow) else row.text


def _spoken(row: Row) -> str:
    if isinstance(row, ModelRow):
        star = ", favourite" if row.starred else ""
        return f"{row.choice.model}, {row.service}{star}"
    return _words(row)
