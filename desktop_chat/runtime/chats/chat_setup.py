"""What is set for a chat: model, assistant and parameters of the next question, wrapped code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_chat.domain.chat import PartKind
from desktop_chat.domain.code_wraps import with_wrap, wraps_from
from desktop_chat.domain.parameters import Parameters, from_text, merged, to_text
from desktop_chat.domain.providers import ModelChoice, Provider
from desktop_chat.domain.stream import ChatRequest, Turn
from desktop_chat.runtime.preferences import default_model

if TYPE_CHECKING:
    from desktop_chat.domain.assistants import Assistant
    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.code_wraps import CodeWrap
    from desktop_chat.domain.history import MessagePath
    from desktop_chat.runtime.chats.record import Record
    from desktop_chat.runtime.preferences import Preferences


class ChatSetup(QObject):
    """Reads and changes what stands in a chat's record. Changes count from the next question on."""

    choice_changed = Signal()
    parameters_changed = Signal()
    """The parameters or the assistant are others."""

    def __init__(self, record: Record, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._record = record
        self._preferences = preferences

    @property
    def choice(self) -> ModelChoice:
        """The model that the next question goes to."""
        conversation = self._record.conversation
        stored = ModelChoice(conversation.provider_id, conversation.model)
        provider = self._preferences.provider(stored.provider_id)
        if provider is None:
            return self._preferences.choice()
        # Chosen before its service listed any.
        return stored if stored.model else ModelChoice(provider.id, default_model(provider))

    @property
    def parameters(self) -> Parameters:
        """What is set for this chat alone."""
        return from_text(self._record.conversation.params)

    @property
    def assistant(self) -> Assistant | None:
        """Who answers; None: the model as it is, also where the assistant was removed."""
        assistant_id = self._record.conversation.assistant_id
        return self._preferences.assistants.get(assistant_id) if assistant_id else None

    def set_choice(self, choice: ModelChoice) -> None:
        """Talk to another model."""
        if choice != self.choice:
            self._record.choose(choice)
            self.choice_changed.emit()

    def set_parameters(self, parameters: Parameters) -> None:
        """Set what holds for this chat alone."""
        if parameters != self.parameters:
            self._record.put(params=to_text(parameters, self._record.conversation.params))
            self.parameters_changed.emit()

    def set_assistant(self, assistant: Assistant | None) -> None:
        """Let another assistant answer, with its model if it has one."""
        assistant_id = assistant.id if assistant is not None else ""
        if assistant_id != self._record.conversation.assistant_id:
            self._record.put(assistant_id=assistant_id)
            self.parameters_changed.emit()
        if assistant is not None and assistant.model:
            choice = ModelChoice(assistant.provider_id, assistant.model)
            if self._preferences.provider(choice.provider_id) is not None:
                self.set_choice(choice)

    def wraps(self, message_id: str) -> tuple[CodeWrap, ...]:
        """Return for which code blocks of a message it was chosen whether long lines are broken."""
        chosen = self._record.conversation.code_wraps
        return wraps_from(chosen).get(message_id, ()) if chosen else ()

    @Slot(str, object)
    def keep_wrap(self, message_id: str, wrap: CodeWrap) -> None:
        """Remember such a choice."""
        known = self._record.conversation.code_wraps
        self._record.put(code_wraps=with_wrap(known, message_id, wrap))

    def provider(self, choice: ModelChoice) -> Provider | None:
        """Return who has a model; None where that service was removed."""
        return self._preferences.provider(choice.provider_id)

    def inherited(self, choice: ModelChoice) -> Parameters:
        """Return what holds here where this chat sets nothing itself."""
        provider = self.provider(choice)
        far = provider.parameters if provider is not None else Parameters()
        near = self.assistant
        return merged(far, near.parameters) if near is not None else far

    def in_force(self, choice: ModelChoice) -> Parameters:
        """Return what holds here, wherever it is set."""
        return merged(self.inherited(choice), self.parameters)

    def request(self, path: MessagePath, choice: ModelChoice) -> ChatRequest:
        """Return the request that has a model answer a path; its provider has no id if unknown."""
        return ChatRequest(
            provider=self.provider(choice) or Provider(id="", name="", protocol="", base_url=""),
            model=choice.model,
            turns=_turns(path, choice),
            parameters=self.in_force(choice),
        )


def _turns(path: MessagePath, choice: ModelChoice) -> tuple[Turn, ...]:
    """Return what is sent of a path: questions and the text of answers, nothing empty."""
    return tuple(Turn(one.role, one.text, _opaque(one, choice)) for one in path if one.text)


def _opaque(message: Message, choice: ModelChoice) -> tuple[str, ...]:
    """Return what a model gave for itself alone, where it is that model that is asked."""
    if (message.provider_id, message.model) != (choice.provider_id, choice.model):
        return ()
    return tuple(one.data for one in message.parts if one.data and one.kind == PartKind.REASONING)
