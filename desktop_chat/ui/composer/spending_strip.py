"""The strip above the composer that says why a message did not go: a limit to spending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from typing_extensions import override

from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.controls.strips import Strip
from desktop_chat.ui.words.money_text import stop_sentence

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.spending import CapState
    from desktop_chat.ui.controls.labels import PlainLabel

USAGE: Final = "Usage and limits"
CLOSE: Final = "Close"


class SpendingStrip(Strip):
    """Shown until the message goes, the limit is another, or the person puts it away."""

    usage_wished = Signal()
    gone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pressed.connect(self._on_pressed)

    @override
    def make_label(self) -> PlainLabel:
        """Return a label of as many lines as the sentence takes: money is worth them."""
        return WrappedLabel(ink="soft")

    def tell(self, state: CapState, service: str) -> None:
        """Say which limit stopped a message; the same again draws the eye."""
        if self.isVisible():
            self.flash()
        self.say(stop_sentence(state, service), (USAGE, CLOSE))

    def put_away(self) -> None:
        """Hide it."""
        if not self.isHidden():
            self.hide()
            self.gone.emit()

    @Slot(str)
    def _on_pressed(self, words: str) -> None:
        if words == USAGE:
            self.usage_wished.emit()
        else:
            self.put_away()
