"""Code blocks: a card with a header, and lines of which only the visible ones are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRectF, Qt
from typing_extensions import override

from desktop_chat.transcript.blocks import code_fold, code_header
from desktop_chat.transcript.blocks.bars import bar_button, fade_edges, paint_bar
from desktop_chat.transcript.blocks.box import Box, Canvas, Range
from desktop_chat.transcript.blocks.code_state import FOLDED, CodeState, can_fold
from desktop_chat.transcript.blocks.code_text import CodeText
from desktop_chat.transcript.blocks.sideways import Sideways
from desktop_chat.transcript.targets import Button, Kind, Target
from desktop_chat.transcript.text.flow import Caret
from desktop_chat.transcript.text.languages import description, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.markdown.blocks import Code
    from desktop_chat.markdown.highlight import Run
    from desktop_chat.transcript.text.typography import Typography

PAD_X: Final = 16
PAD_Y: Final = 12


class CodeBox(Box):
    """A code block of any length; its height is exact without any layout, unless it wraps."""

    __slots__ = (
        "__weakref__",
        "_arriving",
        "_code",
        "_state",
        "_text",
        "_type",
        "_window",
        "coloured",
        "plain",
        "scroll",
        "stale",
    )

    def __init__(self, code: Code, type_: Typography) -> None:
        super().__init__()
        self.partial = True
        self._code = code
        self._type = type_
        self._state = CodeState()
        self._arriving = True
        self._text = CodeText(code, type_)
        self._window: tuple[int, int] | None = None
        """Which heights are in view, where an edge of the view cuts the box."""
        self.stale = 0
        """From which line on the colours are not up to date, while the block is open."""
        self.plain = False
        """Whether it is too long to be coloured, which the header tells."""
        self.coloured = False
        """Whether nothing needs to be done for its colours."""
        self.scroll = Sideways()
        self._measure(0)

    @property
    def code(self) -> Code:
        """The leaf that is shown."""
        return self._code

    @property
    def runs(self) -> list[Sequence[Run]]:
        """Colours a line; shorter than the lines where they are not known yet."""
        return self._text.runs

    @property
    def wraps(self) -> bool:
        """Whether long lines are broken, instead of being scrolled sideways."""
        chosen = self._state.wraps
        return self._type.look.wrap_code if chosen is None else chosen

    @property
    def foldable(self) -> bool:
        """Whether it is long enough to be folded."""
        return can_fold(len(self._code.lines), open_=self._code.open and self._arriving)

    @property
    def folded(self) -> bool:
        """Whether only its first lines are shown."""
        return self.foldable and self._state.folded is not False

    @property
    def header_top(self) -> int:
        """Where its header stands: at its top, or lower, at the top of the view."""
        if self._window is None:
            return 0
        lowest = self.height - self._foot - 2 * self._type.card_header
        return max(0, min(self._window[0], lowest))

    @property
    @override
    def cover(self) -> int:
        return self._type.card_header

    @property
    @override
    def sideways(self) -> Sideways | None:
        return self.scroll

    @property
    @override
    def natural_width(self) -> int:
        return 0 if self.wraps or self._code.open else self._content

    def take(self, state: CodeState, *, arriving: bool) -> None:
        """Be shown as a person chose before; tell whether the block's message arrives."""
        self._state = state
        self._arriving = arriving
        self.scroll.x = state.x

    def wrap(self, *, on: bool) -> None:
        """Break long lines, or scroll sideways."""
        self._state.wraps = on
        self._fit()

    def fold(self, *, on: bool) -> None:
        """Show only the first lines, or all."""
        self._state.folded = on
        self._fit()

    def hides(self, offset: int) -> bool:
        """Whether an offset is folded away."""
        return self._text.number_of(offset) >= self._text.shown

    def grow(self, lines: int) -> None:
        """Read the lines anew from number `lines` on; those before stand as they were."""
        self.stale = min(self.stale, lines)
        self.coloured = False
        self._measure(lines)
        self._fit()

    def recolour(self, first: int, runs: Sequence[Sequence[Run]]) -> None:
        """Take the colours of the lines from `first` on."""
        self._text.recolour(first, runs)
        self.stale = len(self._code.lines)
        self.coloured = True

    @override
    def place(self, width: int) -> None:
        self.width = width
        self._fit()

    @override
    def settle(self, top: int, bottom: int) -> None:
        self._text.settle(top - self._top, bottom - self._top)
        self._arrange()

    @override
    def drop(self) -> None:
        self._text.drop()

    @override
    def pin(self, window: tuple[int, int] | None) -> None:
        self._window = window
        self._place_bar()

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        self._state.x = self.scroll.x
        if self._code.open and self._arriving and self._state.folded is None:
            # Whoever watched it arrive has scrolled in it.
            self._state.folded = False
        code_header.paint_card(canvas, self.width, self.height)
        self._paint_lines(canvas, selected)
        if self._foot:
            line = QRectF(1, self.height - self._foot, self.width - 2, 1)
            canvas.painter.fillRect(line, canvas.type.colour("line"))
        placed = code_header.slots(self._type, self.width)
        words = f"{label(self._code.language)} · too long to colour" if self.plain else None
        room = placed[0].left - PAD_X - 8
        shown = words or label(self._code.language)
        code_header.paint(canvas, self.width, self.header_top, shown, room)

    @override
    def offset_at(self, x: float, y: float) -> int:
        return self._text.offset_at(x - self._left + self.scroll.x, y - self._top)

    @override
    def caret(self, offset: int) -> Caret:
        at = self._text.caret(offset)
        return Caret(at.x + self._left - self.scroll.x, at.top + self._top, at.height)

    @override
    def line_start(self, offset: int, y: float) -> int:
        return self._text.row_start(y - self._top)

    @override
    def grip(self, x: float, y: float) -> bool:
        return 0 <= y - self.header_top < self._type.card_header

    @override
    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        told = description(self._code)
        target = Target(Kind.COPY_CODE, item_id, block=self.block, leaf=self.number)
        placed = code_header.slots(self._type, self.width)
        top = origin + QPoint(0, self.header_top)
        found = code_header.buttons(placed, self._type, target, told, top)
        if self.foldable:
            one = Target(Kind.FOLD_CODE, item_id, block=self.block, leaf=self.number)
            words = code_fold.name(len(self._code.lines), folded=self.folded)
            foot = origin + QPoint(0, self.height - self._foot)
            found.append(code_fold.button(one, words, told, self._type, foot))
        return found + bar_button(self, item_id, told, origin)

    @override
    def paint_button(self, canvas: Canvas, button: Button) -> None:
        match button.target.kind:
            case Kind.FOLD_CODE:
                code_fold.paint(canvas, button, folded=self.folded)
            case Kind.SIDEWAYS:
                paint_bar(canvas, self.scroll, button)
            case _:
                code_header.paint_button(canvas, button, wrapping=self.wraps)

    @property
    def _top(self) -> int:
        return self._type.card_header + PAD_Y

    @property
    def _left(self) -> int:
        return PAD_X + self._text.numbers_width

    @property
    def _foot(self) -> int:
        return self._type.card_header if self.foldable else 0

    @property
    def _content(self) -> int:
        return round(self._text.widest) + self._left + PAD_X

    def _measure(self, first: int) -> None:
        self._text.measure(first)
        self.length = self._text.length

    def _fit(self) -> None:
        room = max(self.width - self._left - PAD_X, 2 * PAD_X) if self.wraps else 0
        self._text.fit(room, FOLDED if self.folded else len(self._code.lines))
        self.scroll.fit(0 if room else self._content, self.width)
        self._arrange()

    def _arrange(self) -> None:
        self.height = self._top + self._text.height + PAD_Y + self._foot
        self._place_bar()

    def _place_bar(self) -> None:
        bottom = self.height - self._foot - 1
        if self._window is not None:
            bottom = max(min(bottom, self._window[1] - 2), self._top + self._type.code.line)
        self.scroll.place(PAD_X, self.width - 2 * PAD_X, bottom)

    def _paint_lines(self, canvas: Canvas, selected: Range | None) -> None:
        painter, top = canvas.painter, self._type.card_header + 1
        bottom = self.height - self._foot - 1
        start = 1 if self._left == PAD_X else self._left - PAD_X // 2
        painter.save()
        painter.translate(0, self._top)
        moved = canvas.moved(self._top)
        moved.top = max(moved.top, self.header_top - PAD_Y)
        if start > 1:
            self._text.paint_numbers(moved, self._left - PAD_X)
        clip = QRectF(start, top - self._top, self.width - 1 - start, bottom - top)
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        self._text.paint(moved, self._left - self.scroll.x, selected)
        painter.restore()
        area = QRectF(start, top, self.width - 1 - start, bottom - top)
        fade_edges(canvas, self.scroll, area, canvas.type.colour("code"))
