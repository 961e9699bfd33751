"""What is below the view and new: decides whether the pill is shown, and what it says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from desktop_chat.transcript.reading.pill import SHADOW, Pill

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.reading.scroller import Scroller
    from desktop_chat.transcript.text.typography import Typography

ABOVE_EDGE: Final = 12
JUMP_MS: Final = 180
FAR: Final = 3
"""Views; a jump over more is not animated."""


class News(QObject):
    """The pill's reasons."""

    end_wished = Signal()
    scroll_wished = Signal(int)
    """A jump is on its way past this scroll value."""

    def __init__(self, scroller: Scroller, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._scroller = scroller
        self._document = scroller.document
        self._ended = ""
        """What the pill says of an answer whose end was not seen yet."""
        self.pill = Pill(parent)
        self.pill.clicked.connect(self.jump)
        self._jump = QVariantAnimation(self)
        self._jump.setDuration(JUMP_MS)
        self._jump.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._jump.valueChanged.connect(self._on_jumping)
        self._jump.finished.connect(self.end_wished)

    def set_type(self, type_: Typography) -> None:
        """Take another look."""
        self.pill.set_type(type_)

    def ended(self, item: Item) -> None:
        """Take note that an answer has come to its end."""
        failed = item.notice is not None
        self._ended = "Stopped early" if failed else "Finished"

    def look(self) -> None:
        """Show or hide the pill, as what is in view demands."""
        document, scroller = self._document, self._scroller
        hidden = document.content_bottom() - scroller.scroll - scroller.view
        streaming = bool(document.messages) and document.messages[-1].item.streaming
        if streaming:
            self._ended = ""
        if hidden <= 0:
            self._ended = ""
            self.pill.hide()
            return
        if streaming:
            self.pill.say_lines(math.ceil(hidden / document.geometry.type.body.line))
        elif self._ended:
            self.pill.say(self._ended)
        else:
            self.pill.hide()
            return
        self._place()

    def jump(self) -> None:
        """Go to the end: a short way smoothly, a long one at once."""
        scroller = self._scroller
        way = scroller.maximum - scroller.scroll
        animate = self._document.geometry.type.look.animate
        if not animate or not 0 < way <= FAR * scroller.view:
            self.end_wished.emit()
            return
        self._jump.setStartValue(scroller.scroll)
        self._jump.setEndValue(scroller.maximum)
        self._jump.start()

    def stop(self) -> None:
        """Give up a jump: the person goes elsewhere."""
        self._jump.stop()

    def _place(self) -> None:
        pill = self.pill
        x = (self._parent.width() - pill.width()) // 2
        y = self._scroller.view - ABOVE_EDGE - pill.height() + SHADOW
        pill.move(x, y)
        pill.show()
        pill.raise_()

    def _on_jumping(self, value: object) -> None:
        if isinstance(value, int):
            self.scroll_wished.emit(value)
