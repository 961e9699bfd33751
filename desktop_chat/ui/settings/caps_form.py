"""The form of the limits to spending: for a day and a month, of each service and of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_chat.domain.money import micros_from, plain_dollars
from desktop_chat.domain.spending import Cap, Period
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.controls.labels import ElidedLabel, PlainLabel, WrappedLabel

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core

_PERIODS = {Period.DAY: "A day", Period.MONTH: "A month"}
_BAD = "This is not an amount in dollars. Write it like 5.00, or leave it empty for no limit."


class CapsForm(QWidget):
    """Each field counts as soon as it is left; what cannot be read keeps the limit as it was."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spending = core.spending
        self.fields: dict[tuple[Period, str], Field] = {}
        self.fault = WrappedLabel("", "danger", "small")
        self.fault.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 12, 12, 4)  # room for the ring around a field
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        said = WrappedLabel(
            "In US dollars; empty: no limit. At 80 % of a limit you are told, at 100 % nothing "
            "more is sent. Answers whose price is not known do not count.",
            "soft",
        )
        grid.addWidget(said, 0, 0, 1, 3)
        for column, words in enumerate(_PERIODS.values(), 1):
            grid.addWidget(PlainLabel(words, size="head"), 1, column)
        services = [(one.id, one.name) for one in core.preferences.providers() if not one.is_demo]
        caps = {(cap.period, cap.provider_id): cap for cap in self._spending.caps()}
        for row, (provider_id, name) in enumerate((("", "All services"), *services), 2):
            grid.addWidget(ElidedLabel(name), row, 0)
            for column, period in enumerate(Period, 1):
                field = self._field(f"{name}, {_PERIODS[period].lower()}")
                cap = caps.get((period, provider_id))
                field.setText("" if cap is None else plain_dollars(cap.micros))
                self.fields[period, provider_id] = field
                grid.addWidget(field, row, column)
        grid.addWidget(self.fault, grid.rowCount(), 0, 1, 3)
        grid.setRowStretch(grid.rowCount(), 1)

    def save(self) -> bool:
        """Let what the fields say hold; whether all of it could be read."""
        known = {(cap.period, cap.provider_id): cap for cap in self._spending.caps()}
        sound = True
        for (period, provider_id), field in self.fields.items():
            text = field.text().strip()
            micros = micros_from(text)
            faulty = bool(text) and micros is None
            field.set_fault(faulty=faulty)
            sound = sound and not faulty
            if not text:
                known.pop((period, provider_id), None)
            elif micros is not None:
                cap = Cap(period=period, micros=micros, provider_id=provider_id)
                known[period, provider_id] = cap
        self.fault.setText("" if sound else _BAD)
        self.fault.setVisible(not sound)
        caps = tuple(known.values())
        if caps != self._spending.caps():
            self._spending.set_caps(caps)
        return sound

    def _field(self, name: str) -> Field:
        field = Field(f"Limit for {name}", "no limit")
        field.setFixedWidth(112)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.editingFinished.connect(self.save)
        return field
