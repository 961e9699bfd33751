"""What the buttons at a message do: some to the session, some are wishes to the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.chat import Role
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.network_options import NetworkOptions
from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.chat.feed import ChatFeed


class MessageActions(QObject):
    """Carries an action out, or says who should."""

    edit_wished = Signal(str)
    """Payload: the id of a question."""
    copy_wished = Signal(str)
    model_wished = Signal()
    parameters_wished = Signal(str)
    """Payload: the label of the parameter to look at, or an empty text."""
    new_chat_wished = Signal()
    network_wished = Signal()
    """What all services are reached by is to be shown."""
    service_wished = Signal(str, str)
    """Payload: provider id, and "key", "address", "network" or "parameters"."""
    site_wished = Signal(str)
    usage_wished = Signal()
    details_wished = Signal(str)
    """Payload: the id of an answer."""
    exchange_wished = Signal(str)
    """What went over the wire for an answer is to be shown; payload: its id."""
    save_wished = Signal()
    """The chat is to be saved as a file."""
    menu_wished = Signal(str, object)
    """Payload: the id of an answer, and the `Action` that opens a menu."""

    def __init__(
        self, preferences: Preferences, session: ChatSession, feed: ChatFeed, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.session = session
        self.feed = feed

    @property
    def known(self) -> frozenset[Action]:
        """The actions that something is done for."""
        return frozenset(self._table(""))

    def run(self, message_id: str, action: Action) -> None:
        """Carry out what the person asked of a message."""
        self._table(message_id)[action]()

    def _table(self, message_id: str) -> dict[Action, Callable[[], object]]:
        session = self.session
        ask = self.feed.ask
        return {
            Action.COPY: lambda: self.copy_wished.emit(message_id),
            Action.REGENERATE: lambda: ask(lambda: session.regenerate(message_id)),
            Action.REGENERATE_WITH: partial(
                self.menu_wished.emit, message_id, Action.REGENERATE_WITH
            ),
            Action.MORE: partial(self.menu_wished.emit, message_id, Action.MORE),
            Action.RETRY: lambda: ask(lambda: session.retry(message_id)),
            Action.CONTINUE: lambda: ask(lambda: session.continue_answer(message_id)),
            Action.EDIT: lambda: self._edit(message_id),
            Action.EDIT_QUESTION: lambda: self._edit(message_id),
            Action.PREVIOUS_VERSION: lambda: session.show_version(message_id, -1),
            Action.NEXT_VERSION: lambda: session.show_version(message_id, 1),
            Action.SEND_WHEN_ONLINE: lambda: session.outbox.await_network(message_id),
            Action.RETRY_NOW: session.retry_now,
            Action.CANCEL: session.stop,
            Action.TRY_AGAIN: lambda: ask(lambda: session.retry(message_id)),
            Action.CHANGE_KEY: lambda: self._wish_service(message_id, "key"),
            Action.EDIT_ADDRESS: lambda: self._wish_service(message_id, "address"),
            Action.KEEP_UNTIL_QUIT: lambda: self._wish_service(message_id, "key"),
            Action.OPEN_SITE: lambda: self._wish_site(message_id),
            Action.CHOOSE_MODEL: self.model_wished.emit,
            Action.SETTINGS: lambda: self._wish_network(message_id),
            Action.PARAMETERS: lambda: self._wish_parameters(message_id),
            Action.NEW_CHAT: self.new_chat_wished.emit,
            Action.ALLOW_CLEARTEXT: lambda: self._allow_cleartext(message_id),
        }

    def _edit(self, message_id: str) -> None:
        """Edit a question, or the question that an answer belongs to."""
        message = self._message(message_id)
        if message is not None and message.role is not Role.USER:
            message_id = message.parent_id or ""
        self.edit_wished.emit(message_id)

    def _wish_service(self, message_id: str, field: str) -> None:
        message = self._message(message_id)
        if message is not None:
            self.service_wished.emit(message.provider_id, field)

    def _wish_network(self, message_id: str) -> None:
        """Show the way of this one service where it has one of its own, else that of all."""
        provider = self._provider(message_id)
        if provider is not None and provider.network != NetworkOptions():
            self.service_wished.emit(provider.id, "network")
        else:
            self.network_wished.emit()

    def _wish_site(self, message_id: str) -> None:
        message = self._message(message_id)
        if message is not None:
            self.site_wished.emit(message.provider_id)

    def _wish_parameters(self, message_id: str) -> None:
        message = self._message(message_id)
        failure = message.failure if message is not None else None
        if message is None or failure is None:
            return
        if failure.kind is ErrorKind.LENGTH_STOP:
            self.parameters_wished.emit("Longest answer")
        elif self._set_by_service(failure.parameter):
            # Where a chat sets nothing itself, nothing can be cleared there.
            self.service_wished.emit(message.provider_id, "parameters")
        else:
            self.parameters_wished.emit(failure.parameter)

    def _allow_cleartext(self, message_id: str) -> None:
        provider = self._provider(message_id)
        if provider is not None:
            self._preferences.allow_cleartext(provider.origin)
            self.feed.ask(lambda: self.session.retry(message_id))

    def _set_by_service(self, label: str) -> bool:
        from desktop_chat.domain.parameter_refusals import name_of  # noqa: PLC0415 - seldom

        assistant = self.session.setup.assistant
        nearer = set(self.session.setup.parameters.names)
        nearer |= set(assistant.parameters.names if assistant is not None else ())
        return bool(label) and name_of(label) not in nearer

    def _provider(self, message_id: str) -> Provider | None:
        """Return who gave an answer, or should have."""
        message = self._message(message_id)
        return self._preferences.provider(message.provider_id) if message is not None else None

    def _message(self, message_id: str) -> Message | None:
        path = self.session.messages
        return path[path.ids.index(message_id)] if message_id in path.ids else None
