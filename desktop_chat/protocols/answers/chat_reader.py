"""The body of a chat completion to stream events."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.answers.answer_reader import AnswerReader
from desktop_chat.protocols.answers.chat_answer import ChatAnswer

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret


@final
class ChatReader(AnswerReader):
    """Reads one answer's bytes."""

    def __init__(
        self, place: Failure, limits: Limits | None = None, secrets: tuple[Secret, ...] = ()
    ) -> None:
        limits = limits or Limits()
        super().__init__(ChatAnswer(limits.answer_bytes), place, limits, secrets)
