"""Joins a composer to its session: sending, queueing, drafts, the model's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.settings import SEND_KEY, SENT

if TYPE_CHECKING:
    from desktop_chat.domain.spending import CapState
    from desktop_chat.domain.workspace import Draft
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.chat.feed import ChatFeed
    from desktop_chat.ui.composer.composer import Composer
    from desktop_chat.ui.composer.spending_strip import SpendingStrip
    from desktop_chat.ui.models.choosing import ModelChoosing

HINTED_QUESTIONS: Final = 5
"""For so many questions the composer says which key sends."""
_LAST_QUESTION: Final = "the last question"


class Composing(QObject):
    """What happens between a composer and a session."""

    used = Signal()
    """The person wrote or asked something."""
    draft_noted = Signal(bool)
    usage_wished = Signal()
    choice_shown = Signal(str, str)
    """Payload: the service and the model that the composer names now."""

    def __init__(
        self,
        core: Core,
        composer: Composer,
        feed: ChatFeed,
        choosing: ModelChoosing,
        session: ChatSession,
    ) -> None:
        super().__init__(composer)
        self._core = core
        self._composer = composer
        self._feed = feed
        self._choosing = choosing
        self._session = session
        self._spending_strip: SpendingStrip | None = None
        composer.set_draft(core.library.draft(session.id))
        composer.set_questions(lambda: session.questions)
        self._connect()
        self._on_setting_changed()
        self.show_choice()
        self._on_parameters_changed()
        self._on_busy_changed()
        self._on_queued_changed()

    def send(self, text: str) -> None:
        """Ask a question."""
        self.used.emit()
        once = self._choosing.once
        if not self._feed.ask(lambda: self._session.send(text, once)):
            return
        self._choosing.take_once()
        self._composer.clear_sent()
        preferences = self._core.preferences
        sent = preferences.value(SENT)
        if sent < HINTED_QUESTIONS:
            preferences.set_value(SENT, sent + 1)

    def show_choice(self) -> None:
        """Name the model that the next question goes to."""
        choice = self._choosing.once or self._session.setup.choice
        provider = self._core.preferences.provider(choice.provider_id)
        service = provider.name if provider is not None else ""
        self._composer.set_model(choice.model, service)
        self._composer.set_next_only(self._choosing.once is not None)
        self.choice_shown.emit(service, choice.model)

    def _on_setting_changed(self) -> None:
        preferences = self._core.preferences
        self._composer.set_send_key(preferences.value(SEND_KEY))
        self._composer.set_hint(preferences.value(SENT) < HINTED_QUESTIONS)

    def _on_send_key_chosen(self, key: str) -> None:
        self._core.preferences.set_value(SEND_KEY, key)

    def _on_parameters_changed(self) -> None:
        assistant = self._session.setup.assistant
        name = f"{assistant.mark}  {assistant.name}" if assistant is not None else ""
        count = len(self._session.setup.parameters.names)
        self._composer.parameters_button.show_state(name, count)

    def _on_busy_changed(self) -> None:
        self._composer.set_busy(self._session.busy)
        if self._session.busy:
            self._on_allowed()
            self.used.emit()

    def _on_refused(self, state: CapState) -> None:
        """Say which limit to spending stopped a question; its text stays where it is."""
        if self._spending_strip is None:
            from desktop_chat.ui.composer.spending_strip import SpendingStrip  # noqa: PLC0415 - seldom

            self._spending_strip = strip = SpendingStrip()
            self._composer.add_strip(strip)
            strip.usage_wished.connect(self.usage_wished)
            self._core.spending.caps_changed.connect(strip.put_away)
            self._session.setup.choice_changed.connect(strip.put_away)
        provider = self._core.preferences.provider(state.cap.provider_id)
        self._spending_strip.tell(state, provider.name if provider is not None else "")
        self._composer.height_changed.emit()

    def _on_allowed(self) -> None:
        if self._spending_strip is not None:
            self._spending_strip.put_away()

    def _on_queued_changed(self) -> None:
        if self._session.outbox.awaits_network:
            self._composer.set_queued(_LAST_QUESTION, offline=True)
        else:
            self._composer.set_queued(self._session.outbox.text)

    def _on_queue_requested(self, text: str) -> None:
        if self._session.queue(text):
            self._composer.clear_sent()
        else:
            self._composer.flash_queue()

    def _on_queued_send(self) -> None:
        self._feed.ask(self._session.send_queued_now)

    def _on_queued_back(self) -> None:
        if self._session.outbox.awaits_network:
            self._session.outbox.cancel_waiting()
        else:
            self._on_draft_returned(self._session.outbox.take())

    def _on_draft_returned(self, text: str) -> None:
        written = self._composer.text()
        self._composer.set_text(f"{text}\n{written}" if written.strip() else text)
        self._composer.flush_draft()

    def _on_draft_changed(self, draft: Draft) -> None:
        self._core.library.save_draft(self._session.id, draft)
        self.draft_noted.emit(bool(draft.text))

    def _on_text_edited(self) -> None:
        if self._composer.text():
            self.used.emit()

    def _on_stop_requested(self) -> None:
        self._session.stop()

    def _connect(self) -> None:
        session, composer = self._session, self._composer
        preferences = self._core.preferences
        preferences.setting_changed.connect(self._on_setting_changed)
        preferences.providers_changed.connect(self.show_choice)
        session.setup.choice_changed.connect(self.show_choice)
        session.setup.parameters_changed.connect(self._on_parameters_changed)
        preferences.assistants_changed.connect(self._on_parameters_changed)
        self._choosing.once_changed.connect(self.show_choice)
        session.busy_changed.connect(self._on_busy_changed)
        session.outbox.changed.connect(self._on_queued_changed)
        session.outbox.returned.connect(self._on_draft_returned)
        session.refused.connect(self._on_refused)
        composer.send_requested.connect(self.send)
        composer.queue_requested.connect(self._on_queue_requested)
        composer.stop_requested.connect(self._on_stop_requested)
        composer.text_edited.connect(self._on_text_edited)
        composer.draft_changed.connect(self._on_draft_changed)
        composer.queued_send_requested.connect(self._on_queued_send)
        composer.queued_edit_requested.connect(self._on_queued_back)
        composer.queued_cancel_requested.connect(self._on_queued_back)
        composer.send_key_chosen.connect(self._on_send_key_chosen)
