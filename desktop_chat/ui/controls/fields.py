"""Fields of forms: they say what they are, and an input method's keys stay its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QStyledItemDelegate
from typing_extensions import override

from desktop_chat.ui.controls.focus_ring import Ringed
from desktop_chat.ui.look import icons
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.look.style import polish_again

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QInputMethodEvent,
        QKeyEvent,
        QPaintEvent,
        QWheelEvent,
    )
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.look.appearance import Appearance

_BOX: Final = 16


class Field(Ringed, QLineEdit):
    """A line of text. Enter, Esc and the arrows belong to an input method while it composes."""

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._preedit = ""

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return bool(self._preedit)

    def set_fault(self, *, faulty: bool) -> None:
        """Draw the edge that marks what has to be mended."""
        if bool(self.property("fault")) != faulty:
            self.setProperty("fault", faulty)
            polish_again(self)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.composing and event.key() in _COMPOSING_KEYS:
            event.accept()
            return
        super().keyPressEvent(event)


_COMPOSING_KEYS: Final = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
)


class KeyField(Field):
    """A field for an API key: what is pasted is not shown."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__("API key", placeholder, parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def take(self) -> str:
        """Return what was pasted, and forget it."""
        text = self.text()
        self.clear()
        return text


class Select(Ringed, QComboBox):
    """A choice among a few. The wheel scrolls the form, it does not change a choice."""

    def __init__(self, appearance: Appearance, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setAccessibleName(name)
        # On Linux, Qt gives readers the choice itself as the name.
        self.setAccessibleDescription(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Qt's own for combo boxes ignores the style sheet's items.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        appearance.changed.connect(self.update)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        role = "ink_soft" if self.isEnabled() else "ink_disabled"
        side = scaled(self._appearance, 14)
        picture = icons.pixmap("chevron-down", self._appearance.colour(role), side, ratio)
        left = 7 if self.isRightToLeft() else self.width() - side - 7
        painter.drawPixmap(left, (self.height() - side) // 2, picture)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Check(Ringed, QCheckBox):
    """A box that is ticked or not."""

    def __init__(self, appearance: Appearance, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._appearance = appearance
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        appearance.changed.connect(self.update)

    def _side(self) -> int:
        return scaled(self._appearance, _BOX)

    @override
    def sizeHint(self) -> QSize:
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(self._side() + 12 + words.width(), max(28, words.height() + 8))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._side()
        top = (self.height() - side) // 2
        box = QRect(0, top, side, side)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.colour("accent"))
            painter.drawRoundedRect(box, 4, 4)
            ink, ratio = self._appearance.colour("on_accent"), self.devicePixelRatioF()
            tick = icons.pixmap("check", ink, side - 2, ratio)
            painter.drawPixmap(1, top + 1, tick)
        else:
            painter.setPen(QPen(self._appearance.colour("control"), 1))
            ground = "hover" if self.underMouse() else "surface"
            painter.setBrush(self._appearance.colour(ground))
            painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(self._appearance.colour("ink" if self.isEnabled() else "ink_disabled"))
        room = self.rect().adjusted(side + 10, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(middle) | int(Qt.TextFlag.TextShowMnemonic), self.text())
