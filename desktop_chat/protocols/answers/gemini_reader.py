"""The body of an answer of Gemini to stream events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, final

from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.answers.answer_reader import AnswerReader
from desktop_chat.protocols.answers.gemini_answer import GeminiAnswer

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret


@final
class GeminiReader(AnswerReader):
    """Reads one answer's bytes."""

    patience = 5
    """A reason to finish may come in the middle, and the service work on for a while."""

    def __init__(
        self, place: Failure, limits: Limits | None = None, secrets: tuple[Secret, ...] = ()
    ) -> None:
        limits = limits or Limits()
        limits = replace(limits, event_bytes=limits.picture_event_bytes)
        super().__init__(GeminiAnswer(limits.answer_bytes), place, limits, secrets)
