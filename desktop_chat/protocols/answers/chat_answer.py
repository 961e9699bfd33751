"""An answer that comes as chunks of an OpenAI-style chat completion."""

from __future__ import annotations

from typing import Final, final

from typing_extensions import override

from desktop_chat.domain.stream import FinishReason
from desktop_chat.protocols.answers.chat_chunks import (
    ToolCallAssembler,
    finish_of,
    reasoning_of,
    refusal_of,
    sources_of,
    text_of,
    usage_of,
)
from desktop_chat.protocols.answers.cohere_chunks import as_chat_chunk
from desktop_chat.protocols.answers.thinking_answer import ThinkingAnswer

_BAD_END: Final = "The service ended the answer with an error."


@final
class ChatAnswer(ThinkingAnswer):
    """Reads the first choice of each chunk."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._tools = ToolCallAssembler()
        self._choice: object = None
        self._streamed = False

    @override
    def add_chunk(self, name: str, chunk: dict[str, object], *, with_content: bool) -> None:
        chunk = as_chat_chunk(chunk)
        choices = chunk.get("choices")
        self.chunks += isinstance(choices, list)
        if with_content:
            delta: dict[str, object] = {}
            for choice in choices if isinstance(choices, list) else ():
                if isinstance(choice, dict) and self._is_ours(choice):
                    delta = self._add_choice(choice)
            for url, title in sources_of(chunk, delta):
                self.cite(url, title)
        self.report_usage(usage_of(chunk))

    def _is_ours(self, choice: dict[str, object]) -> bool:
        """Whether a choice is the first one: others are further answers to the same question."""
        index = choice.get("index") or 0
        if self._choice is None:
            self._choice = index
        return index == self._choice

    def _add_choice(self, choice: dict[str, object]) -> dict[str, object]:
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = self._whole_message(choice)
        elif delta:
            self._streamed = True
        self.add_reasoning(reasoning_of(delta))
        self.add_text(text_of(delta.get("content")))
        self.add_refusal(refusal_of(delta))
        for piece in self._tools.pieces(delta):
            self.add_tool_call(piece)
        reason = finish_of(choice)
        if reason is not None:
            self.finish = reason
            ended_badly = str(choice.get("finish_reason")).lower() == "error"
            self.bad_end = _BAD_END if ended_badly else ""
        return delta

    def _whole_message(self, choice: dict[str, object]) -> dict[str, object]:
        """Return the message of an answer that came at once; after deltas it is a repetition."""
        message = choice.get("message")
        if self._streamed:
            return {}
        if not isinstance(message, dict):
            return {"content": choice.get("text")}
        if self.finish is None:
            self.finish = FinishReason.UNKNOWN  # A message that is whole is its own end.
        return message
