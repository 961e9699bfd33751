"""Text with images: each has a card below the text, or stands there itself once it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPen, QTransform
from typing_extensions import override

from desktop_chat.markdown.blocks import Code, Heading, Inline, Leaf, Paragraph, Rule, Table
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.image.pictures import Picture, Status
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.flow import Flow
from desktop_chat.transcript.text.linked import Image
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from desktop_chat.transcript.blocks.box import Box, Canvas, Range
    from desktop_chat.transcript.text.typography import Face, Typography

GAP: Final = 8
PAD: Final = 12
MARK: Final = 20
RADIUS: Final = 8
TALLEST: Final = 900
BESIDE: Final = 420
"""From this width on the button stands beside the words, else under them."""
Named = tuple[Image, Picture]
"""An image as the text names it, and as far as it is there."""


class Card:
    """One image: itself, or what is told of it with a button."""

    __slots__ = ("_sentence", "_type", "_width", "height", "picture", "title", "words")

    def __init__(self, image: Image, picture: Picture, type_: Typography) -> None:
        self.words = image.words
        self.title = image.title
        self.picture = picture
        self.height = 0
        self._type = type_
        self._width = 0
        self._sentence: Flow | None = None

    def place(self, width: int) -> None:
        """Take a width; the height follows."""
        self._width = width
        self._sentence = None
        if self.picture.status is Status.SHOWN:
            self.height = self.size.height()
            return
        words = self.picture.sentence
        if words:
            self._sentence = Flow(Inline(words), self._type.small, self._type, self._room())
        lines = self._type.ui.line + self._type.small.line * (2 if self.title else 1)
        lines += self._sentence.height + 2 if self._sentence is not None else 0
        below = self._button_size().height() + GAP if self._stacked() else 0
        self.height = max(lines, self._type.side) + 2 * PAD + below

    @property
    def size(self) -> QSize:
        """How large a shown image is: never larger than it is by itself."""
        natural = self.picture.natural
        size = QSize(natural)
        room = QSize(max(self._width, 1), self._type.px(TALLEST))
        if size.width() > room.width() or size.height() > room.height():
            size = natural.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return size.expandedTo(QSize(1, 1))

    def button(self, box: Box, item_id: str, origin: QPoint) -> Button | None:
        """Return what can be pressed."""
        picture = self.picture
        if picture.status is Status.SHOWN:
            target = _target(Kind.IMAGE, box, item_id, picture)
            told = f"{self.title} {picture.shown_address}".lstrip()
            return Button(target, QRect(origin, self.size), self.words, told, self.title)
        if not picture.button:
            return None
        size = self._button_size()
        if self._stacked():
            place = QPoint(PAD + self._mark() + 10, self.height - PAD - size.height())
        else:
            place = QPoint(self._width - PAD - size.width(), (self.height - size.height()) // 2)
        target = _target(Kind.LOAD_IMAGE, box, item_id, picture)
        told = f"{self.words}, {picture.shown_address}"
        return Button(target, QRect(origin + place, size), picture.button, told)

    def paint(self, canvas: Canvas) -> None:
        """Paint at the painter's origin."""
        if self.picture.status is Status.SHOWN:
            self._paint_image(canvas)
            return
        painter, type_ = canvas.painter, canvas.type
        painter.setPen(QPen(type_.colour("line"), 1))
        painter.setBrush(type_.colour("code"))
        card = QRectF(0.5, 0.5, self._width - 1, self.height - 1)
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        mark = self._mark()
        box = QRectF(PAD, PAD + (type_.ui.line - mark) / 2, mark, mark)
        draw_mark(painter, Mark.PICTURE, box, type_.colour("ink_faint"))
        left, room = PAD + mark + 10, self._room()
        y = PAD
        lines = (
            (self._state(), type_.ui, "ink"),
            *([(self.title, type_.small, "ink")] if self.title else []),
            (self.picture.shown_address, type_.small, "ink_soft"),
        )
        for words, face, ink in lines:
            painter.setFont(face.font)
            painter.setPen(type_.colour(ink))
            shown = face.metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(QRectF(left, y, room, face.line), int(flags), shown)
            y += face.line
        if self._sentence is not None:
            at = QPoint(left, y + 2)
            self._sentence.draw(painter, at.toPointF(), type_.colour("ink"), None)

    def _state(self) -> str:
        if self.picture.status is Status.LOADING:
            return f"Loading from {self.picture.host}…"
        if self.picture.host:
            return f"Image at {self.picture.host}"
        return "Image"

    def _paint_image(self, canvas: Canvas) -> None:
        painter, size = canvas.painter, self.size
        area = QRectF(0, 0, size.width(), size.height())
        painter.save()
        if self.picture.image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(canvas.type.colour("code"))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        else:
            image = self.picture.image
            brush = QBrush(image)
            scale = area.width() / image.width(), area.height() / image.height()
            brush.setTransform(QTransform.fromScale(*scale))
            painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(brush)
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        painter.restore()
        painter.setPen(QPen(canvas.type.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _button_size(self) -> QSize:
        words = self.picture.button
        if not words:
            return QSize(0, 0)
        width = round(self._type.ui.metrics.horizontalAdvance(words)) + 24
        return QSize(width, self._type.side)

    def _mark(self) -> int:
        return self._type.px(MARK)

    def _stacked(self) -> bool:
        button = self._button_size().width()
        return button > 0 and self._width < max(self._type.px(BESIDE), 2 * button)

    def _room(self) -> int:
        beside = 0 if self._stacked() else self._button_size().width() + PAD
        return max(self._width - 2 * PAD - self._mark() - 10 - beside, 40)


class Gallery:
    """The images of one box, one under the other below its text."""

    __slots__ = ("cards", "height")

    def __init__(self, pictures: Sequence[Named], type_: Typography) -> None:
        self.cards = [Card(image, picture, type_) for image, picture in pictures]
        self.height = 0

    @property
    def addresses(self) -> Collection[str]:
        """Which images these are."""
        return [card.picture.address for card in self.cards]

    def place(self, width: int) -> None:
        """Take a width; the height follows."""
        for card in self.cards:
            card.place(width)
        self.height = sum(GAP + card.height for card in self.cards)

    def paint(self, canvas: Canvas, top: int) -> None:
        """Paint what is visible from a height on, and ask for what is missing."""
        y, ratio = top, canvas.painter.device().devicePixelRatio()
        for card in self.cards:
            y += GAP
            if y < canvas.bottom and y + card.height > canvas.top:
                canvas.painter.translate(0, y)
                card.paint(canvas)
                canvas.painter.translate(0, -y)
                card.picture.want(round(max(card.size.width(), 1) * ratio))
            y += card.height

    def buttons(self, box: Box, item_id: str, origin: QPoint) -> list[Button]:
        """Return what can be pressed, from a place on."""
        found: list[Button] = []
        for card in self.cards:
            origin = origin + QPoint(0, GAP)
            button = card.button(box, item_id, origin)
            if button is not None:
                found.append(button)
            origin = origin + QPoint(0, card.height)
        return found


class IllustratedProse(ProseBox):
    """A paragraph or heading, and its images below."""

    __slots__ = ("_gallery",)

    def __init__(self, inline: Inline, face: Face, type_: Typography, gallery: Gallery) -> None:
        super().__init__(inline, face, type_)
        self._gallery = gallery

    @property
    @override
    def pictures(self) -> Collection[str]:
        return self._gallery.addresses

    @override
    def fit_pictures(self) -> None:
        before = self._gallery.height
        self._gallery.place(self.width)
        self.height += self._gallery.height - before

    @override
    def place(self, width: int) -> None:
        super().place(width)
        self._gallery.place(width)
        self.height += self._gallery.height

    @override
    def settle(self, top: int, bottom: int) -> None:
        super().settle(top, bottom)
        self.height += self._gallery.height

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        super().paint(canvas, selected)
        self._gallery.paint(canvas, self.height - self._gallery.height)

    @override
    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        top = QPoint(0, self.height - self._gallery.height)
        return self._gallery.buttons(self, item_id, origin + top)

    @override
    def paint_button(self, canvas: Canvas, button: Button) -> None:
        _paint_button(canvas, button)


class IllustratedTable(TableBox):
    """A table, and the images of its cells below."""

    __slots__ = ("_gallery",)

    def __init__(self, table: Table, type_: Typography, gallery: Gallery) -> None:
        self._gallery = gallery
        super().__init__(table, type_)

    @property
    @override
    def pictures(self) -> Collection[str]:
        return self._gallery.addresses

    @override
    def fit_pictures(self) -> None:
        self._gallery.place(self.width)
        self._fit()

    @override
    def grow(self, rows: int) -> None:
        super().grow(rows)
        self._fit()

    @override
    def place(self, width: int) -> None:
        super().place(width)
        self.fit_pictures()

    @override
    def settle(self, top: int, bottom: int) -> None:
        super().settle(top, bottom)
        self._fit()

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        super().paint(canvas, selected)
        self._gallery.paint(canvas, self.height - self._gallery.height)

    @override
    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        top = QPoint(0, self.height - self._gallery.height)
        cards = self._gallery.buttons(self, item_id, origin + top)
        return [*super().buttons(item_id, origin), *cards]

    @override
    def paint_button(self, canvas: Canvas, button: Button) -> None:
        if button.target.kind in (Kind.LOAD_IMAGE, Kind.IMAGE):
            _paint_button(canvas, button)
        else:
            super().paint_button(canvas, button)

    def _fit(self) -> None:
        self.height = self._heights.total + 1 + self._gallery.height


def illustrated(leaf: Leaf, face: Face, type_: Typography, pictures: Sequence[Named]) -> Box:
    """Return the box of a leaf with images."""
    gallery = Gallery(pictures, type_)
    match leaf:
        case Paragraph(inline=inline) | Heading(inline=inline):
            return IllustratedProse(inline, face, type_, gallery)
        case Table():
            return IllustratedTable(leaf, type_, gallery)
        case Code() | Rule():
            raise ValueError("no image stands in code")


def _target(kind: Kind, box: Box, item_id: str, picture: Picture) -> Target:
    return Target(kind, item_id, href=picture.address, block=box.block, leaf=box.number)


def _paint_button(canvas: Canvas, button: Button) -> None:
    if button.target.kind is Kind.IMAGE:
        return
    painter, type_ = canvas.painter, canvas.type
    rect = QRectF(button.rect)
    hot = button.target == canvas.hovered
    painter.setPen(QPen(type_.colour("line"), 1))
    painter.setBrush(type_.colour("hover" if hot else "surface"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.setFont(type_.ui.font)
    painter.setPen(type_.colour("ink"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, button.name)
