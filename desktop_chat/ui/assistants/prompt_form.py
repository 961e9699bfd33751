"""The form of one prompt, and the dialog over the library of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.assistants import EXAMPLES, Prompt, variables_of
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.entries_dialog import EntriesDialog, EntryForm
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.text_field import TextField

if TYPE_CHECKING:
    from desktop_chat.runtime.storing.collection import Collection
    from desktop_chat.ui.look.appearance import Appearance

_HINT = "Write {{language}} for what changes: it is asked for when you insert the prompt."


class PromptForm(EntryForm):
    """Fields in, a `Prompt` out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompt = Prompt(id="", name="", text="")
        self.name = Field("Name")
        self.text = TextField("Text", 14)
        self.variables = WrappedLabel(_HINT, "faint", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for words, field in (("Name", self.name), ("Text", self.text)):
            label = PlainLabel(words, "soft")
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
        column.addWidget(self.variables)
        self.name.textChanged.connect(self.edited)
        self.text.textChanged.connect(self._on_text_changed)

    @override
    def show_entry(self, entry: Prompt) -> None:
        self._prompt = entry
        with QSignalBlocker(self.name), QSignalBlocker(self.text):
            self.name.setText(entry.name)
            self.text.setPlainText(entry.text)
        self._show_variables()

    @override
    def entry(self) -> Prompt:
        name, text = " ".join(self.name.text().split()), self.text.toPlainText()
        self.name.set_fault(faulty=not name)
        self.text.set_fault(faulty=not text.strip())
        if not name:
            raise WordsError("A prompt needs a name, by which it is found. Write one.")
        if not text.strip():
            raise WordsError("A prompt needs a text. Write one.")
        return replace(self._prompt, name=name, text=text)

    @override
    def fresh(self) -> Prompt:
        return Prompt(id=new_id(), name="New prompt", text="Explain {{subject}}.")

    @override
    def focus_first(self) -> None:
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    @Slot()
    def _on_text_changed(self) -> None:
        self._show_variables()
        self.edited.emit()

    def _show_variables(self) -> None:
        names = variables_of(self.text.toPlainText())
        asked = f"Asked for when you insert it: {', '.join(names)}." if names else _HINT
        self.variables.setText(asked)


def add_examples(prompts: Collection[Prompt]) -> None:
    """Put prompts to begin with into the library."""
    known = {one.name for one in prompts.all()}
    for name, text in EXAMPLES:
        if name not in known:
            prompts.save(Prompt(id=new_id(), name=name, text=text))


def prompts_dialog(
    appearance: Appearance, prompts: Collection[Prompt], parent: QWidget
) -> EntriesDialog:
    """Return the dialog over all prompts."""
    words = (
        "Prompts",
        "No prompt yet. What you ask often can be kept here; typing / at the beginning of a "
        "message lists it. Choose New to write one, or begin with examples.",
    )
    dialog = EntriesDialog(appearance, prompts, PromptForm(), words, parent)
    examples = TextButton("Add examples", "quiet")
    examples.setVisible(not prompts.all())
    dialog.foot.insertWidget(2, examples)

    def on_examples() -> None:
        add_examples(prompts)
        examples.hide()
        dialog.show_entry(prompts.all()[0].id)

    examples.clicked.connect(on_examples)
    return dialog
