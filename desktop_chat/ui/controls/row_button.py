"""A button that looks like a row of the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.focus_ring import Ringed
from desktop_chat.ui.look.scale import scaled

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QEnterEvent, QPaintEvent

    from desktop_chat.ui.look.appearance import Appearance

_HEIGHT: Final = 32
_SIDE: Final = 12


class RowButton(Ringed, QAbstractButton):
    """An icon, where there is one, and words at the left; a ground under the mouse."""

    def __init__(
        self, appearance: Appearance, icon: str, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon = icon
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def _on_appearance_changed(self) -> None:
        self.setFixedHeight(scaled(self._appearance, _HEIGHT))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, scaled(self._appearance, _HEIGHT))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect().adjusted(_SIDE, 0, -_SIDE, 0))
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("pressed" if self.isDown() else "hover"))
            painter.drawRoundedRect(box, 6, 6)
        left = 2 * _SIDE
        if self._icon:
            icon = self._appearance.icon(self._icon, "ink_soft")
            side = scaled(self._appearance, 16)
            icon.paint(painter, QRect(left - 4, (self.height() - side) // 2, side, side))
            left += side + 2
        painter.setFont(self._appearance.ui_font())
        painter.setPen(self._appearance.colour("ink" if self._icon else "ink_soft"))
        words = self.rect().adjusted(left, 0, -2 * _SIDE, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(words, flags, self.text())
        painter.end()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()
