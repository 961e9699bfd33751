"""What assistive technology is told of a table: rows, and in them cells with their headers."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from desktop_chat.markdown.blocks import Style
from desktop_chat.transcript.blocks.table import description
from desktop_chat.transcript.spoken.facts import Facts, Key, Role
from desktop_chat.transcript.text.linked import pictures_in

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Inline, Table
    from desktop_chat.transcript.blocks.table import TableBox
    from desktop_chat.transcript.spoken.text import Texts
    from desktop_chat.transcript.targets import Target


def rows(table: Table) -> list[tuple[Inline, ...]]:
    """Return a table's rows, its header first."""
    return [table.header, *table.rows]


def part_rect(box: TableBox, path: tuple[int, ...]) -> QRect:
    """Return where a row or a cell is, as seen from its table's left top."""
    row, *cell = path[2:4]
    if row >= box.row_count or (cell and cell[0] >= box.column_count):
        return QRect()
    return box.part_rect(row, *cell).toAlignedRect()


class Tables:
    """What is told of tables: the last one is kept, for each of its cells is asked for."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._now: tuple[object, ...] = ()
        self._facts: Facts | None = None
        self._counted: tuple[object, ...] = ()
        self._starts: list[int] = []
        self._pictures: frozenset[str] = frozenset()

    def table(self, key: Key, table: Table, bar: tuple[Key, ...]) -> Facts:
        """Return what is told of a whole table."""
        now = (key, id(table), len(table.rows), len(table.header), bar)
        if self._facts is None or self._now != now:
            count = len(table.rows) + 1
            children = (Key(key.item_id, (*key.path, row)) for row in range(count))
            self._facts = Facts(Role.Table, description(table), children=(*children, *bar))
            self._now = now
        return self._facts

    def part(self, key: Key, table: Table) -> Facts | None:
        """Return what is told of a row or a cell."""
        at = key.path[2]
        if at > len(table.rows):
            return None
        cells = _row(table, at)
        if len(key.path) == 3:
            keys = tuple(Key(key.item_id, (*key.path, cell)) for cell in range(len(cells)))
            return Facts(Role.Row, ", ".join(cell.text for cell in cells), children=keys)
        number = key.path[3]
        if number >= len(cells):
            return None
        role = Role.Cell if at else Role.ColumnHeader
        head = table.header[number].text if at and number < len(table.header) else ""
        return Facts(role, cells[number].text, head, self._texts.keys(key, cells[number]))

    def cell(self, key: Key, table: Table) -> tuple[Inline, int] | None:
        """Return the text of the cell that a path leads through, and where it begins."""
        row, number = key.path[2:4]
        if row > len(table.rows) or number >= len(_row(table, row)):
            return None
        self._count(table)
        cells = _row(table, row)
        return cells[number], self._starts[row] + sum(len(one.text) + 1 for one in cells[:number])

    def place(self, table: Table, target: Target) -> tuple[int, ...]:
        """Return row and cell of what is pressed in a table; nothing where it is in none."""
        self._count(table)
        if target.start < 0:
            return _cell_of_picture(table, target.href)
        row = bisect_right(self._starts, target.start) - 1
        if not 0 <= row <= len(table.rows):
            return ()
        ends = accumulate(len(cell.text) + 1 for cell in _row(table, row))
        inside = target.start - self._starts[row]
        return (row, next((at for at, end in enumerate(ends) if inside < end), 0))

    def shows(self, table: Table, address: str) -> bool:
        """Whether an image is among those that a table has a place for."""
        self._count(table)
        return address in self._pictures

    def _count(self, table: Table) -> None:
        now = (id(table), len(table.rows), id(table.rows[-1]) if table.rows else 0)
        if self._counted != now:
            self._counted = now
            lengths = (sum(len(cell.text) + 1 for cell in row) for row in rows(table))
            self._starts = list(accumulate(lengths, initial=0))
            self._pictures = frozenset(image.address for image in pictures_in(table))


def _cell_of_picture(table: Table, address: str) -> tuple[int, ...]:
    for row, cells in enumerate(rows(table)):
        for at, cell in enumerate(cells):
            if any(span.style & Style.IMAGE and span.href == address for span in cell.spans):
                return (row, at)
    return ()


def _row(table: Table, at: int) -> tuple[Inline, ...]:
    return table.rows[at - 1] if at else table.header
