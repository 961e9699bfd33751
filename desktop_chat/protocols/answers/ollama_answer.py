"""An answer that comes as the objects of Ollama's own protocol."""

from __future__ import annotations

import json
from typing import Final, final

from typing_extensions import override

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.stream import FinishReason, ToolCallDelta
from desktop_chat.protocols.answers.thinking_answer import ThinkingAnswer
from desktop_chat.protocols.framing.json_values import count_of, object_at, objects_at, text_at

_REASONS: Final = {"stop": FinishReason.STOP, "length": FinishReason.LENGTH}


@final
class OllamaAnswer(ThinkingAnswer):
    """Reads what a chat answers, and what its elder sister `/api/generate` does."""

    ends_by_done = False

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._calls = 0

    @override
    def add_chunk(self, name: str, chunk: dict[str, object], *, with_content: bool) -> None:
        message = object_at(chunk, "message")
        self.chunks += not chunk.keys().isdisjoint(("message", "response", "done"))
        if with_content:
            self.add_reasoning(text_at(message, "thinking") or text_at(chunk, "thinking"))
            self.add_text(text_at(message, "content") or text_at(chunk, "response"))
            for call in objects_at(message, "tool_calls"):
                self._add_call(call)
            if chunk.get("done") is True:
                self._end(text_at(chunk, "done_reason"))
        if not chunk.keys().isdisjoint(("prompt_eval_count", "eval_count")):
            read, written = chunk.get("prompt_eval_count"), chunk.get("eval_count")
            self.report_usage(Usage(count_of(read), count_of(written)))

    def _add_call(self, call: dict[str, object]) -> None:
        """Take in a call: each comes whole, with its arguments as an object."""
        function = object_at(call, "function")
        given = function.get("arguments")
        if not isinstance(given, str):
            given = json.dumps({} if given is None else given, ensure_ascii=False)
        name = text_at(function, "name")
        self.add_tool_call(ToolCallDelta(self._calls, text_at(call, "id"), name, given))
        self._calls += 1

    def _end(self, why: str) -> None:
        reason = _REASONS.get(why, FinishReason.UNKNOWN)
        called = self._calls and reason is not FinishReason.LENGTH
        self.finish = FinishReason.TOOL_CALLS if called else reason
