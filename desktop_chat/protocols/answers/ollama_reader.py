"""The body of an answer of Ollama's own protocol to stream events."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.answers.answer_reader import AnswerReader
from desktop_chat.protocols.answers.ollama_answer import OllamaAnswer
from desktop_chat.protocols.framing.ndjson import JsonLines

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret


@final
class OllamaReader(AnswerReader):
    """Reads one answer's bytes."""

    def __init__(
        self, place: Failure, limits: Limits | None = None, secrets: tuple[Secret, ...] = ()
    ) -> None:
        limits = limits or Limits()
        answer = OllamaAnswer(limits.answer_bytes)
        super().__init__(answer, place, limits, secrets, decoder=JsonLines(limits.line_bytes))
