"""One message in the transcript: what is common to a question's bubble and an answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF

from desktop_chat.transcript.blocks.box_stack import Spot
from desktop_chat.transcript.text.flow import estimated_height

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.blocks.box import Box, Canvas, Range
    from desktop_chat.transcript.blocks.column import Column
    from desktop_chat.transcript.image.pictures import Picture, Pictures
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.text.typography import Typography

REASONING = 0
TEXT = 1


class Place(NamedTuple):
    """A place in a message's text: which of its texts, which block, and the offset in it."""

    part: int
    block: int
    offset: int

    @property
    def spot(self) -> Spot:
        """The place as its column counts."""
        return Spot(self.block, self.offset)


class Line(NamedTuple):
    """A line that keeps its height on the screen: where its text begins, or a distance."""

    place: Place | None
    dy: int
    """Without a place: pixels below the message's top, or, where negative, above its end."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """What a message needs to know of its surroundings."""

    type: Typography
    width: int
    bubble: float
    """The widest share of the column that a bubble takes."""
    pictures: Callable[[], Pictures] | None = None
    """Gives the conversation's images, made when the first is met."""
    wide: int = 0
    """How wide code and tables may grow, where there is room beyond the column."""


class Message(ABC):
    """A message's layout. Light until built; it may be emptied again and keeps its height."""

    __slots__ = ("_geometry", "_pieces", "built", "height", "item", "lead")

    def __init__(self, item: Item, geometry: Geometry, lead: int) -> None:
        self.item = item
        self.lead = lead
        """The space above it."""
        self.built = False
        self._geometry = geometry
        self._pieces: list[str] = [item.text]
        self.height = self.estimate()

    @property
    def text(self) -> str:
        """The text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    @property
    def reasoning(self) -> str:
        """The reasoning so far; a person's message has none."""
        return ""

    @property
    @abstractmethod
    def blocks(self) -> list[Block]:
        """The blocks of the text, read now where they were not alive."""

    @property
    @abstractmethod
    def ready_blocks(self) -> list[Block] | None:
        """The blocks of the text, where they can be had at once."""

    @property
    def content_bottom(self) -> int:
        """Where the last line ends, above what is only reserved for actions."""
        return self.height

    @property
    def strikes(self) -> int:
        """How often showing it did not end well."""
        return 0

    @property
    def note(self) -> str:
        """What is said of it where it is not shown as it should be."""
        return ""

    @property
    def details_open(self) -> bool:
        """Whether what a notice tells in detail is shown."""
        return False

    def show_details(self, *, shown: bool) -> None:
        """Unfold or fold what a notice tells in detail."""
        del shown

    @abstractmethod
    def build(self) -> None:
        """Become able to be painted."""

    @abstractmethod
    def empty(self) -> None:
        """Let go of everything but text and height."""

    @abstractmethod
    def settle(self, top: int, bottom: int) -> None:
        """Make what stands between two heights exact."""

    @abstractmethod
    def paint(self, canvas: Canvas, selected: Callable[[int, int], Range | None]) -> None:
        """Paint at the painter's origin what is visible; `selected` by part and block."""

    @abstractmethod
    def buttons(self, top: int, bottom: int) -> list[Button]:
        """Return what can be pressed between two heights."""

    @abstractmethod
    def columns(self) -> list[tuple[int, Column, int, int]]:
        """Return the texts that are shown: part, column, and its left and top."""

    @abstractmethod
    def update(self, item: Item) -> None:
        """Show another state of the same message."""

    def picture(self, address: str) -> Picture | None:
        """Return one of the message's images, where there is somebody to look at it."""
        pictures = self._geometry.pictures
        return pictures().of(self.item.id, address) if pictures is not None else None

    def fit_pictures(self, address: str) -> None:
        """Take another state of an image."""
        for _, column, _, _ in self.columns():
            column.refit(address)

    def append(self, text: str) -> int:
        """Take in more text; return the height from which on the message looks different."""
        self._pieces.append(text)
        return 0

    def estimate(self) -> int:
        """Return about how high the message is, without reading it."""
        type_ = self._geometry.type
        text = estimated_height(self.item.text, type_.body, self._geometry.width)
        return self.lead + text + 64

    def set_geometry(self, geometry: Geometry, lead: int) -> None:
        """Take other surroundings; everything is laid out anew when it is looked at."""
        self._geometry = geometry
        self.lead = lead

    def reach(self, block: int, offset: int) -> None:
        """Unfold what a place is folded away in."""
        del block, offset

    def keep(self, top: int, bottom: int) -> None:
        """Let go of the layouts of what stands outside of two heights."""
        for _, column, _, y in self.columns():
            column.keep(top - y, bottom - y)

    def place_at(self, x: float, y: float) -> Place:
        """Return the place in the text that is nearest to a point."""
        columns = [one for one in self.columns() if one[1].boxes]
        if not columns:
            return Place(TEXT, 0, 0)
        for part, column, left, top in columns:
            if y < top:
                return Place(part, 0, 0)
            if y < top + column.height:
                return Place(part, *column.spot_at(x - left, y - top))
        part, column, _, _ = columns[-1]
        return Place(part, *column.end())

    def box_at(self, x: float, y: float) -> tuple[Box, float, float] | None:
        """Return the box under a point, and the point as the box counts."""
        for _, column, left, top in self.columns():
            if top <= y < top + column.height:
                at = column.box_at(y - top)
                box = column.boxes[at]
                inside = (x - left - box.left, y - top - column.top_of(at))
                if -4 <= inside[0] <= box.width + 4 and 0 <= inside[1] < box.height:
                    return box, *inside
        return None

    def caret(self, place: Place) -> QRectF:
        """Return where a place stands: its line's height and no width."""
        for part, column, left, top in self.columns():
            if part == place.part and column.boxes:
                caret, box_left, box_top = column.caret(place.spot)
                y = top + box_top + caret.top
                return QRectF(left + box_left + caret.x, y, 0, caret.height)
        return QRectF(0, self.lead, 0, 24)

    def line_at(self, y: int) -> tuple[Line, int]:
        """Return the line at a height, and how far below its top that height is."""
        end = 0
        for part, column, _, top in self.columns():
            if column.boxes and top <= y < top + column.height:
                spot, line_top = column.line_spot(y - top)
                return Line(Place(part, *spot), 0), y - top - line_top
            end = top + column.height
        return (Line(None, y - self.height) if end and y >= end else Line(None, y)), 0

    def line_top(self, line: Line) -> int:
        """Return where a line stands now."""
        if line.place is not None:
            return round(self.caret(line.place).top())
        return self.height + line.dy if line.dy < 0 else line.dy

    def end(self) -> Place:
        """Return the place after the last character."""
        columns = self.columns()
        if not columns:
            return Place(TEXT, 0, 0)
        part, column, _, _ = columns[-1]
        return Place(part, *column.end())
