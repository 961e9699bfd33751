"""The details of an answer, in a popover: tokens, time, speed and cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.popover import Popup
from desktop_chat.ui.controls.strips import moment
from desktop_chat.ui.words.money_text import detail_rows

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.chat import Message
    from desktop_chat.runtime.money.spending import Spending

_WIDTH: Final = 340


class MessageDetails(Popup):
    """What is known of one answer. Closes on Esc and on a press elsewhere."""

    usage_wished = Signal()
    exchange_wished = Signal()

    def __init__(self, message: Message, spending: Spending, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        use = spending.use(message.id)
        chat = spending.chat_cost(message.conversation_id)
        self.rows = detail_rows(message, use, chat, moment)
        self.text = "\n".join(f"{name}: {value}" for name, value in self.rows)
        self.setAccessibleName("Details of the answer")
        self.setAccessibleDescription(self.text)
        self.copy_button = TextButton("Copy details", "quiet", self)
        self.exchange_button = TextButton("Request and response", "quiet", self)
        self.usage_button = TextButton("Usage and limits", "quiet", self)
        self._lay_out()
        self.copy_button.clicked.connect(self._on_copy)
        self.exchange_button.clicked.connect(self._on_exchange)
        self.usage_button.clicked.connect(self._on_usage)

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen, as far as there is room."""
        self.adjustSize()
        size = self.size()
        room = self.screen().availableGeometry()
        above = place.y() - size.height() - 32
        top = place.y() if place.y() + size.height() <= room.bottom() else above
        left = max(room.left(), min(place.x(), room.right() - size.width()))
        self.move(left, max(room.top(), top))
        self.show()
        self.copy_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setContentsMargins(8, 0, 8, 0)  # the words of the buttons stand under these
        grid.setColumnStretch(1, 1)
        for at, (name, value) in enumerate(self.rows):
            label = WrappedLabel(value)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(PlainLabel(name, "faint"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label, at, 1)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.exchange_button)
        foot.addWidget(self.usage_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 8)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addLayout(foot)
        self.setMinimumWidth(_WIDTH)

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self.text)
        self.close()

    def _on_exchange(self) -> None:
        self.close()
        self.exchange_wished.emit()

    def _on_usage(self) -> None:
        self.close()
        self.usage_wished.emit()
