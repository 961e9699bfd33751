"""The pill that leads to the end of the conversation, over the transcript's bottom edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from desktop_chat.transcript.text.typography import Typography

HEIGHT: Final = 32
MARK: Final = 12
SHADOW: Final = 8
MOST_LINES: Final = 99


class Pill(QAbstractButton):
    """Says what is below the view, and goes there when pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._type: Typography | None = None
        self._shadow = QPixmap()
        self.setAccessibleName("Jump to the end")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()

    def set_type(self, type_: Typography) -> None:
        """Take another look."""
        self._type = type_
        self._shadow = QPixmap()
        self.adjustSize()
        self.update()

    def say_lines(self, count: int) -> None:
        """Tell how many lines are below the view."""
        shown = f"{MOST_LINES}+" if count > MOST_LINES else str(count)
        self.say(f"{shown} new line" + ("" if count == 1 else "s"))

    def say(self, words: str) -> None:
        """Show words."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleDescription(words)
            self.adjustSize()

    @override
    def sizeHint(self) -> QSize:
        if self._type is None:
            return QSize(0, 0)
        words = self._type.ui.metrics.horizontalAdvance(self.text())
        mark = self._type.px(MARK)
        return QSize(round(words) + 16 + mark + 6 + 16 + 2 * SHADOW, self._height() + 2 * SHADOW)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._type is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        painter.drawPixmap(0, 0, self._shadow_of(body))
        painter.setPen(QPen(self._type.colour("line"), 1))
        role = "hover" if self.underMouse() else "raised"
        painter.setBrush(self._type.colour(role))
        round_ = body.height() / 2
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), round_, round_)
        ink = self._type.colour("ink")
        size = self._type.px(MARK)
        mark = QRectF(body.left() + 14, body.center().y() - size / 2, size, size)
        draw_mark(painter, Mark.ARROW_DOWN, mark, ink)
        painter.setPen(ink)
        painter.setFont(self._type.ui.font)
        area = body.adjusted(14 + size + 6, 0, -8, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags, self.text())
        if self.hasFocus():
            painter.setPen(QPen(self._type.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(-2, -2, 2, 2), round_ + 2, round_ + 2)

    def _height(self) -> int:
        return HEIGHT if self._type is None else max(HEIGHT, self._type.ui.line + 14)

    def _shadow_of(self, body: QRectF) -> QPixmap:
        """Return the shadow, painted once for a size and a look."""
        ratio = self.devicePixelRatioF()
        if self._shadow.size() != self.size() * ratio:
            self._shadow = QPixmap(self.size() * ratio)
            self._shadow.setDevicePixelRatio(ratio)
            self._shadow.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._shadow)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_shadow(painter, body)
            painter.end()
        return self._shadow

    def _paint_shadow(self, painter: QPainter, body: QRectF) -> None:
        dark = self._type is not None and self._type.colour("surface").lightness() < 128
        strength = 0.40 if dark else 0.14
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(SHADOW, 0, -1):
            shade = painter.background().color()
            shade.setRgb(0, 0, 0)
            shade.setAlphaF(strength / SHADOW * 0.6)
            painter.setBrush(shade)
            grown = body.adjusted(-step, 3 - step, step, min(step + 3, SHADOW))
            painter.drawRoundedRect(grown, body.height() / 2 + step, body.height() / 2 + step)
