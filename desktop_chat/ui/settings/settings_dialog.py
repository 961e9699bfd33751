"""The settings: a form that follows from their declarations, each change applied at once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QIntValidator
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.domain.settings import SETTINGS, AnySetting, FontSetting
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Check, Field, Select
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.popover import fit
from desktop_chat.ui.controls.scrolling import Scrolling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_chat.domain.settings import Setting
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = (520, 640)
_SHORT_RANGE: Final = 24
_LARGEST: Final = 1_000_000


class SettingsDialog(QDialog):
    """Every declared setting, by sections."""

    services_requested = Signal()
    usage_requested = Signal()
    assistants_requested = Signal()
    prompts_requested = Signal()
    diagnostics_requested = Signal()

    def __init__(
        self,
        appearance: Appearance,
        preferences: Preferences,
        parent: QWidget | None = None,
        parts: Mapping[str, QWidget] | None = None,
    ) -> None:
        """`parts`: what stands at the ends of sections, by the sections' names."""
        super().__init__(parent)
        self._parts = parts or {}
        self._appearance = appearance
        self._preferences = preferences
        self.controls: dict[str, QWidget] = {}
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, appearance.scaled(_SIZE[0]), appearance.scaled(_SIZE[1]))
        self.setMinimumSize(420, 360)
        self.services_button = TextButton("Services and keys…")
        self.services_button.clicked.connect(self._on_services)
        self.usage_button = TextButton("Usage and limits…")
        self.usage_button.clicked.connect(self._on_usage)
        self.assistants_button = TextButton("Assistants…")
        self.assistants_button.clicked.connect(self._on_assistants)
        self.prompts_button = TextButton("Prompts…")
        self.prompts_button.clicked.connect(self._on_prompts)
        self.diagnostics_button = TextButton("Copy diagnostics")
        self.diagnostics_button.clicked.connect(self._on_diagnostics)
        close = TextButton("Close")
        close.clicked.connect(self.close)
        foot = QGridLayout()
        foot.setContentsMargins(24, 0, 24, 0)
        foot.setSpacing(8)
        leading = (
            self.services_button, self.usage_button, self.assistants_button, self.prompts_button,
        )  # fmt: skip
        for place, button in enumerate(leading):
            foot.addWidget(button, place // 2, place % 2)
        foot.setColumnStretch(2, 1)
        foot.addWidget(self.diagnostics_button, 2, 0)
        foot.addWidget(close, 2, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(16)
        title = PlainLabel("Settings", size="h2")
        title.setContentsMargins(24, 0, 24, 0)
        column.addWidget(title)
        column.addWidget(self._form(), 1)
        column.addLayout(foot)

    def show_part(self, part: QWidget) -> None:
        """Scroll to a part, and give it the keyboard."""
        # Where it stands is known once it is laid out.
        QTimer.singleShot(0, part, lambda: self._scrolling.ensureWidgetVisible(part))
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_usage(self) -> None:
        self.close()
        self.usage_requested.emit()

    def _on_services(self) -> None:
        self.close()
        self.services_requested.emit()

    def _on_assistants(self) -> None:
        self.close()
        self.assistants_requested.emit()

    def _on_prompts(self) -> None:
        self.close()
        self.prompts_requested.emit()

    def _on_diagnostics(self) -> None:
        self.close()
        self.diagnostics_requested.emit()

    def _form(self) -> QWidget:
        ground = QWidget()
        grid = QGridLayout(ground)
        grid.setContentsMargins(24, 0, 24, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for section, settings in groupby(SETTINGS, key=lambda one: one.section):
            head = PlainLabel(section, size="head")
            head.setContentsMargins(0, 12 if grid.rowCount() > 1 else 0, 0, 4)
            grid.addWidget(head, grid.rowCount(), 0, 1, 2)
            for setting in settings:
                self._add(grid, setting)
            if (part := self._parts.get(section)) is not None:
                grid.addWidget(part, grid.rowCount(), 0, 1, 2)
        grid.setRowStretch(grid.rowCount(), 1)
        self._scrolling = Scrolling(ground)
        return self._scrolling

    def _add(self, grid: QGridLayout, setting: AnySetting) -> None:
        control = self._control(setting)
        control.setAccessibleName(setting.label)
        control.setAccessibleDescription(setting.help)
        self.controls[setting.name] = control
        row = grid.rowCount()
        if isinstance(control, Check):
            grid.addWidget(control, row, 0, 1, 2)
        else:
            label = WrappedLabel(setting.label)
            label.setBuddy(control)
            grid.addWidget(label, row, 0)
            grid.addWidget(control, row, 1)
        if setting.help:
            grid.addWidget(WrappedLabel(setting.help, "faint", "small"), row + 1, 0, 1, 2)

    def _control(self, setting: AnySetting) -> QWidget:
        value: object = self._preferences.value(cast("Setting[str]", setting))
        choices = _families(setting) if isinstance(setting, FontSetting) else _choices(setting)
        if choices:
            return self._choice(setting, choices, value)
        if isinstance(setting.default, bool):
            box = Check(self._appearance, setting.label)
            box.setChecked(bool(value))
            box.toggled.connect(lambda now: self._put(setting, now))
            return box
        if isinstance(setting.default, int):
            return self._number(setting, value)
        line = Field(setting.label)
        line.setText(str(value))
        line.editingFinished.connect(lambda: self._put(setting, line.text()))
        return line

    def _choice(
        self, setting: AnySetting, choices: Sequence[tuple[object, str]], value: object
    ) -> QWidget:
        select = Select(self._appearance, setting.label)
        for one, words in choices:
            select.addItem(words, one)
        select.setCurrentIndex(max(0, select.findData(value)))
        select.activated.connect(lambda _index: self._put(setting, select.currentData()))
        return select

    def _number(self, setting: AnySetting, value: object) -> QWidget:
        field = Field(setting.label)
        low = setting.minimum if setting.minimum is not None else 0
        high = setting.maximum if setting.maximum is not None else _LARGEST
        field.setValidator(QIntValidator(low, high, field))
        field.setText(str(value))
        field.editingFinished.connect(lambda: self._put(setting, int(field.text())))
        return field

    def _put(self, setting: AnySetting, value: object) -> None:
        # Which of the three types it is was checked by the declaration itself.
        if setting.accepts(value):
            self._preferences.set_value(cast("Setting[str]", setting), cast("str", value))


def _choices(setting: AnySetting) -> Sequence[tuple[object, str]]:
    """Return what there is to choose among: the named values, or the numbers of a short range."""
    if setting.choices or not isinstance(setting.default, int) or isinstance(setting.default, bool):
        return setting.choices
    low, high = setting.minimum, setting.maximum
    if low is None or high is None or high - low > _SHORT_RANGE:
        return ()
    return [(number, str(number)) for number in range(low, high + 1)]


def _families(setting: FontSetting) -> Sequence[tuple[object, str]]:
    """Return the families of type that this computer has and a text can be read in."""
    families = [
        name
        for name in QFontDatabase.families()
        if not QFontDatabase.isPrivateFamily(name)
        and QFontDatabase.isSmoothlyScalable(name)
        and (QFontDatabase.isFixedPitch(name) or not setting.fixed)
        and _has_letters(name)
    ]
    # One family of several foundries is listed once for each.
    names = dict.fromkeys(name.partition(" [")[0] for name in families)
    return [("", "The system's"), *((name, name) for name in names)]


def _has_letters(family: str) -> bool:
    """Whether a family is more than pictures, which some have in the place of letters."""
    systems = set(QFontDatabase.writingSystems(family))
    symbol, latin = QFontDatabase.WritingSystem.Symbol, QFontDatabase.WritingSystem.Latin
    return bool(systems - {symbol, latin}) or (latin in systems and symbol not in systems)
