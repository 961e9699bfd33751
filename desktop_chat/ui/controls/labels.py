"""Labels. Text from services and people is shown as it is, never read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy
from typing_extensions import override

from desktop_chat.ui.look.style import polish_again

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

Ink = Literal["ink", "soft", "faint", "danger", "success", "warning"]
Size = Literal["ui", "small", "body", "h3", "h2", "h1", "head"]


class PlainLabel(QLabel):
    """A label that shows its text to the letter."""

    def __init__(
        self,
        text: str = "",
        ink: Ink = "ink",
        size: Size = "ui",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("ink", ink)
        self.setProperty("textSize", size)
        self.setText(text)

    def set_ink(self, ink: Ink) -> None:
        """Write in another ink."""
        if self.property("ink") != ink:
            self.setProperty("ink", ink)
            polish_again(self)


class WrappedLabel(PlainLabel):
    """A label whose text takes as many lines as it needs."""

    def __init__(
        self,
        text: str = "",
        ink: Ink = "ink",
        size: Size = "ui",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, ink, size, parent)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class ElidedLabel(PlainLabel):
    """A label of one line that ends in an ellipsis where it has no room."""

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        line = " ".join(self.text().split())
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment() | Qt.TextFlag.TextSingleLine, shown)


class Rule(QFrame):
    """A hairline between two parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "rule")
        self.setFixedHeight(1)
