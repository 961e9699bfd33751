"""The form of one assistant: name, icon, model, and everything that it sets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.assistants import Assistant, one_icon
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.ui.assistants.parameter_fields import ParameterFields, form_label
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.entries_dialog import EntriesDialog, EntryForm
from desktop_chat.ui.controls.fields import Field

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

ANY_MODEL = "The model of new chats"


class AssistantForm(EntryForm):
    """Fields in, an `Assistant` out."""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._core = core
        self._assistant = Assistant(id="", name="")
        self._choice = ModelChoice("", "")
        self.name = Field("Name")
        self.icon = Field("Icon", "A letter or an emoji")
        self.model_button = TextButton(ANY_MODEL, "chip")
        self.any_button = TextButton("Any", "quiet")
        self.any_button.setAccessibleName("Any")
        self.any_button.setAccessibleDescription(ANY_MODEL)
        self.parameters = ParameterFields(appearance)
        self._lay_out()
        self.name.textChanged.connect(self.edited)
        self.icon.textChanged.connect(self.edited)
        self.parameters.edited.connect(self.edited)
        self.model_button.clicked.connect(self._on_model)
        self.any_button.clicked.connect(self._on_any)

    @override
    def show_entry(self, entry: Assistant) -> None:
        self._assistant = entry
        for field, text in ((self.name, entry.name), (self.icon, entry.icon)):
            with QSignalBlocker(field):
                field.setText(text)
        self._put_choice(ModelChoice(entry.provider_id, entry.model))
        self.parameters.show_parameters(entry.parameters)

    @override
    def entry(self) -> Assistant:
        name = " ".join(self.name.text().split())
        self.name.set_fault(faulty=not name)
        if not name:
            raise WordsError("An assistant needs a name. Write one.")
        return replace(
            self._assistant,
            name=name,
            icon=one_icon(self.icon.text()),
            provider_id=self._choice.provider_id,
            model=self._choice.model,
            parameters=self.parameters.parameters(),
        )

    @override
    def fresh(self) -> Assistant:
        return Assistant(id=new_id(), name="New assistant")

    @override
    def focus_first(self) -> None:
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    @Slot()
    def _on_model(self) -> None:
        from desktop_chat.ui.models.fresh_lists import FreshLists  # noqa: PLC0415 - only when pressed
        from desktop_chat.ui.models.picker import ModelPicker  # noqa: PLC0415 - only when pressed

        picker = ModelPicker(self._appearance, self._core.preferences, self)
        picker.refresh_button.hide()
        picker.add_button.hide()
        picker.chosen.connect(self._on_chosen)
        picker.chosen_once.connect(self._on_chosen)
        recent = self._core.library.recent_choices()
        picker.open_above(self.model_button, self._choice, recent)
        FreshLists(picker, self._core)

    @Slot(object)
    def _on_chosen(self, choice: ModelChoice) -> None:
        self._put_choice(choice)
        self.edited.emit()

    @Slot()
    def _on_any(self) -> None:
        self._on_chosen(ModelChoice("", ""))

    def _put_choice(self, choice: ModelChoice) -> None:
        self._choice = choice
        provider = self._core.preferences.provider(choice.provider_id)
        where = f" at {provider.name}" if provider is not None else ""
        words = f"{choice.model}{where}" if choice.model else ANY_MODEL
        self.model_button.set_words(words)
        self.model_button.setAccessibleName(f"Model: {words}")
        self.any_button.setVisible(bool(choice.model))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        model = QHBoxLayout()
        model.addWidget(self.model_button)
        model.addWidget(self.any_button)
        model.addStretch(1)
        form.addRow(form_label("Name"), self.name)
        form.addRow(form_label("Icon"), self.icon)
        form.addRow(form_label("Model"), model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self.parameters)


def assistants_dialog(appearance: Appearance, core: Core, parent: QWidget) -> EntriesDialog:
    """Return the dialog over all assistants."""
    words = (
        "Assistants",
        "No assistant yet. One answers in its own way: with a prompt, a model and parameters "
        "that you set once. Choose New to make one.",
    )
    form = AssistantForm(appearance, core)
    return EntriesDialog(appearance, core.preferences.assistants, form, words, parent)
