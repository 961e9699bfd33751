"""What an empty chat shows: the way in for those who are new, a line for those who are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.providers import Provider
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.scrolling import Scrolling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.domain.assistants import Assistant
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.assistants.chips import AssistantChips
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.providers.key_block import KeyBlock
    from desktop_chat.ui.providers.server_offers import ServerOffers

TITLE: Final = "Ask something"
DEMO_WORDS: Final = (
    "You are talking to the built-in demo. It is not a language model; "
    "it shows what this program can do."
)
QUESTIONS: Final = ("Show me around", "Think first", "Write a long answer")
FOOT: Final = "No account. No telemetry."
TEMPORARY: Final = "Temporary chat. Nothing here is written to disk; closing the tab ends it."
_WIDTH: Final = 440
_ABOVE: Final = 38
_BELOW: Final = 62


class NewChatPage(Scrolling):
    """A block at 38 % of the height: first run, an ordinary new chat, or a temporary one."""

    question_chosen = Signal(str)
    assistant_chosen = Signal(str)
    """Payload: an assistant's id; an empty text: none of them."""
    connected = Signal(object)
    """Provider"""
    services_requested = Signal(str)
    """str: a key that was pasted and fits no known service, else empty"""

    def __init__(self, appearance: Appearance, core: Core, parent: QWidget | None = None) -> None:
        ground = QWidget()
        super().__init__(ground, parent)
        self._appearance = appearance
        self._core = core
        self._service = ""
        self._model = ""
        self._demo = False
        self.title = PlainLabel(TITLE, size="h2")
        self.words = WrappedLabel(ink="soft")
        self.temporary_words = WrappedLabel(TEMPORARY, "faint")
        self.temporary_words.hide()
        self.connected_words = WrappedLabel(ink="soft")
        self.connected_words.hide()
        self.questions = self._question_row()
        self.key_block: KeyBlock | None = None
        self.server_offers: ServerOffers | None = None
        self.assistants: AssistantChips | None = None
        self.services_link = TextButton("Other services…", "link")
        self.services_link.clicked.connect(self._on_services_clicked)
        self.foot = PlainLabel(FOOT, "faint", "small")
        self._block = QWidget()
        self._column = QVBoxLayout(self._block)
        self._lay_out(ground)
        core.preferences.providers_changed.connect(self._show_state)
        core.offers_changed.connect(self._show_state)
        appearance.changed.connect(self._on_appearance_changed)
        self._on_appearance_changed()
        self._show_state()

    def set_choice(self, service: str, model: str) -> None:
        """Say who will answer."""
        self._service, self._model = service, model
        self._show_state()

    def show_assistants(self, assistants: Sequence[Assistant], chosen: str) -> None:
        """Offer assistants to begin with, one of which may be chosen."""
        if self.assistants is None and assistants:
            from desktop_chat.ui.assistants.chips import AssistantChips  # noqa: PLC0415 - few have any

            self.assistants = AssistantChips(self._block)
            self.assistants.chosen.connect(self.assistant_chosen)
            self._column.insertWidget(self._column.indexOf(self.questions), self.assistants)
        if self.assistants is not None:
            self.assistants.fill(assistants, chosen)

    def set_temporary(self, temporary: bool) -> None:  # noqa: FBT001 - as Qt's own setters
        """Say that nothing of this chat is kept."""
        self.temporary_words.setVisible(temporary)

    def give_key(self, text: str) -> None:
        """Connect with a key that was pasted elsewhere."""
        if self.key_block is None:
            self.services_requested.emit(text)
        else:
            self.key_block.give_key(text)

    @Slot()
    def _on_question_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, TextButton):
            self.question_chosen.emit(chip.accessibleName())

    @Slot()
    def _on_services_clicked(self) -> None:
        self.services_requested.emit("")

    @Slot(object)
    def _on_connected(self, provider: object) -> None:
        if isinstance(provider, Provider):
            count = len(provider.models)
            models = "1 model" if count == 1 else f"{count} models"
            self.connected_words.setText(f"Connected to {provider.name}. {models}.")
            self.connected_words.show()
            self._show_state()
            self.connected.emit(provider)

    @Slot()
    def _on_appearance_changed(self) -> None:
        self._block.setMaximumWidth(self._appearance.scaled(_WIDTH))

    @Slot()
    def _show_state(self) -> None:
        first_run = all(one.is_demo for one in self._core.preferences.providers())
        connected = not self.connected_words.isHidden()
        choice = self._core.preferences.choice()
        chosen = self._core.preferences.provider(choice.provider_id)
        service = self._service or (chosen.name if chosen else "")
        demo = service == "Demo" and not connected
        self.title.setVisible(not connected)
        self.words.setVisible(not connected)
        model = self._model or choice.model
        source = f"{model} at {service}" if model else service
        self.words.setText(DEMO_WORDS if demo else f"Answers come from {source}.")
        self.questions.setVisible(demo)
        if first_run and self.key_block is None:
            self._make_key_block()
        if self.key_block is not None:
            self.key_block.setVisible(first_run and not connected)
            if not first_run:
                self.key_block.forget()
        self._show_offers(wanted=first_run and not connected)
        self.services_link.setVisible(first_run and not connected)
        self.foot.setVisible(first_run and not connected)

    def _show_offers(self, *, wanted: bool) -> None:
        if self.server_offers is None and wanted and self._core.offers:
            from desktop_chat.ui.providers.server_offers import ServerOffers  # noqa: PLC0415 - few have any

            self.server_offers = ServerOffers(self._core, self._block)
            self.server_offers.connected.connect(self._on_connected)
            self.server_offers.setContentsMargins(0, 8, 0, 4)
            self._column.insertWidget(self._column.indexOf(self.services_link), self.server_offers)
            self.server_offers.filled.connect(self._lead_tab)
            self._lead_tab()
        if self.server_offers is not None:
            self.server_offers.setVisible(wanted and bool(self._core.offers))

    @Slot()
    def _lead_tab(self) -> None:
        from desktop_chat.ui.controls.tab_order import follow_layout  # noqa: PLC0415 - as below

        follow_layout(self._block)

    def _make_key_block(self) -> None:
        from desktop_chat.ui.providers.key_block import KeyBlock  # noqa: PLC0415 - for the first run alone

        self.key_block = KeyBlock(self._core, self._block)
        self.key_block.connected.connect(self._on_connected)
        self.key_block.services_requested.connect(self.services_requested)
        self._column.insertWidget(self._column.indexOf(self.services_link), self.key_block)
        self._lead_tab()

    def _question_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 4, 0, 12)
        line.setSpacing(8)
        for words in QUESTIONS:
            chip = TextButton(words, "chip")
            chip.setAccessibleName(words)
            chip.clicked.connect(self._on_question_clicked)
            line.addWidget(chip)
        line.addStretch(1)
        return row

    def _lay_out(self, ground: QWidget) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for widget in (
            self.connected_words,
            self.title,
            self.words,
            self.temporary_words,
            self.questions,
            self.services_link,
        ):
            left = widget in (self.services_link,)
            align = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag(0)
            self._column.addWidget(widget, 0, align)
        self._column.addWidget(self.foot)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._block, 100)
        line.addStretch(1)
        column = QVBoxLayout(ground)
        column.setContentsMargins(24, 16, 24, 16)
        column.addStretch(_ABOVE)
        column.addLayout(line)
        column.addStretch(_BELOW)
