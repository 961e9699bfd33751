"""The card of the composer: the field, and under it the model, the parameters, and one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from desktop_chat.ui.composer.message_editor import MessageEditor
from desktop_chat.ui.composer.send_button import SendButton
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.look.style import polish_again
from desktop_chat.ui.models.chip import ModelChip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.look.appearance import Appearance

_MARK: Final = 14
_WIDEST: Final = 180
_NAME: Final = "Parameters"


class ParametersButton(TextButton):
    """Says `Parameters`, or the assistant's name; in a narrow window, an icon alone."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(_NAME, "quiet", parent)
        self._appearance = appearance
        self._assistant = ""
        self._count = 0
        self._narrow = False
        self.setAccessibleName(_NAME)
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
        name = self._assistant or _NAME
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
        self.setToolTip(plain_tooltip("\n".join([f"{_NAME} ({keys})", *said])))


class ComposerCard(QFrame):
    """Holds them; its edge stands out while the field has the keyboard."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "composer")
        self.editor = MessageEditor()
        self.chip = ModelChip(appearance)
        self.parameters_button = ParametersButton(appearance)
        self.send_button = SendButton(appearance)
        toolbar = QHBoxLayout()
        toolbar.setContentsMargins(0, 0, 0, 0)
        toolbar.setSpacing(8)
        toolbar.addWidget(self.chip)
        toolbar.addWidget(self.parameters_button)
        toolbar.addStretch(1)
        toolbar.addWidget(self.send_button)
        field = QHBoxLayout()
        field.setContentsMargins(3, 0, 3, 0)
        field.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 11, 11, 11)
        column.setSpacing(6)
        column.addLayout(field)
        column.addLayout(toolbar)
        self.editor.focus_changed.connect(self._on_focus_changed)

    @Slot(bool)
    def _on_focus_changed(self, focused: bool) -> None:  # noqa: FBT001 - a slot
        self.setProperty("lit", focused)
        polish_again(self)
