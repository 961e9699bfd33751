"""The strip in the bottom corner that shows where a link really leads, as browsers have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop_chat.transcript.targets import WITH_ADDRESS
from desktop_chat.transcript.text.links import LinkTarget, link_target

if TYPE_CHECKING:
    from desktop_chat.transcript.stage import Stage

PAD_X: Final = 10
PAD_Y: Final = 4
MARGIN: Final = 8
HOST_SHARE: Final = 0.7
NAME: Final = "address strip"
Part = tuple[str, str]
"""Words, and the role of their ink."""


def show(view: Stage) -> None:
    """Show the address under the pointer, else under the keyboard; or none."""
    target = view.hovered
    if target is None or target.kind not in WITH_ADDRESS:
        target = view.focused if view.hasFocus() else None
    address = target.href if target is not None and target.kind in WITH_ADDRESS else ""
    strip = view.findChild(AddressStrip, NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    if strip is None and address:
        strip = AddressStrip(view)
    if strip is not None:
        strip.tell(address)


class AddressStrip(QWidget):
    """Made when the first link is pointed at. The host always stays readable."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view)
        self._view = view
        self._parts: list[Part] = []
        self.address = ""
        """What is shown, encoded; nothing while it is hidden."""
        self.setObjectName(NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, href: str) -> None:
        """Show where an address leads, or nothing."""
        target = link_target(href)
        held = href[:5].lower() == "data:"
        self.address = target.address if target is not None else "" if held else href[:200]
        if not self.address:
            self.hide()
            return
        self._parts = self._cut(_parts(target) if target is not None else [(self.address, "ink")])
        self._place()
        self.show()
        self.raise_()
        self.update()

    def _cut(self, parts: list[Part]) -> list[Part]:
        """Shorten a host at its left, where deceivers lengthen it, and the rest at its right."""
        metrics = self._view.type.small.metrics
        room = float(self._view.viewport().width() - 2 * (MARGIN + PAD_X))
        shown: list[Part] = []
        for number, (words, ink) in enumerate(parts):
            mode = Qt.TextElideMode.ElideLeft if number == 1 else Qt.TextElideMode.ElideRight
            share = room * HOST_SHARE if number == 1 and len(parts) > 2 else room
            cut = metrics.elidedText(words, mode, max(share, 0))
            room -= metrics.horizontalAdvance(cut)
            shown.append((cut, ink))
        return shown

    def _place(self) -> None:
        face, viewport = self._view.type.small, self._view.viewport()
        words = sum(face.metrics.horizontalAdvance(part) for part, _ in self._parts)
        self.resize(round(words) + 2 * PAD_X + 1, face.line + 2 * PAD_Y)
        y = viewport.height() - self.height() - MARGIN
        self.move(MARGIN, y)
        pointer = viewport.mapFromGlobal(QCursor.pos())
        if self.geometry().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).contains(pointer):
            self.move(QPoint(viewport.width() - self.width() - MARGIN, y))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        type_ = self._view.type
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(type_.colour("line"), 1))
        painter.setBrush(type_.colour("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(type_.small.font)
        x = float(PAD_X)
        for words, ink in self._parts:
            painter.setPen(type_.colour(ink))
            width = type_.small.metrics.horizontalAdvance(words)
            area = QRectF(x, 0, width + 2, self.height())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(area, int(flags), words)
            x += width
        painter.end()


def _parts(target: LinkTarget) -> list[Part]:
    """Return an address in pieces: what stands before the host, the host, what follows."""
    before, host, after = target.address.partition(target.place)
    return [(before, "ink_soft"), (host, "ink"), (after, "ink_soft")]
