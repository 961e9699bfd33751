"""One button in one place: it sends, and while an answer arrives it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QPushButton
from typing_extensions import override

from desktop_chat.domain.settings import SEND_KEY
from desktop_chat.ui.controls.focus_ring import Ringed
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.look.style import polish_again

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.controls.popover import Menu
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = QSize(76, 28)
_NARROW: Final = QSize(36, 28)
_MARK: Final = 14


class SendButton(Ringed, QPushButton):
    """Says `Send` or `Stop`, in the same place and size."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._stops = False
        self._narrow = False
        self._hint = ""
        self.setObjectName("send")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        appearance.changed.connect(self._dress)
        self._dress()

    @property
    def stops(self) -> bool:
        """Whether a press stops the answer."""
        return self._stops

    def set_stops(self, *, stops: bool) -> None:
        """Be `Stop`, or `Send` again."""
        if stops != self._stops:
            self._stops = stops
            self._dress()

    def set_narrow(self, *, narrow: bool) -> None:
        """Show an icon in place of the word."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._dress()

    def set_hint(self, hint: str) -> None:
        """Say in the tooltip which keys send."""
        self._hint = hint
        self._dress()

    @Slot()
    def _dress(self) -> None:
        name = "Stop" if self._stops else "Send"
        self.setAccessibleName(name)
        self.setToolTip("Stop (Esc)" if self._stops else self._hint)
        kind = "stop" if self._stops else "primary"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            polish_again(self)
        self.setText("" if self._narrow else name)
        self.setFixedSize(self._room())
        self._draw_icon(hovered=self.underMouse())

    def _room(self) -> QSize:
        """Return a size that holds both words, so that it is the same for both."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        height = max(_SIZE.height(), metrics.height() + 8)
        if self._narrow:
            return QSize(max(_NARROW.width(), height), height)
        words = max(metrics.horizontalAdvance("Send"), metrics.horizontalAdvance("Stop"))
        return QSize(max(_SIZE.width(), words + 44), height)

    def _draw_icon(self, *, hovered: bool) -> None:
        if self._stops:
            role = "danger" if hovered else "ink"
            self.setIcon(self._appearance.icon("stop", role))
        else:
            self.setIcon(self._appearance.icon("send", "on_accent"))
        side = scaled(self._appearance, _MARK) if self._stops or self._narrow else 0
        self.setIconSize(QSize(side, side))

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._draw_icon(hovered=True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._draw_icon(hovered=False)


def send_key_menu(parent: QWidget, current: str) -> Menu:
    """Return the menu that chooses which keys send; an action's data is the setting's value."""
    from desktop_chat.ui.controls.popover import Menu  # noqa: PLC0415 - popups come after the window

    menu = Menu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    group = QActionGroup(menu)
    for value, words in SEND_KEY.choices:
        action = menu.addAction(f"Send with {words}")
        action.setCheckable(True)
        action.setChecked(value == current)
        action.setData(value)
        group.addAction(action)
    return menu
