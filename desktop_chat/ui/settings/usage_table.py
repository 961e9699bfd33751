"""What was spent, as a plain table: for reading, and as CSV for other programs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from desktop_chat.domain.money import dollars, plain_dollars
from desktop_chat.domain.spending import Grouping
from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.words.money_text import sum_text
from desktop_chat.ui.words.numbers import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.spending import Sums

HEADERS: Final = ("Time", "Service", "Answers", "Tokens read", "Tokens written", "Cost")
MOST_ROWS: Final = 500
"""Nobody reads more; a copy has them all."""
DELETED: Final = "Deleted chats"
_SERVICE: Final = 1
_SMALL: Final = 100
"""Millionths of a dollar: below them an amount is told as less than something."""
_COST: Final = len(HEADERS) - 1
_CSV_HEADERS: Final = (
    "time",
    "service",
    "answers",
    "tokens_read",
    "tokens_cached",
    "tokens_written",
    "tokens_reasoning",
    "cost_usd",
    "answers_of_unknown_price",
    "answers_estimated",
)


class UsageTable(QTableWidget):
    """One row for each time and service."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADERS), parent)
        self.setAccessibleName("Usage")
        self.setHorizontalHeaderLabels(list(HEADERS))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_SERVICE, QHeaderView.ResizeMode.Stretch)
        for column in range(len(HEADERS)):
            item = self.horizontalHeaderItem(column)
            if item is not None:
                item.setTextAlignment(_alignment(column))

    def show_sums(self, sums: Sequence[Sums], grouping: Grouping = Grouping.DAY) -> None:
        """Show what was spent, the first rows of it where there are very many."""
        shown = sums[:MOST_ROWS]
        whose = self.horizontalHeaderItem(_SERVICE)
        if whose is not None:
            whose.setText("Chat" if grouping is Grouping.CHAT else HEADERS[_SERVICE])
        self.setRowCount(len(shown))
        for row, one in enumerate(shown):
            for column, text in enumerate(cells(one)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(_alignment(column))
                if column in (_COST, _SERVICE):
                    item.setToolTip(plain_tooltip(sum_text(one) if column == _COST else text))
                self.setItem(row, column, item)
        self.setColumnHidden(0, not any(one.period for one in shown))


def cells(sums: Sums) -> tuple[str, ...]:
    """Return a row for reading."""
    usage = sums.usage
    return (
        sums.period,
        sums.name or DELETED,
        number(sums.answers),
        number(usage.input_tokens),
        number(usage.output_tokens),
        _cost(sums),
    )


def _cost(sums: Sums) -> str:
    """Return a cost in as few words as a column has room for."""
    if sums.unpriced == sums.answers:
        return "no price known"
    if sums.unpriced:
        least = f"${plain_dollars(sums.cost)}" if sums.cost < _SMALL else dollars(sums.cost)
        return f"at least {least}"
    return f"about {dollars(sums.cost)}" if sums.about else dollars(sums.cost)


def csv_text(sums: Sequence[Sums], grouping: Grouping = Grouping.DAY) -> str:
    """Return rows as CSV; a cost that is not known is empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    chats = grouping is Grouping.CHAT
    writer.writerow("chat" if chats and one == "service" else one for one in _CSV_HEADERS)
    for one in sums:
        usage = one.usage
        cost = plain_dollars(one.cost) if one.unpriced < one.answers else ""
        writer.writerow(
            (
                one.period,
                one.name or DELETED,
                one.answers,
                usage.input_tokens,
                usage.cached_tokens,
                usage.output_tokens,
                usage.reasoning_tokens,
                cost,
                one.unpriced,
                one.about,
            )
        )
    return text.getvalue()


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column <= _SERVICE else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
