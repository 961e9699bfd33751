"""Tables: column widths from all rows, cells laid out row by row as they come into view."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen
from typing_extensions import override

from desktop_chat.markdown.blocks import is_right_to_left
from desktop_chat.transcript.blocks.bars import bar_button, fade_edges, paint_bar
from desktop_chat.transcript.blocks.box import Box, Canvas, Range
from desktop_chat.transcript.blocks.sideways import Sideways
from desktop_chat.transcript.text.flow import (
    Caret,
    Flow,
    estimated_height,
    estimated_width,
)
from desktop_chat.transcript.text.heights import Heights
from desktop_chat.transcript.text.linked import Link, links_in_rows

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QTextCharFormat

    from desktop_chat.markdown.blocks import Align, Inline, Table
    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.text.typography import Face, Typography

PAD_X: Final = 12
PAD_Y: Final = 8
GRIP: Final = 6
"""So near to its edge a table is taken hold of; words begin further in."""
NARROWEST: Final = 128
"""A column gets at least this much, or what it needs; then the table scrolls sideways."""
WIDEST: Final = 4000
LAID_COLUMNS: Final = 50
"""Columns whose cells make a row as high as they are; of those beyond, their height is guessed."""
LAID_ROWS: Final = 200
"""Rows that are laid out at a time."""
MEASURED_AGAIN: Final = 60
"""Rows of a table whose columns are measured again when its formulas are drawn: 5 ms at most."""


def description(table: Table) -> str:
    """Return what a table is in a few words."""
    return f"table, {len(table.rows) + 1} rows, {len(table.header)} columns"


class TableBox(Box):
    """A table of any length: rows are exact once seen, estimated before."""

    __slots__ = (
        "_columns",
        "_flows",
        "_heights",
        "_lefts",
        "_mirrored",
        "_needs",
        "_starts",
        "_table",
        "_type",
        "_window",
        "scroll",
    )

    def __init__(self, table: Table, type_: Typography) -> None:
        super().__init__()
        self.partial = True
        self._table = table
        self._type = type_
        self._needs = [0] * len(table.header)
        self._mirrored = is_right_to_left("".join(cell.text for cell in table.header))
        """Whether the first column stands at the right, as the headers are read to the left."""
        self._columns: list[int] = []
        self._lefts: list[int] = []
        """Where each column begins, before any scrolling."""
        self._heights = Heights()
        self._flows: dict[int, dict[int, Flow]] = {}
        """What is laid out, by row and column."""
        self._starts: list[int] = []
        self._window: tuple[int, int] | None = None
        """Which heights are in view, where an edge of the view cuts the table."""
        self.scroll = Sideways()
        self._measure(0)

    def grow(self, rows: int) -> None:
        """Read the rows anew from number `rows` on; those before stand as they were."""
        first = rows + 1
        del self._starts[first:]
        for row in [row for row in self._flows if row >= first]:
            del self._flows[row]
        self._measure(first)
        columns = self._widths()
        if columns != self._columns:
            self.place(self.width)
            return
        self._heights.truncate(first)
        self._estimate(first)

    @property
    def row_count(self) -> int:
        """How many rows there are, the header among them."""
        return len(self._starts)

    @property
    def column_count(self) -> int:
        """How many columns there are."""
        return len(self._columns)

    @property
    @override
    def sideways(self) -> Sideways | None:
        return self.scroll

    @property
    @override
    def natural_width(self) -> int:
        return sum(self._needs)

    @override
    def place(self, width: int) -> None:
        self.width = width
        self._columns = self._widths()
        self._lefts = self._places()
        self._flows.clear()
        self._heights = Heights()
        unseen = self.scroll.rest == self.scroll.x == 0
        self.scroll.fit(sum(self._columns), width)
        if self._mirrored and unseen:
            self.scroll.move(self.scroll.rest)
        self._estimate(0)

    @override
    def settle(self, top: int, bottom: int) -> None:
        first, last = self._heights.find(max(top, 0)), self._heights.find(max(bottom, 0))
        for row in range(first, last + 1):
            self._heights.set(row, self._exact(row))
        self.height = self._heights.total + 1
        if len(self._flows) > LAID_ROWS:
            near = range(first - LAID_ROWS // 4, last + LAID_ROWS // 4)
            self._flows = {row: flows for row, flows in self._flows.items() if row in near}

    @override
    def drop(self) -> None:
        self._flows.clear()

    @override
    def drawn_at(self, offset: int) -> Range | None:
        row, column, inside = self._cell_of(offset)
        drawn = self._laid(row, column).drawn_at(inside)
        before = offset - inside
        return Range(before + drawn[0], before + drawn[1]) if drawn is not None else None

    @override
    def renew(self) -> bool:
        waiting = [
            row for row, flows in self._flows.items() if any(one.waits for one in flows.values())
        ]
        if waiting and len(self._table.rows) <= MEASURED_AGAIN:
            self._needs = [0] * len(self._table.header)
            self._starts.clear()
            self._measure(0)
            self.place(self.width)
        for row in waiting:
            self._flows.pop(row, None)
        return bool(waiting)

    @override
    def paint(self, canvas: Canvas, selected: Range | None) -> None:
        painter, type_ = canvas.painter, canvas.type
        outer = self._outer()
        painter.save()
        painter.setClipRect(outer, Qt.ClipOperation.IntersectClip)
        first = self._heights.find(max(canvas.top, 0))
        for row in range(first, self._heights.find(max(canvas.bottom, 0)) + 1):
            self._paint_row(canvas, row, selected)
        fade_edges(canvas, self.scroll, outer, type_.colour("surface"))
        painter.restore()
        painter.setPen(QPen(type_.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(outer.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    @override
    def offset_at(self, x: float, y: float) -> int:
        row = self._heights.find(int(max(y, 0)))
        cells = self._row(row)
        column = min(self._column_at(x), len(cells) - 1)
        at = self._starts[row] + sum(len(cell.text) + 1 for cell in cells[:column])
        local_y = y - self._heights.before(row) - PAD_Y
        flow = self._laid(row, column)
        return at + flow.offset_at(x - self._left(column) - PAD_X, max(local_y, 0))

    @override
    def caret(self, offset: int) -> Caret:
        row, column, inside = self._cell_of(offset)
        flow = self._laid(row, column)
        at = flow.caret(min(inside, len(self._row(row)[column].text)))
        left = self._left(column) + PAD_X
        return Caret(left + at.x, self._heights.before(row) + PAD_Y + at.top, at.height)

    @override
    def line_start(self, offset: int, y: float) -> int:
        return self._starts[self._heights.find(int(max(y, 0)))]

    @override
    def grip(self, x: float, y: float) -> bool:
        outer = self._outer()
        inside = outer.adjusted(GRIP, GRIP, -GRIP, 0)
        return outer.contains(x, y) and not inside.contains(x, y)

    @override
    def links(self) -> list[Link]:
        return links_in_rows((self._table.header, *self._table.rows))

    @override
    def link_rects(self, link: Link) -> list[QRectF]:
        row, column, inside = self._cell_of(link.start)
        left = self._left(column) + PAD_X
        top = self._heights.before(row) + 1 + PAD_Y
        rects = self._laid(row, column).rects(inside, inside + link.end - link.start)
        return [rect.translated(left, top) for rect in rects]

    def part_rect(self, row: int, column: int | None = None) -> QRectF:
        """Return where a row is, or one of its cells; nothing where that is scrolled away."""
        top, height = self._heights.before(row), self._heights[row]
        whole = QRectF(0, top, self.width, height)
        if column is not None:
            whole = QRectF(self._left(column), top, self._columns[column], height)
        return whole & self._outer()

    @override
    def pin(self, window: tuple[int, int] | None) -> None:
        self._window = window

    @override
    def buttons(self, item_id: str, origin: QPoint) -> list[Button]:
        bottom = self.height - 1
        if self._window is not None:
            bottom = max(min(bottom, self._window[1] - 2), self._heights[0])
        self.scroll.place(8, self.width - 16, bottom)
        return bar_button(self, item_id, description(self._table), origin)

    @override
    def paint_button(self, canvas: Canvas, button: Button) -> None:
        paint_bar(canvas, self.scroll, button)

    def _outer(self) -> QRectF:
        left, width = max(min(self._lefts), 0), min(sum(self._columns), self.width)
        return QRectF(left, 0, width, self._heights.total + 1)

    def _left(self, column: int) -> int:
        return self._lefts[column] - self.scroll.x

    def _column_at(self, x: float) -> int:
        """Return the column under a point, or the one that is nearest to it."""
        x += self.scroll.x
        beyond = [left > x for left in self._lefts]
        if self._mirrored:
            return beyond.count(True) if not all(beyond) else len(beyond) - 1
        return max(beyond.count(False) - 1, 0)

    def _row(self, row: int) -> tuple[Inline, ...]:
        return self._table.header if row == 0 else self._table.rows[row - 1]

    def _face(self, row: int) -> Face:
        return self._type.strong if row == 0 else self._type.body

    def _align(self, column: int) -> Align:
        return self._table.aligns[column]

    def _measure(self, first: int) -> None:
        """Take up rows from `first` on: what their cells need, and where their text stands."""
        for row in range(first, len(self._table.rows) + 1):
            cells = self._row(row)
            self._starts.append(self._end_of(row - 1) + 1 if row else 0)
            for column, cell in enumerate(cells[: len(self._needs)]):
                if len(cell.text) * self._face(row).advance * 2.2 > self._needs[column]:
                    need = self._need(cell, self._face(row)) + 2 * PAD_X
                    self._needs[column] = max(self._needs[column], need)
        self.length = self._end_of(len(self._table.rows))

    def _need(self, cell: Inline, face: Face) -> int:
        if len(cell.text) > 400:
            return min(round(estimated_width(cell.text, face)), WIDEST)
        if cell.spans or "\n" in cell.text or not cell.text.isascii():
            return min(Flow(cell, face, self._type, WIDEST).width + 1, WIDEST)
        return min(round(face.metrics.horizontalAdvance(cell.text)) + 1, WIDEST)

    def _end_of(self, row: int) -> int:
        cells = self._row(row)
        return self._starts[row] + sum(len(cell.text) for cell in cells) + len(cells) - 1

    def _widths(self) -> list[int]:
        """Share the width: what each column needs, or less for the wide ones where it is short."""
        room = self.width
        if sum(self._needs) <= room:
            return list(self._needs)
        least = [min(need, NARROWEST) for need in self._needs]
        spare = room - sum(least)
        if spare <= 0:
            return [min(need, 2 * NARROWEST) for need in self._needs]
        wanted = sum(self._needs) - sum(least)
        pairs = zip(self._needs, least, strict=True)
        shares = [low + (need - low) * spare // wanted for need, low in pairs]
        # What the divisions left over would be a gap at the right edge.
        shares[-1] += room - sum(shares)
        return shares

    def _places(self) -> list[int]:
        """Return where the columns begin, from the left or, mirrored, from the right edge."""
        before = list(accumulate(self._columns, initial=0))
        if not self._mirrored:
            return before[:-1]
        right = max(self.width, before[-1])
        return [right - end for end in before[1:]]

    def _estimate(self, first: int) -> None:
        for row in range(first, len(self._table.rows) + 1):
            face = self._face(row)
            height = face.line
            for column, cell in enumerate(self._row(row)[: len(self._columns)]):
                if self._needs[column] > self._columns[column]:
                    room = self._columns[column] - 2 * PAD_X
                    height = max(height, estimated_height(cell.text, face, room))
            self._heights.append(height + 2 * PAD_Y + 1)
        self.height = self._heights.total + 1

    def _exact(self, row: int) -> int:
        heights = (self._cell_height(row, column) for column in range(len(self._columns)))
        return max(heights, default=0) + 2 * PAD_Y + 1

    def _cell_height(self, row: int, column: int) -> int:
        """Return how high a cell is; it is not laid out where that is plain, or would be many."""
        cell, face = self._row(row)[column], self._face(row)
        fits = self._needs[column] <= self._columns[column]
        if fits and cell.text.isascii() and not cell.spans:
            return face.line
        if column < LAID_COLUMNS:
            return self._laid(row, column).height
        return estimated_height(cell.text, face, self._columns[column] - 2 * PAD_X)

    def _laid(self, row: int, column: int) -> Flow:
        flows = self._flows.setdefault(row, {})
        known = flows.get(column)
        if known is None:
            width = self._columns[column] - 2 * PAD_X
            known = flows[column] = Flow(
                self._row(row)[column], self._face(row), self._type, width, self._align(column)
            )
        return known

    def _cell_of(self, offset: int) -> tuple[int, int, int]:
        row = max(0, bisect_right(self._starts, offset) - 1)
        offset -= self._starts[row]
        cells = self._row(row)
        for column, cell in enumerate(cells):
            if offset <= len(cell.text) or column == len(cells) - 1:
                return row, column, offset
            offset -= len(cell.text) + 1
        return row, 0, 0

    def _paint_row(self, canvas: Canvas, row: int, selected: Range | None) -> None:
        painter, type_ = canvas.painter, canvas.type
        top = self._heights.before(row)
        if row:
            painter.fillRect(QRectF(0, top, self.width, 1), type_.colour("line"))
        at = self._starts[row]
        ink = type_.colour("ink")
        for column in range(len(self._columns)):
            left = self._left(column)
            text = self._row(row)[column].text
            if left + self._columns[column] > 0 and left < self.width:
                flow = self._laid(row, column)
                origin = QPointF(left + PAD_X, top + 1 + PAD_Y)
                part = self._paint_selection(canvas, flow, origin, (at, len(text)), selected)
                chip = type_.colour("code") if selected is None else None
                flow.draw(painter, origin, ink, chip, part, canvas.marked(at, at + len(text)))
            at += len(text) + 1

    def _paint_selection(
        self,
        canvas: Canvas,
        flow: Flow,
        origin: QPointF,
        cell: tuple[int, int],
        selected: Range | None,
    ) -> tuple[int, int, QTextCharFormat] | None:
        """Paint the ground of what is selected in a cell; return what needs another ink."""
        if selected is None:
            return None
        start, length = cell
        first, last = max(selected.start - start, 0), min(selected.end - start, length)
        if first >= last:
            return None
        ground = canvas.type.colour(canvas.selection_role)
        for rect in flow.rects(first, last):
            canvas.painter.fillRect(rect.translated(origin), ground)
        lit = canvas.type.selected_format(canvas.selection_role)
        return (first, last, lit) if lit is not None else None
