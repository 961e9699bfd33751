"""An answer of Anthropic's messages: blocks that begin, grow and end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final, final

from typing_extensions import override

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.stream import FinishReason, ToolCallDelta
from desktop_chat.domain.text import clean
from desktop_chat.protocols.answers.answer_builder import AnswerBuilder
from desktop_chat.protocols.framing.json_values import count_of, object_at, objects_at, text_at

_REASONS: Final = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "tool_use": FinishReason.TOOL_CALLS,
    "pause_turn": FinishReason.PAUSED,
    "refusal": FinishReason.SAFETY,
}
_COUNTS: Final = (
    "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens",
    "thinking_tokens",
)  # fmt: skip
_MOST_OPEN: Final = 1000
"""How many blocks may be open at once; no service has more than one."""


@dataclass(slots=True)
class _Block:
    """A block that is not at its end: what of it is not given out at once."""

    kind: str
    slot: int = -1
    """The number of the tool call that it is."""
    given: str = ""
    """What a call was begun with, used where no piece follows."""
    thinking: list[str] = field(default_factory=list)
    signature: str = ""


@final
class AnthropicAnswer(AnswerBuilder):
    """Reads events by their `type`; one that is not known means nothing."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._blocks: dict[object, _Block] = {}
        self._calls = 0
        self._counts: dict[str, int] = {}

    @override
    def add_chunk(self, name: str, chunk: dict[str, object], *, with_content: bool) -> None:
        kind = text_at(chunk, "type") or name
        if with_content:
            self._add_event(kind, chunk)
        self._count(object_at(object_at(chunk, "message"), "usage"))
        self._count(object_at(chunk, "usage"))

    @override
    def flush(self) -> None:
        for index in list(self._blocks):
            self._end_block(index)
        super().flush()

    def _add_event(self, kind: str, chunk: dict[str, object]) -> None:
        self.chunks += kind in ("message_start", "message", "message_delta")
        index = chunk.get("index")
        index = index if isinstance(index, int) else 0
        match kind:
            case "content_block_start":
                self._begin_block(index, object_at(chunk, "content_block"))
            case "content_block_delta":
                self._add_delta(index, object_at(chunk, "delta"))
            case "content_block_stop":
                self._end_block(index)
            case "message_delta":
                self._add_end(object_at(chunk, "delta"))
            case "message_stop":
                self._stop()
            case "message":
                self._add_whole(chunk)
            case "ping":
                self.keep_alive()
            case _:
                pass

    def _begin_block(self, index: int, start: dict[str, object]) -> None:
        self._end_block(index)
        self.chunks += 1
        block = _Block(text_at(start, "type"))
        if len(self._blocks) < _MOST_OPEN:
            self._blocks[index] = block
        match block.kind:
            case "text":
                self.add_text(text_at(start, "text"))
                self._cite(*objects_at(start, "citations"))
            case "thinking":
                self._think(block, text_at(start, "thinking"))
                block.signature = text_at(start, "signature")
            case "redacted_thinking":
                self.keep_opaque(json.dumps({"type": block.kind, "data": text_at(start, "data")}))
            case kind if kind.endswith("tool_use"):
                # The service's own tools, such as its web search, are begun in the same way.
                block.slot, self._calls = self._calls, self._calls + 1
                call_id, name = text_at(start, "id"), text_at(start, "name")
                self.add_tool_call(ToolCallDelta(block.slot, call_id, name))
                given = object_at(start, "input")
                block.given = json.dumps(given, ensure_ascii=False) if given else ""
            case _:
                pass

    def _add_delta(self, index: int, delta: dict[str, object]) -> None:
        block = self._blocks.get(index) or _Block("")
        match text_at(delta, "type"):
            case "text_delta":
                self.add_text(text_at(delta, "text"))
            case "thinking_delta":
                self._think(block, text_at(delta, "thinking"))
            case "signature_delta":
                block.signature += self.budget.take(clean(text_at(delta, "signature")))
            case "citations_delta":
                self._cite(object_at(delta, "citation"))
            case "input_json_delta" if block.slot >= 0:
                piece = text_at(delta, "partial_json")
                if piece:
                    block.given = ""
                    self.add_tool_call(ToolCallDelta(block.slot, arguments=piece))
            case _:
                pass

    def _end_block(self, index: object) -> None:
        block = self._blocks.pop(index, None)
        if block is None:
            return
        if block.given:
            self.add_tool_call(ToolCallDelta(block.slot, arguments=block.given))
        if block.signature:
            # Whoever sends this reasoning back has to send it to the letter.
            thinking = "".join(block.thinking)
            kept = {"type": "thinking", "thinking": thinking, "signature": block.signature}
            self.keep_opaque(json.dumps(kept))

    def _add_end(self, delta: dict[str, object]) -> None:
        reason = text_at(delta, "stop_reason")
        if reason:
            self.finish = _REASONS.get(reason, FinishReason.UNKNOWN)
        self.add_refusal(text_at(object_at(delta, "stop_details"), "explanation"))

    def _stop(self) -> None:
        self.chunks += 1
        self.done = True

    def _add_whole(self, message: dict[str, object]) -> None:
        """Take in an answer that came at once."""
        for index, block in enumerate(objects_at(message, "content")):
            self._begin_block(index, block)
            self._end_block(index)
        self._add_end(message)
        self._stop()

    def _think(self, block: _Block, text: str) -> None:
        if text and not self.budget.spent:
            block.thinking.append(text)  # kept twice for a while, so that it can be sent back
        self.add_reasoning(text)

    def _cite(self, *citations: dict[str, object]) -> None:
        for one in citations:
            self.cite(one.get("url") or one.get("source"), one.get("title"))

    def _count(self, usage: dict[str, object]) -> None:
        """Take in counts: each report is of the whole so far, and may leave out what it said."""
        if not usage:
            return
        details = object_at(usage, "output_tokens_details")
        for name in _COUNTS:
            value = usage.get(name, details.get(name))
            if value is not None:
                self._counts[name] = count_of(value)
        counts = self._counts.get
        cached = counts("cache_read_input_tokens", 0)
        read = counts("input_tokens", 0) + cached + counts("cache_creation_input_tokens", 0)
        self.report_usage(
            Usage(read, counts("output_tokens", 0), counts("thinking_tokens", 0), cached)
        )
