"""Usage and limits: what was spent, how much may be, and the prices that are counted with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from desktop_chat.domain.money import dollars
from desktop_chat.domain.spending import Grouping, Period
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Select
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.pages import Pages
from desktop_chat.ui.controls.popover import fit
from desktop_chat.ui.controls.scrolling import Scrolling
from desktop_chat.ui.settings.caps_form import CapsForm
from desktop_chat.ui.settings.prices_page import PricesPage
from desktop_chat.ui.settings.usage_table import UsageTable, csv_text
from desktop_chat.ui.words.error_text import sentence

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.spending import Sums
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = (640, 560)
_GROUPS: Final = {
    Grouping.DAY: "By day",
    Grouping.MONTH: "By month",
    Grouping.SERVICE: "By service",
    Grouping.CHAT: "By chat",
}
_PERIODS: Final = {Period.DAY: "Today", Period.MONTH: "This month"}
_NOTHING: Final = "Nothing was asked yet."


class UsageDialog(QDialog):
    """Three pages: what was spent, limits, prices."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._spending = core.spending
        self._sums: list[Sums] = []
        self._adding: Job | None = None
        self.setWindowTitle("Usage and limits")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, appearance.scaled(_SIZE[0]), appearance.scaled(_SIZE[1]))
        self.setMinimumSize(420, 360)
        self.summary = WrappedLabel("", "soft")
        self.groups = Select(appearance, "Sums")
        # Its name is what is chosen, as that of any on Linux.
        self.groups.setAccessibleDescription("What is added up")
        self.table = UsageTable()
        self.nothing = WrappedLabel("", "faint")
        self.copy_button = TextButton("Copy as CSV")
        self.copy_button.setEnabled(False)
        self.limits = CapsForm(core)
        self.prices = PricesPage(core)
        self.pages = Pages("Usage and limits")
        self._lay_out()
        self.groups.activated.connect(self._on_group_chosen)
        self.copy_button.clicked.connect(self._on_copy)
        self._spending.recorded.connect(self._show)
        self._spending.caps_changed.connect(self._show)
        self._show()

    @property
    def _grouping(self) -> Grouping:
        return Grouping(self.groups.currentData())

    def _show(self) -> None:
        """Say what is spent now, and have the rest added up."""
        self.summary.setText(self._summary())
        if self._adding is not None:
            self._adding.cancel()
            self._adding.deleteLater()
        self._adding = job = self._spending.add_up(self._grouping, self)
        job.done.connect(self._on_added_up)
        job.failed.connect(self._on_failed)

    def _on_added_up(self, sums: list[Sums]) -> None:
        self._sums = sums
        self.table.show_sums(sums, self._grouping)
        self.table.setVisible(bool(sums))
        self.nothing.setText(_NOTHING)
        self.nothing.setVisible(not sums)
        self.copy_button.setEnabled(bool(sums))

    def _on_failed(self, failure: Failure) -> None:
        self._on_added_up([])
        self.nothing.setText(sentence(failure))

    def _summary(self) -> str:
        """Return what is spent today and this month, and of how much."""
        caps = {cap.period: cap for cap in self._spending.caps() if not cap.provider_id}
        parts = []
        for period, spent in self._spending.spent_now().items():
            limit = f" of {dollars(caps[period].micros)}" if period in caps else ""
            parts.append(f"{_PERIODS[period]}: {dollars(spent)}{limit}")
        return " · ".join(parts)

    def _lay_out(self) -> None:
        for grouping, words in _GROUPS.items():
            self.groups.addItem(words, grouping)
        self.pages.addTab(self._spent_page(), "Spent")
        self.pages.addTab(Scrolling(self.limits), "Limits")
        self.pages.addTab(self.prices, "Prices")
        close = TextButton("Close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(PlainLabel("Usage and limits", size="h2"))
        column.addWidget(self.pages, 1)
        column.addLayout(foot)

    def _spent_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.summary, 1)
        row.addWidget(self.groups)
        row.addWidget(self.copy_button)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self.nothing)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        return page

    def _on_group_chosen(self, _index: int) -> None:
        self._show()

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(csv_text(self._sums, self._grouping))

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Add up anew when somebody comes back to it: it may be another day."""
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._show()
        super().changeEvent(event)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Take what stands in a field that was not left yet."""
        self.limits.save()
        super().closeEvent(event)
