"""The interface of everything that stands in a column: laid out by itself, painted by itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtCore import QPoint, QRectF
    from PySide6.QtGui import QPainter

    from desktop_chat.transcript.blocks.sideways import Sideways
    from desktop_chat.transcript.targets import Button, Target
    from desktop_chat.transcript.text.flow import Caret
    from desktop_chat.transcript.text.grounds import BoxMarks, Mark, MessageMarks
    from desktop_chat.transcript.text.linked import Link
    from desktop_chat.transcript.text.typography import Typography


class Range(NamedTuple):
    """A stretch of offsets, `start <= offset < end`."""

    start: int
    end: int


@dataclass(slots=True)
class Canvas:
    """What painting needs besides the thing that is painted."""

    painter: QPainter
    type: Typography
    top: int
    """The visible stretch, in the coordinates of the painter."""
    bottom: int
    selection_role: str = "selection"
    hovered: Target | None = None
    focused: Target | None = None
    confirmed: Target | None = None
    """The Copy that was just pressed: it shows a check for a moment."""
    actions: bool = False
    """Whether the row of actions is drawn."""
    bar: bool = True
    """Whether the bar after the last arriving character is drawn."""
    hits: MessageMarks | None = None
    """What was found in the message that is painted."""
    part: int = 1
    """Which of the message's texts is painted, as a `Place` counts: 0 for the reasoning."""
    lit: BoxMarks | None = None
    """What was found in the box that is painted."""

    def marked(self, start: int, end: int) -> list[Mark]:
        """Return the marks on a stretch of the painted box, counted from that stretch on."""
        return self.lit.within(start, end, self.type) if self.lit is not None else []

    def moved(self, dy: int) -> Canvas:
        """Return the same canvas for a thing that stands `dy` further down."""
        return Canvas(
            self.painter,
            self.type,
            self.top - dy,
            self.bottom - dy,
            self.selection_role,
            self.hovered,
            self.focused,
            self.confirmed,
            self.actions,
            self.bar,
            self.hits,
            self.part,
            self.lit,
        )


class Box(ABC):
    """One leaf in a column. Its height is an estimate until `settle` has seen it."""

    __slots__ = (
        "block",
        "gap",
        "height",
        "inset",
        "left",
        "length",
        "number",
        "partial",
        "start",
        "width",
    )

    def __init__(self) -> None:
        self.partial = False
        """Whether a height may still change: parts are estimated, or formulas on their way."""
        self.block = 0
        self.number = 0
        """Which leaf of its block it is."""
        self.start = 0
        """Offset of its text in the block's visible text."""
        self.length = 0
        self.left = 0
        """Where it begins in the column."""
        self.inset = 0
        """How much of the column's width its containers take, at its left or at its right."""
        self.width = 0
        self.gap = 0
        """The space above it."""
        self.height = 0

    @property
    def cover(self) -> int:
        """How much of its visible part may be covered at the top."""
        return 0

    @property
    def sideways(self) -> Sideways | None:
        """What scrolls it sideways, if anything does."""
        return None

    @property
    def natural_width(self) -> int:
        """How wide it would be where there is room beyond the column; 0: no wider than that."""
        return 0

    @property
    def pictures(self) -> Collection[str]:
        """The addresses of the images that are shown in it."""
        return ()

    def fit_pictures(self) -> None:
        """Take other heights of its images."""
        return

    @abstractmethod
    def place(self, width: int) -> None:
        """Take a width: forget layouts, and estimate the height anew."""

    @abstractmethod
    def settle(self, top: int, bottom: int) -> None:
        """Make what stands between two heights exact, in the box's own coordinates."""

    @abstractmethod
    def drop(self) -> None:
        """Forget layouts and keep the height."""

    def renew(self) -> bool:
        """Forget the layout where it waits for formulas; whether it did."""
        return False

    @abstractmethod
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        """Paint at the painter's origin what is visible."""

    @abstractmethod
    def offset_at(self, x: float, y: float) -> int:
        """Return the offset in the box's text that is nearest to a point."""

    @abstractmethod
    def caret(self, offset: int) -> Caret:
        """Return where an offset of the box's text stands."""

    @abstractmethod
    def line_start(self, offset: int, y: float) -> int:
        """Return the offset at which the line at height `y` starts; `offset` where unknown."""

    def links(self) -> list[Link]:
        """Return the links in the box's text."""
        return []

    def link_rects(self, link: Link) -> list[QRectF]:
        """Return where a link stands, a rectangle a line."""
        del link
        return []

    def link_at(self, x: float, y: float) -> Link | None:
        """Return the link under a point."""
        links = self.links()
        if not links:
            return None
        at = self.offset_at(x, y)
        for link in links:
            if link.start <= at <= link.end:
                point = QPointF(x, y)
                if any(rect.contains(point) for rect in self.link_rects(link)):
                    return link
        return None

    def drawn_at(self, offset: int) -> Range | None:
        """Return the stretch of text around an offset that is seen as one formula, if any is."""
        del offset
        return None

    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        """Return what can be pressed in the box, placed as seen from `origin`."""
        del item_id, origin
        return []

    def paint_button(self, canvas: Canvas, button: Button) -> None:
        """Paint one of its buttons at the button's own place, over everything else."""
        del canvas, button

    def scroll_by(self, dx: int) -> bool:
        """Scroll sideways; whether the box can."""
        return self.sideways is not None and self.sideways.move(dx)

    def pin(self, window: tuple[int, int] | None) -> None:
        """Take note of which heights are in view, where an edge of the view cuts the box."""
        del window

    def grip(self, x: float, y: float) -> bool:
        """Whether the box can be dragged away by a point."""
        del x, y
        return False
