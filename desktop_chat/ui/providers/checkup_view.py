"""An examination while it runs and afterwards: a row for each layer, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_chat.domain.checkup import Checkup, Layer, Step, Verdict
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.spoken.assistive import announce
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.words.checkup_text import NAMES, VERDICTS, outcome, report, took
from desktop_chat.ui.words.error_actions import actions

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.examination import Examination
    from desktop_chat.ui.look.appearance import Appearance

_MARKS: Final = {
    Verdict.OK: ("check", "success"),
    Verdict.FAILED: ("close", "danger"),
    Verdict.NOT_USED: ("minus", "ink_faint"),
    Verdict.NOT_REACHED: ("dot", "ink_disabled"),
    Verdict.WAITING: ("ring", "accent"),
}
_SIDE: Final = 14
_COPY: Final = "Copy report"
_COPIED: Final = "Copied"
_COPIED_MS: Final = 2000
_FIELDS: Final = {
    Action.CHANGE_KEY: "key",
    Action.EDIT_ADDRESS: "address",
    Action.CHOOSE_MODEL: "model",
    Action.SETTINGS: "network",
    Action.PARAMETERS: "parameters",
}
"""What can be mended in the service's form, and where there."""


class CheckupView(QWidget):
    """Runs one examination at a time. Nothing of it is on the main thread."""

    busy_changed = Signal(bool)
    ended = Signal(object)
    """Payload: `Checkup`."""
    mend_requested = Signal(str)
    """Payload: the field of the service's form in which to mend what broke off."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._core = core
        self._job: Examination | None = None
        self._busy = False
        self.checkup: Checkup | None = None
        """What came of it; None while it runs."""
        self._rows = {layer: _Row(NAMES[layer]) for layer in Layer}
        self.label = WrappedLabel()
        self._mending = ""
        self.mend_button = TextButton("", "strong")
        self.copy_button = TextButton(_COPY, "quiet")
        self.cancel_button = TextButton("Cancel", "quiet")
        for button in (self.copy_button, self.cancel_button):
            button.setAccessibleName(button.text())
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy_button.set_words(_COPY))
        self.mend_button.clicked.connect(lambda: self.mend_requested.emit(self._mending))
        self.copy_button.clicked.connect(self._on_copy)
        self.cancel_button.clicked.connect(self.cancel)
        self._lay_out()
        appearance.changed.connect(self._paint_marks)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether an examination is under way."""
        return self._busy

    def begin(self, provider: Provider) -> None:
        """Examine the connection to a provider."""
        self.cancel()
        self.checkup = None
        for layer, row in self._rows.items():
            row.show_step(Step(layer, Verdict.NOT_REACHED))
        self._paint_marks()
        self.label.hide()
        self.mend_button.hide()
        self.copy_button.hide()
        self.cancel_button.show()
        self._job = self._core.network.examine(provider, self)
        self._job.stepped.connect(self._on_stepped)
        self._job.done.connect(self._on_done)
        self._job.failed.connect(self._on_failed)
        self.show()
        self._set_busy(busy=True)

    @Slot()
    def cancel(self) -> None:
        """Stop at once, wherever it is."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            job.deleteLater()
            self.hide()
            self._set_busy(busy=False)

    @Slot(object)
    def _on_stepped(self, step: object) -> None:
        if isinstance(step, Step):
            self._rows[step.layer].show_step(step)
            self._paint_marks()

    @Slot(object)
    def _on_done(self, checkup: object) -> None:
        if isinstance(checkup, Checkup):
            self.checkup = checkup
            for step in checkup.steps:
                self._rows[step.layer].show_step(step)
            self._paint_marks()
            self._say(outcome(checkup), well=checkup.failure is None)
            self._offer_to_mend(checkup)
            self._finish()
            self.ended.emit(checkup)

    @Slot(object)
    def _on_failed(self, _failure: object) -> None:
        self._say("Something in this program went wrong. Try again.", well=False)
        self._finish()

    @Slot()
    def _on_copy(self) -> None:
        if self.checkup is not None:
            QGuiApplication.clipboard().setText(report(self.checkup))
            self.copy_button.set_words(_COPIED)
            self._copied.start()
            announce(self, _COPIED)

    def _finish(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.deleteLater()
        self.cancel_button.hide()
        self.copy_button.setVisible(self.checkup is not None)
        self._set_busy(busy=False)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)

    def _say(self, text: str, *, well: bool) -> None:
        self.label.set_ink("success" if well else "danger")
        self.label.setText(text)
        self.label.show()
        self.setAccessibleName(text)
        announce(self, text)

    def _offer_to_mend(self, checkup: Checkup) -> None:
        offered = actions(checkup.failure, has_text=False) if checkup.failure is not None else ()
        action = next((one for one in offered if one in _FIELDS), None)
        if action is not None and not checkup.provider.is_demo:
            self._mending = _FIELDS[action]
            self.mend_button.set_words(action.value)
            self.mend_button.setAccessibleName(action.value)
            self.mend_button.setAccessibleDescription(checkup.provider.name)
            self.mend_button.show()

    @Slot()
    def _paint_marks(self) -> None:
        side = scaled(self._appearance, _SIDE)
        for row in self._rows.values():
            icon, role = _MARKS[row.verdict]
            row.mark.setPixmap(self._appearance.icon(icon, role).pixmap(side, side))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, row in enumerate(self._rows.values()):
            grid.addWidget(row.mark, at, 0, top)
            grid.addWidget(row.name, at, 1, top)
            grid.addWidget(row.seen, at, 2)
            grid.addWidget(row.time, at, 3, top | Qt.AlignmentFlag.AlignRight)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.mend_button)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.cancel_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(grid)
        column.addWidget(self.label)
        column.addLayout(foot)


class _Row:
    """The four widgets of one layer."""

    def __init__(self, name: str) -> None:
        self.mark = QLabel()
        # In the middle of the line beside it.
        self.mark.setContentsMargins(0, 2, 0, 0)
        self.name = PlainLabel(name, "soft", "small")
        self.seen = WrappedLabel("", "faint", "small")
        self.time = PlainLabel("", "faint", "small")
        self.verdict = Verdict.NOT_REACHED

    def show_step(self, step: Step) -> None:
        """Show what came of the layer, to the eye and to a screen reader."""
        self.verdict = step.verdict
        waiting = step.verdict is Verdict.WAITING
        self.seen.setText(VERDICTS[step.verdict] if waiting else step.seen)
        self.seen.set_ink("danger" if step.verdict is Verdict.FAILED else "faint")
        self.time.setText(took(step))
        words = (self.name.text(), VERDICTS[step.verdict], step.seen, took(step))
        self.mark.setAccessibleName(", ".join(one for one in words if one))
