"""An answer that comes as the events of OpenAI's Responses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from desktop_chat.domain.stream import FinishReason
from desktop_chat.protocols.answers.chat_chunks import usage_of
from desktop_chat.protocols.answers.responses_parts import Calls, Parts
from desktop_chat.protocols.answers.thinking_answer import ThinkingAnswer
from desktop_chat.protocols.framing.json_values import object_at, objects_at, text_at

if TYPE_CHECKING:
    from collections.abc import Callable

_BAD_END: Final = "The service ended the answer with an error."
_ENDS: Final = {
    "response.completed": "completed",
    "response.done": "completed",
    "response.incomplete": "incomplete",
    "response.failed": "failed",
    "response.cancelled": "cancelled",
}
_REASONS: Final = {
    "max_output_tokens": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.SAFETY,
}
_CALLS: Final = {"function_call": "arguments", "custom_tool_call": "input", "mcp_call": "arguments"}
"""The kinds of tool call that are shown, and where each keeps what the tool is given."""
_ANSWERED_BY_THE_SERVICE: Final = "mcp_call"


@final
class ResponsesAnswer(ThinkingAnswer):
    """Reads events by their `type`; what belongs together is told by its place, never by an id."""

    ends_by_done = False

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._texts = Parts()
        self._thoughts = Parts()
        self._refusals = Parts()
        self._calls = Calls()
        self._must_call = False
        self._has_opaque = False
        self._readers: dict[str, Callable[[dict[str, object]], None]] = {
            "output_text.delta": self._add_delta,
            "output_text.done": self._end_text,
            "output_text.annotation.added": self._add_annotation,
            "refusal.delta": self._add_refusal_delta,
            "refusal.done": self._end_refusal,
            "reasoning_text.delta": self._add_thought,
            "reasoning_text.done": self._end_thought,
            "reasoning_summary_text.delta": self._add_thought,
            "reasoning_summary_text.done": self._end_thought,
            "content_part.done": self._end_part,
            "output_item.added": self._begin_item,
            "output_item.done": self._end_item,
        }
        for kind in ("function_call_arguments", "custom_tool_call_input", "mcp_call_arguments"):
            self._readers[f"{kind}.delta"] = self._add_argument
            self._readers[f"{kind}.done"] = self._end_argument

    @override
    def add_chunk(self, name: str, chunk: dict[str, object], *, with_content: bool) -> None:
        kind = text_at(chunk, "type") or name
        response = chunk if chunk.get("object") == "response" else object_at(chunk, "response")
        self.chunks += kind.startswith("response.") or bool(response)
        if with_content:
            self._read(kind, chunk, response)
        self.report_usage(usage_of(response))

    @override
    def flush(self) -> None:
        for piece in self._calls.unfinished():
            self.add_tool_call(piece)
        super().flush()

    def _read(self, kind: str, chunk: dict[str, object], response: dict[str, object]) -> None:
        reader = self._readers.get(kind.removeprefix("response."))
        if reader is not None:
            reader(chunk)
        elif kind in _ENDS or response is chunk:
            self._end(text_at(response, "status") or _ENDS.get(kind, ""), response)
        elif kind == "response.queued":
            self.keep_alive()

    def _end(self, status: str, response: dict[str, object]) -> None:
        """Take in how the whole answer ended, and what of it was never sent in pieces."""
        said_nothing = self.is_empty
        thought_nothing = not (self._thoughts or self._has_opaque)
        for place, item in enumerate(objects_at(response, "output")):
            if thought_nothing if item.get("type") == "reasoning" else said_nothing:
                self._end_item({"output_index": place, "item": item})
        if status == "completed":
            self.finish = FinishReason.TOOL_CALLS if self._must_call else FinishReason.STOP
        elif status == "incomplete":
            why = text_at(object_at(response, "incomplete_details"), "reason")
            self.finish = _REASONS.get(why, FinishReason.UNKNOWN)
        elif status in ("failed", "cancelled"):
            self.bad_end = _BAD_END

    # Text.

    def _add_delta(self, chunk: dict[str, object]) -> None:
        self._add_text_at(chunk, text_at(chunk, "delta"))

    def _end_text(self, chunk: dict[str, object]) -> None:
        self._settle_text(chunk, text_at(chunk, "text"))

    def _add_text_at(self, chunk: dict[str, object], text: str) -> None:
        self.add_text(self._texts.add(chunk, text))

    def _settle_text(self, chunk: dict[str, object], whole: str) -> None:
        """Trust the whole of a part over its pieces, of which some may be lost."""
        if not whole:
            return
        rest = self._texts.rest(chunk, whole)
        if rest is None:
            self._texts.replace(chunk, whole)
            self.correct_text(self._texts.text)
        else:
            self._add_text_at(chunk, rest)

    def _add_annotation(self, chunk: dict[str, object]) -> None:
        self._cite(object_at(chunk, "annotation"))

    def _cite(self, annotation: dict[str, object]) -> None:
        source = object_at(annotation, "url_citation") or annotation
        self.cite(source.get("url"), source.get("title"))

    # Refusals and reasoning.

    def _add_refusal_delta(self, chunk: dict[str, object]) -> None:
        self.add_refusal(self._refusals.add(chunk, text_at(chunk, "delta")))

    def _end_refusal(self, chunk: dict[str, object]) -> None:
        rest = self._refusals.rest(chunk, text_at(chunk, "refusal"))
        self.add_refusal(self._refusals.add(chunk, rest or ""))

    def _add_thought(self, chunk: dict[str, object]) -> None:
        self.add_reasoning(self._thoughts.add(chunk, text_at(chunk, "delta")))

    def _end_thought(self, chunk: dict[str, object]) -> None:
        rest = self._thoughts.rest(chunk, text_at(chunk, "text"))
        self.add_reasoning(self._thoughts.add(chunk, rest or ""))

    # Tool calls.

    def _add_argument(self, chunk: dict[str, object]) -> None:
        self._calls.add(chunk, text_at(chunk, "delta"))
        self.budget.spent |= self._calls.size > self.budget.limit

    def _end_argument(self, chunk: dict[str, object]) -> None:
        whole = text_at(chunk, "arguments") or text_at(chunk, "input")
        for piece in self._calls.end(chunk, whole):
            self.add_tool_call(piece)

    # Items and parts as a whole.

    def _end_part(self, chunk: dict[str, object]) -> None:
        part = object_at(chunk, "part")
        kind = part.get("type")
        if kind in ("output_text", "text"):
            self._settle_text(chunk, text_at(part, "text"))
            for annotation in objects_at(part, "annotations"):
                self._cite(annotation)
        elif kind == "refusal":
            self._end_refusal({**chunk, **part})
        elif kind in ("reasoning_text", "summary_text"):
            self._end_thought({**chunk, **part})

    def _begin_item(self, chunk: dict[str, object]) -> None:
        item = object_at(chunk, "item")
        kind = text_at(item, "type")
        if kind not in _CALLS:
            return
        self._must_call |= kind != _ANSWERED_BY_THE_SERVICE
        for piece in self._calls.begin(chunk, item):
            self.add_tool_call(piece)

    def _end_item(self, chunk: dict[str, object]) -> None:
        item = object_at(chunk, "item")
        kind = text_at(item, "type")
        if kind in _CALLS:
            self._begin_item(chunk)
            given = item.get(_CALLS[kind])
            whole = given if isinstance(given, str) else json.dumps(given) if given else ""
            for piece in self._calls.end(chunk, whole):
                self.add_tool_call(piece)
        for index, part in enumerate(objects_at(item, "summary")):
            self._end_part({**chunk, "summary_index": index, "part": part})
        for index, part in enumerate(objects_at(item, "content")):
            self._end_part({**chunk, "content_index": index, "part": part})
        if encrypted := text_at(item, "encrypted_content"):
            kept = {"type": kind, "id": text_at(item, "id"), "encrypted_content": encrypted}
            self._has_opaque = True
            self.keep_opaque(json.dumps(kept))
