"""The prices that costs are counted with: all that the program knows, and changed where wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.money import Price, PriceRow, micros_from
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.opening import open_folder
from desktop_chat.ui.settings.price_table import Listed, PriceTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from desktop_chat.runtime.core import Core

_BAD: Final = "This is not an amount in dollars. Write it like 1.25."
_HALF: Final = "Write the prices of both: what is read and what is written."


class PricesPage(QWidget):
    """Models in use without a price come first, then the person's own prices, then the rest."""

    changed = Signal()

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._prices = core.spending.prices
        self._begun: dict[tuple[object, ...], dict[str, int]] = {}
        """Amounts for models whose price is not whole yet."""
        self.search = Field("Search prices", "Search models and services")
        self.search.setClearButtonEnabled(True)
        self.table = PriceTable()
        self.fault = WrappedLabel("", "danger", "small")
        self.fault.hide()
        self.remove_button = TextButton("Remove my price", "quiet")
        self.file_button = TextButton("Open the file…")
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.table.amount_written.connect(self._on_written)
        self.table.currentCellChanged.connect(self._show_buttons)
        self.remove_button.clicked.connect(self._on_remove)
        self.file_button.clicked.connect(self._on_file)

    def _fill(self) -> None:
        words = self.search.text().lower().split()
        self.table.fill([one for one in self._all() if all(word in one.text for word in words)])
        self._show_buttons()

    def _all(self) -> list[Listed]:
        own = self._prices.own
        named = {(row.models, row.host, row.protocol) for row in own}
        rest = [
            row for row in self._prices.shipped if (row.models, row.host, row.protocol) not in named
        ]
        return [
            *self._unpriced(),
            *(Listed(row, own=True) for row in own),
            *(Listed(row) for row in rest),
        ]

    def _unpriced(self) -> list[Listed]:
        """Return the models that the person talks to, and nobody knows the price of."""
        preferences = self._core.preferences
        asked = [(one.provider_id, one.model) for one in self._core.library.recent_choices()]
        asked += [(one.id, one.model) for one in preferences.providers()]
        found: dict[tuple[object, ...], Listed] = {}
        for provider_id, model in asked:
            provider = preferences.provider(provider_id)
            if provider is None or provider.is_demo or not model:
                continue
            if self._prices.find(provider, model) is None:
                row = PriceRow(models=(model,), host=provider.host, price=Price(0, 0, 0, 0))
                listed = Listed(row, known=False)
                found[listed.key] = replace(listed, begun=self._begun.get(listed.key, {}))
        return list(found.values())

    def _on_written(self, listed: Listed, name: str, text: str) -> None:
        amount = micros_from(text)
        if amount is None and not (name == "cached" and not text.strip()):
            self._say(_BAD)
            self._fill()
            return
        row = self._changed(listed, name, amount)
        if row is None:
            self._say(_HALF)
            self._fill()
        else:
            self._keep(lambda: self._prices.put(row))

    def _changed(self, listed: Listed, name: str, amount: int | None) -> PriceRow | None:
        """Return a row with another amount; None: the price is not whole yet."""
        if listed.known:
            price = listed.row.price
            amounts = {"input": price.input, "cached": price.cached, "output": price.output}
        else:
            amounts = self._begun.setdefault(listed.key, {})
        follows = amounts.get("cached") in (None, amounts.get("input"))
        if amount is None:
            amounts.pop(name, None)
        else:
            amounts[name] = amount
        if "input" not in amounts or "output" not in amounts:
            return None
        if amount is None or (name == "input" and follows):
            amounts["cached"] = amounts["input"]
        self._begun.pop(listed.key, None)
        reasoning = listed.row.price.reasoning
        if reasoning == listed.row.price.output:
            reasoning = amounts["output"]
        cached = amounts.get("cached", amounts["input"])
        return replace(
            listed.row, price=Price(amounts["input"], amounts["output"], cached, reasoning)
        )

    def _on_remove(self) -> None:
        listed = self.table.current
        if listed is not None and listed.own:
            self._keep(lambda: self._prices.drop(listed.row))

    def _keep(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            self._say(f"The file cannot be written: {error.strerror}. Change its permissions.")
        except ValueError as error:
            self._say(f"Your file of prices cannot be changed here ({error}). Open it.")
        else:
            self._say("")
            self.changed.emit()
        self._fill()

    def _on_file(self) -> None:
        try:
            path = self._prices.begin_own()
        except OSError as error:
            self._say(
                f"The file cannot be made: {error.strerror}. Change the folder's permissions, "
                "then try again."
            )
            return
        open_folder(path.parent)

    def _say(self, problem: str) -> None:
        self.fault.setText(problem)
        self.fault.setVisible(bool(problem))

    def _show_buttons(self) -> None:
        listed = self.table.current
        self.remove_button.setEnabled(listed is not None and listed.own)

    def _lay_out(self) -> None:
        said = (
            f"In US dollars for a million tokens, as of {self._prices.date}. Services change "
            "their prices: type another one over it, and it counts from the next answer on."
        )
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.file_button)
        foot.addWidget(self.remove_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(12)
        column.addWidget(WrappedLabel(said, "soft"))
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.fault)
        column.addLayout(foot)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        # Reading all prices takes its time, and few people come here.
        if not self.table.rowCount():
            self._fill()
        super().showEvent(event)
