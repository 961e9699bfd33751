"""The button that opens a chat's parameters, and tells who answers and how much is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QKeySequence

from desktop_chat.ui.buttons import TextButton
from desktop_chat.ui.scale import scaled
from desktop_chat.ui.tooltips import plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.appearance import Appearance

_MARK: Final = 14
_WIDEST: Final = 180
NAME: Final = "Parameters"


class ParametersButton(TextButton):
    """Says `Parameters`, or the assistant's name; in a narrow window, an icon alone."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(NAME, "quiet", parent)
        self._appearance = appearance
        self._assistant = ""
        self._count = 0
        self._narrow = False
        self.setAccessibleName(NAME)
        appearance.changed.connect(self._dress)
        self._dress()

    def show_state(self, assistant: str, count: int) -> None:
        """Name the assistant, if there is one, and say how many parameters the chat sets."""
        if (assistant, count) != (self._assistant, self._count):
            self._assistant, self._count = assistant, count
            self._dress()

    def set_narrow(self, *, narrow: bool) -> None:
        """Show an icon in place of the words."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._dress()

    @Slot()
    def _dress(self) -> None:
        name = self._assistant or NAME
        elide = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(name, elide, scaled(self._appearance, _WIDEST))
        count = f" · {self._count}" if self._count else ""
        self.set_words(count.strip(" ·") if self._narrow else f"{shown}{count}")
        side = scaled(self._appearance, _MARK)
        self.setIconSize(QSize(side, side))
        icon = self._appearance.icon("settings", "ink_soft") if self._narrow else QIcon()
        self.setIcon(icon)
        said = [f"Assistant: {self._assistant}"] if self._assistant else []
        if self._count:
            said.append(
                "1 is set for this chat"
                if self._count == 1
                else f"{self._count} are set for this chat"
            )
        self.setAccessibleDescription("; ".join(said))
        keys = QKeySequence("Ctrl+I").toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(plain_tooltip("\n".join([f"{NAME} ({keys})", *said])))
