"""The bar under the tabs: what concerns the whole program, until it is solved or put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_chat.ui.controls.buttons import IconButton, TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.look.scale import scaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.ui.look.appearance import Appearance


class NoticeBar(QWidget):
    """Notices, one under the other, each known by a key. Hidden where there is none."""

    button_pressed = Signal(str, str)
    """key, words of the button"""
    closed = Signal(str)
    """key of the notice that the person put away"""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._notices: dict[str, _Notice] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("Notices")
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the notices that are shown, from the top."""
        return tuple(self._notices)

    def text(self, key: str) -> str:
        """Return the words of a notice."""
        return self._notices[key].label.text()

    def show_notice(self, key: str, text: str, buttons: Sequence[str] = ()) -> None:
        """Show a notice, in place of the one of the same key."""
        self._drop(key)
        notice = _Notice(self._appearance, key, text, buttons, self)
        notice.button_pressed.connect(self.button_pressed)
        notice.close_pressed.connect(self._on_close_pressed)
        self._notices[key] = notice
        self._column.addWidget(notice)
        self.show()

    def remove(self, key: str) -> None:
        """Take a notice away: what it spoke of is solved."""
        self._drop(key)
        self.setVisible(bool(self._notices))

    @Slot(str)
    def _on_close_pressed(self, key: str) -> None:
        self.remove(key)
        self.closed.emit(key)

    def _drop(self, key: str) -> None:
        notice = self._notices.pop(key, None)
        if notice is not None:
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()


class _Notice(QFrame):
    button_pressed = Signal(str, str)
    close_pressed = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        key: str,
        text: str,
        buttons: Sequence[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._key = key
        self.setProperty("look", "notice")
        self.setAccessibleName(text)
        self._mark = PlainLabel()
        self.label = WrappedLabel(text)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self.label, 1)
        for words in buttons:
            button = TextButton(words, "quiet", self)
            button.setAccessibleName(words)
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
        close = IconButton(appearance, "close", "Close notice", self)
        close.clicked.connect(self._on_close_clicked)
        row.addWidget(close)
        appearance.changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        icon = self._appearance.icon("alert", "warning")
        side = scaled(self._appearance, 16)
        self._mark.setPixmap(icon.pixmap(QSize(side, side), self.devicePixelRatioF()))

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, TextButton):
            self.button_pressed.emit(self._key, button.accessibleName())

    @Slot()
    def _on_close_clicked(self) -> None:
        self.close_pressed.emit(self._key)
