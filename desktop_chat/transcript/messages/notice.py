"""How a message ended other than well: a card with a bar at its left, or one quiet line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPen

from desktop_chat.markdown.blocks import Inline
from desktop_chat.transcript.blocks.buttons import paint_focus, paint_words
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.flow import Flow
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from desktop_chat.transcript.blocks.box import Canvas
    from desktop_chat.transcript.items import Notice
    from desktop_chat.transcript.text.typography import Face, Typography

LEFT: Final = 36
RIGHT: Final = 16
SPACE: Final = 16
DETAILS_LIMIT: Final = 8000


class NoticeBox:
    """A notice laid out to a width."""

    def __init__(
        self,
        notice: Notice,
        item_id: str,
        type_: Typography,
        width: int,
        kind: Kind = Kind.ACTION,
    ) -> None:
        self._notice = notice
        self._kind = kind
        """What its actions are: wishes told to others, or something done here."""
        self._item_id = item_id
        self._type = type_
        self._width = width
        self._buttons: list[tuple[Button, Face, str]] = []
        self._details: Flow | None = None
        self._details_top = 0
        self.height = 0

    def arrange(self, *, details_open: bool) -> None:
        """Lay out, with the details shown or not."""
        self._buttons.clear()
        card = self._notice.danger
        left = LEFT if card else 0
        face = self._type.notice if card else self._type.quiet
        inner = self._width - left - (RIGHT if card else 0)
        self._sentence = Flow(Inline(self._notice.sentence), face, self._type, inner)
        top = 8 if card else 0
        at = QPoint(left, top + self._sentence.height)
        if not card and self._sentence.width + 120 * len(self._notice.actions) < inner:
            at = QPoint(self._sentence.width + SPACE, (face.line - self._type.side) // 2)
        bottom = self._add_buttons(at, inner + left, details_open=details_open)
        bottom = max(bottom, top + self._sentence.height)
        self._details = None
        if details_open and self._notice.details:
            text = Inline(self._notice.details[:DETAILS_LIMIT])
            self._details = Flow(text, self._type.reasoning, self._type, inner)
            self._details_top = bottom + 4
            bottom = self._details_top + self._details.height
            end = self._add(Kind.COPY_DETAILS, "Copy details", QPoint(left, bottom), "link")
            bottom = end.y() + self._type.side
        self.height = bottom + (6 if card else 0)

    def buttons(self, origin: QPoint) -> list[Button]:
        """Return the buttons as seen from `origin`."""
        return [
            Button(one.target, one.rect.translated(origin), one.name) for one, _, _ in self._buttons
        ]

    def paint(self, canvas: Canvas, origin: QPoint) -> None:
        """Paint with the left top at `origin`."""
        painter, type_ = canvas.painter, canvas.type
        painter.translate(origin)
        card = self._notice.danger
        if card:
            self._paint_card(canvas)
        at = QPointF(LEFT, 8) if card else QPointF(0, 0)
        ink = type_.colour("ink" if card else "ink_faint")
        self._sentence.draw(painter, at, ink, None)
        if self._details is not None:
            at = QPointF(at.x(), self._details_top)
            self._details.draw(painter, at, type_.colour("ink_soft"), None)
        for button, face, role in self._buttons:
            paint_words(canvas, button, face, role)
            paint_focus(canvas, button)
        painter.translate(-origin)

    def _paint_card(self, canvas: Canvas) -> None:
        painter, type_ = canvas.painter, canvas.type
        painter.setPen(QPen(type_.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        card = QRectF(0.5, 0.5, self._width - 1, self.height - 1)
        painter.drawRoundedRect(card, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(type_.colour("danger"))
        painter.drawRoundedRect(QRectF(0, 8, 3, self.height - 16), 1.5, 1.5)
        line = type_.notice.line
        mark = QRectF(11, 8 + (line - 16) / 2, 16, 16)
        draw_mark(painter, Mark.ALERT, mark, type_.colour("danger"))

    def _add_buttons(self, at: QPoint, right: int, *, details_open: bool) -> int:
        bottom = at.y()
        start = at.x() if self._notice.danger else 0
        for number, action in enumerate(self._notice.actions):
            strong = number == 0 and self._notice.danger
            at = self._fitted(at, start, right, action.value)
            target = Target(self._kind, self._item_id, action=action)
            at = self._place(target, action.value, at, ("link", strong))
            bottom = at.y() + self._type.side
        if self._notice.details:
            name = "Hide details" if details_open else "Details"
            at = self._fitted(at, start, right, name)
            at = self._add(Kind.DETAILS, name, at, "ink_soft")
            bottom = at.y() + self._type.side
        return bottom

    def _fitted(self, at: QPoint, start: int, right: int, words: str) -> QPoint:
        width = self._type.ui_strong.metrics.horizontalAdvance(words)
        if at.x() > start and at.x() + width > right:
            return QPoint(start, at.y() + self._type.side)
        return at

    def _add(self, kind: Kind, words: str, at: QPoint, role: str) -> QPoint:
        return self._place(Target(kind, self._item_id), words, at, (role, False))

    def _place(self, target: Target, words: str, at: QPoint, style: tuple[str, bool]) -> QPoint:
        role, strong = style
        face = self._type.ui_strong if strong else self._type.ui
        width = round(face.metrics.horizontalAdvance(words)) + 1
        button = Button(target, QRect(at.x(), at.y(), width, self._type.side), words)
        self._buttons.append((button, face, role))
        return QPoint(at.x() + width + SPACE, at.y())
