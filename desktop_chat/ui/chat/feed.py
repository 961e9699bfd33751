"""Joins one session to one transcript: messages become items, text flows in as it comes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop_chat.domain.chat import Message, MessageState, Role
from desktop_chat.domain.stream import Phase
from desktop_chat.ui.chat.items import (
    ConversationItems,
    Versions,
    item_of,
    status_of,
)
from desktop_chat.ui.chat.waiting_line import Waiting, next_change_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.transcript.items import Item, ReadingPosition
    from desktop_chat.transcript.view import TranscriptView


_TIMED: Final = (Phase.CONNECTING, Phase.WAITING, Phase.QUEUED, Phase.RETRYING)
"""Phases whose line counts seconds; a reasoning block counts its own."""


class ChatFeed(QObject):
    """Feeds the transcript. One timer runs, and only while a person watches a waiting line."""

    def __init__(
        self,
        session: ChatSession,
        transcript: TranscriptView,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._transcript = transcript
        self._asked_ms = 0
        self._anchor_next = False
        self._pausing = False
        self._watched = False
        self._loading = False
        self.anchors = True
        """Whether a new question goes to the top; else the end is followed."""
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.timeout.connect(self._on_tick)
        transcript.wrapped.connect(session.setup.keep_wrap)
        session.messages_changed.connect(self._on_messages_changed)
        session.message_added.connect(self._on_message_added)
        session.message_changed.connect(self._on_message_changed)
        session.message_removed.connect(transcript.remove_item)
        session.text_arrived.connect(transcript.append_text)
        session.reasoning_arrived.connect(transcript.append_reasoning)
        session.phase_changed.connect(self._on_phase_changed)
        session.busy_changed.connect(self._on_busy_changed)

    # Commands

    def show_all(self, position: ReadingPosition | None) -> None:
        """Show the whole path, at a place where it was read before, if one is known."""
        items = ConversationItems(self._session.messages, self._item)
        self._transcript.set_items(items, position)
        self._on_busy_changed()

    def load(self, position: ReadingPosition | None) -> None:
        """Read the messages, where they are not in memory, and show them all."""
        self._loading = True
        self._session.load()
        self._loading = False
        self.show_all(position)

    def set_watched(self, *, watched: bool) -> None:
        """Tell whether anybody can see the transcript: seconds are counted only then."""
        self._watched = watched
        self._session.set_patient(patient=not watched)
        self._on_phase_changed()

    def ask(self, act: Callable[[], object]) -> bool:
        """Do something that asks a question, and let the reader see the question's beginning.

        Where `act` says that nothing was asked, by False, nothing moves.
        """
        self._anchor_next = True
        self._asked_ms = _now_ms()
        asked = act() is not False
        self._anchor_next = self._anchor_next and asked
        if self._anchor_next:
            self._anchor_question()
        return asked

    # Slots

    def _on_messages_changed(self) -> None:
        if not self._loading:
            self.show_all(self._transcript.reading_position())

    def _on_message_added(self, message: Message) -> None:
        if message.role not in (Role.USER, Role.ASSISTANT):
            return
        self._transcript.add_item(self._item(message))
        if message.role is Role.USER:
            self._anchor_question()

    def _on_message_changed(self, message: Message) -> None:
        if message.role in (Role.USER, Role.ASSISTANT):
            self._transcript.update_item(self._item(message))

    def _on_busy_changed(self) -> None:
        if self._session.busy:
            self._asked_ms = self._asked_ms or _now_ms()
            self._on_phase_changed()
        else:
            self._asked_ms = 0
            self._pausing = False
            self._tick.stop()

    def _on_phase_changed(self) -> None:
        message = self._live_message()
        if message is None:
            return
        waiting = self._waiting(message)
        pausing = waiting.phase is Phase.RETRYING
        if pausing or self._pausing:
            # A pause has buttons, which are part of the item.
            self._transcript.update_item(self._item(message))
        self._pausing = pausing
        self._transcript.set_status(message.id, status_of(waiting))
        if waiting.phase in _TIMED and self._watched:
            self._tick.start(next_change_ms(waiting))
        else:
            self._tick.stop()

    def _on_tick(self) -> None:
        self._on_phase_changed()

    # Private

    def _item(self, message: Message) -> Item:
        versions = Versions(*self._session.versions(message.id))
        live = message.state is MessageState.STREAMING and self._session.busy
        item = item_of(message, versions, self._waiting(message) if live else None)
        wraps = self._session.setup.wraps(message.id)
        return replace(item, wraps=wraps) if wraps else item

    def _live_message(self) -> Message | None:
        messages = self._session.messages
        last = messages[-1] if messages else None
        live = last is not None and last.state is MessageState.STREAMING and self._session.busy
        return last if live else None

    def _waiting(self, message: Message) -> Waiting:
        session = self._session
        now = _now_ms()
        return Waiting(
            phase=session.phase,
            service=message.provider_name or "the service",
            asked_ms=now - (self._asked_ms or now),
            phase_ms=max(0, now - session.phase_since_ms),
            retry_in_s=session.retry_in_s,
        )

    def _anchor_question(self) -> None:
        if not self._anchor_next:
            return
        self._anchor_next = False
        if not self.anchors:
            self._transcript.follow_end()
            return
        asked = (one for one in reversed(self._session.messages) if one.role is Role.USER)
        if (question := next(asked, None)) is not None:
            self._transcript.anchor(question.id)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
