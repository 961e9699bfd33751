"""The fields of parameters: "not set" is what each says by itself, and where else it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from desktop_chat.domain.parameter_refusals import name_of
from desktop_chat.domain.parameter_words import BY_NAME, Form
from desktop_chat.domain.parameters import NAMES, NOTHING_SET, Parameters
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.ui.controls.fields import Field, Select
from desktop_chat.ui.controls.folded_section import FoldedSection
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.text_field import TextField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.parameter_words import Field as Declared
    from desktop_chat.ui.look.appearance import Appearance

    Control = Field | Select | TextField

FIRST: Final = ("system", "temperature", "max_tokens", "reasoning_effort")
"""What most people who come here look for."""
_NOT_SET: Final = "Not set"
_LINES: Final = {"system": 4, "extra_body": 3}
_LONGEST: Final = "Longest answer"


class ParameterFields(QWidget):
    """Fields in, `Parameters` out. What is seldom wanted is folded."""

    edited = Signal()

    def __init__(
        self, appearance: Appearance, names: Iterable[str] = NAMES, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.controls: dict[str, Control] = {}
        wanted = [BY_NAME[name] for name in NAMES if name in set(names)]
        self._kept = NOTHING_SET
        self._inherited = NOTHING_SET
        self._rest = [one for one in wanted if one.name not in FIRST]
        self.fault = WrappedLabel(ink="danger", size="small")
        self.fault.hide()
        self.more = FoldedSection(appearance, "More parameters", self._made_rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._made([one for one in wanted if one.name in FIRST]))
        column.addWidget(self.more)
        column.addWidget(self.fault)

    def show_parameters(self, parameters: Parameters, inherited: Parameters = NOTHING_SET) -> None:
        """Fill the fields; `inherited` holds where one is empty."""
        self._kept, self._inherited = parameters, inherited
        folded = {one.name for one in self._rest}
        if not folded.isdisjoint(parameters.names):
            self.more.set_unfolded(unfolded=True)
        for name in self.controls:
            self._show(name)
        self._say("")

    def parameters(self) -> Parameters:
        """Return what the fields say. Raises `WordsError` with a sentence, and marks the field."""
        found, problem = self._read()
        if problem is not None:
            raise problem
        return found

    def sound(self) -> Parameters:
        """Return what the fields say, with what was set before where one cannot be read."""
        return self._read()[0]

    def focus_on(self, label: str) -> None:
        """Put the keyboard into the field of that label, or into the first one."""
        name = name_of(label)
        if name in {one.name for one in self._rest}:
            self.more.set_unfolded(unfolded=True)
        control = self.controls.get(name) or next(iter(self.controls.values()))
        control.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_edited(self) -> None:
        self._read()
        self.edited.emit()

    def _read(self) -> tuple[Parameters, WordsError | None]:
        values = {name: getattr(self._kept, name) for name in NAMES}
        problem: WordsError | None = None
        for name, control in self.controls.items():
            faulty = False
            try:
                values[name] = BY_NAME[name].value(_text_of(control))
            except WordsError as found:
                problem, faulty = problem or found, True
            if not isinstance(control, Select):
                control.set_fault(faulty=faulty)
        self._say(str(problem) if problem is not None else "")
        return Parameters(**values), problem

    def _say(self, problem: str) -> None:
        self.fault.setText(problem)
        self.fault.setVisible(bool(problem))

    def _show(self, name: str) -> None:
        control, declared = self.controls[name], BY_NAME[name]
        far = " ".join(declared.text(self._inherited).split())
        hint = f"{_NOT_SET} here; {far}" if far else _NOT_SET
        text = declared.text(self._kept)
        with QSignalBlocker(control):
            match control:
                case Select():
                    labels = dict(declared.choices)
                    control.setItemText(0, f"{_NOT_SET}; {labels[far]}" if far else _NOT_SET)
                    control.setCurrentIndex(max(0, control.findData(text)))
                case TextField():
                    control.setPlainText(text)
                    control.setPlaceholderText(hint if far else f"{_NOT_SET}. {declared.help}")
                case Field():
                    control.setText(text)
                    control.setPlaceholderText(hint)

    def _made_rest(self) -> QWidget:
        body = self._made(self._rest)
        for one in self._rest:
            self._show(one.name)
        return body

    def _made(self, declared: Iterable[Declared]) -> QWidget:
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for one in declared:
            control = self._control(one)
            control.setAccessibleDescription(one.help)
            control.setToolTip(one.help)
            self.controls[one.name] = control
            label = form_label(one.label)
            label.setBuddy(control)
            form.addRow(label, control)
        return body

    def _control(self, declared: Declared) -> Control:
        match declared.form:
            case Form.CHOICE:
                select = Select(self._appearance, declared.label)
                select.addItem(_NOT_SET, "")
                for value, words in declared.choices:
                    select.addItem(words, value)
                select.currentIndexChanged.connect(self._on_edited)
                return select
            case Form.LINES:
                text = TextField(declared.label, _LINES.get(declared.name, 2))
                text.textChanged.connect(self._on_edited)
                return text
            case Form.LINE:
                line = Field(declared.label)
                line.textChanged.connect(self._on_edited)
                return line


def _text_of(control: Control) -> str:
    match control:
        case Select():
            return str(control.currentData())
        case TextField():
            return control.toPlainText()
        case Field():
            return control.text()


def form_label(text: str) -> PlainLabel:
    """Return a label as wide as any of a form of parameters, and as tall as a field."""
    label = PlainLabel(text, "soft")
    label.ensurePolished()
    wide = label.fontMetrics().horizontalAdvance(_LONGEST) + 8
    label.setMinimumSize(QSize(wide, 32))
    # Beside a field of several lines it stands at the first of them.
    label.setMaximumHeight(label.fontMetrics().lineSpacing() + 22)
    return label
