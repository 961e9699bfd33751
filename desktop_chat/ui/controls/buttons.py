"""Buttons in the few kinds that the program has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QToolButton
from typing_extensions import override

from desktop_chat.ui.controls.focus_ring import Ringed
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.look.style import polish_again

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QAbstractButton, QWidget

    from desktop_chat.ui.look.appearance import Appearance

    _Button = QAbstractButton
else:
    # Qt's class comes with the button itself.
    _Button = object

Kind = Literal["plain", "primary", "quiet", "strong", "link", "chip", "stop", "row"]
_MARK: Final = 16
_ENTER_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Entered(Ringed, _Button):
    """Enter presses it: Qt would press a dialog's default button instead, and in a popup none."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER_KEYS and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class TextButton(_Entered, QPushButton):
    """A button with words. The mouse leaves the focus where it was; the keyboard reaches it."""

    def __init__(self, text: str, kind: Kind = "plain", parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_words(self, text: str) -> None:
        """Change the words; an ampersand in them is an ampersand."""
        self.setText(text.replace("&", "&&"))

    def set_kind(self, kind: Kind) -> None:
        """Dress as another kind of button."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            polish_again(self)


class IconButton(_Entered, QToolButton):
    """A square button with an icon alone; its name is its tooltip and what a reader hears."""

    def __init__(
        self,
        appearance: Appearance,
        icon_name: str,
        name: str,
        parent: QWidget | None = None,
        *,
        role: str = "ink_soft",
        size: int = 28,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon_name = icon_name
        self._role = role
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._side = size
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()

    def set_icon(self, icon_name: str, role: str | None = None) -> None:
        """Show another icon, or the same in another role's colour."""
        self._icon_name = icon_name
        self._role = role or self._role
        self._on_appearance_changed()

    @Slot()
    def _on_appearance_changed(self) -> None:
        side, mark = (scaled(self._appearance, one) for one in (self._side, _MARK))
        self.setFixedSize(QSize(side, side))
        self.setIconSize(QSize(mark, mark))
        self.setIcon(self._appearance.icon(self._icon_name, self._role))
