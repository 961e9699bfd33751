"""One chunk of an OpenAI-style chat completion, in every dialect that services speak of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.stream import FinishReason, ToolCallDelta
from desktop_chat.protocols.framing.json_values import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_REASONS: Final = {
    "stop": FinishReason.STOP,
    "eos": FinishReason.STOP,
    "eos_token": FinishReason.STOP,
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "complete": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "model_length": FinishReason.LENGTH,
    "max_output_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.SAFETY,
    "safety": FinishReason.SAFETY,
    "refusal": FinishReason.SAFETY,
    "sensitive": FinishReason.SAFETY,
    "recitation": FinishReason.SAFETY,
    "prohibited_content": FinishReason.SAFETY,
    "tool_calls": FinishReason.TOOL_CALLS,
    "tool_call": FinishReason.TOOL_CALLS,
    "tool_use": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
}


def text_of(content: object) -> str:
    """Return the answer's text in a `content` of any form: text, or a list of typed parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return ""
    return "".join(
        one["text"]
        for one in content
        if isinstance(one, dict)
        and one.get("type", "text") in ("text", "output_text")
        and isinstance(one.get("text"), str)
    )


def refusal_of(delta: dict[str, object]) -> str:
    """Return the refusal's text."""
    refusal = delta.get("refusal")
    return refusal if isinstance(refusal, str) else ""


def reasoning_of(delta: dict[str, object]) -> str:
    """Return the reasoning's text, from the first of the places where services put it."""
    for key in ("reasoning_content", "reasoning", "thinking"):
        if found := _words(delta.get(key)):
            return found
    if found := _words(delta.get("reasoning_details")):
        return found
    content = delta.get("content")
    parts = content if isinstance(content, list) else []
    return "".join(
        _words(one.get("thinking") or one.get("reasoning") or one.get("text"))
        for one in parts
        if isinstance(one, dict) and one.get("type") in ("thinking", "reasoning")
    )


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_words(one) for one in value if not isinstance(one, list))
    if isinstance(value, dict):
        for key in ("text", "summary", "content"):
            if isinstance(value.get(key), str):
                return str(value[key])
    return ""


def finish_of(choice: dict[str, object]) -> FinishReason | None:
    """Return why the choice ended, None while it has not."""
    reason = choice.get("finish_reason")
    if not isinstance(reason, str) or not reason:
        return None
    return _REASONS.get(reason.lower(), FinishReason.UNKNOWN)


def usage_of(chunk: dict[str, object]) -> Usage | None:
    """Return the token counts of a chunk."""
    usage = chunk.get("usage")
    if not isinstance(usage, dict):
        groq = chunk.get("x_groq")
        usage = groq.get("usage") if isinstance(groq, dict) else None
    if not isinstance(usage, dict):
        return None
    details = usage.get("completion_tokens_details") or usage.get("output_tokens_details")
    reasoning = details.get("reasoning_tokens") if isinstance(details, dict) else None
    read = usage.get("prompt_tokens_details") or usage.get("input_tokens_details")
    cached = read.get("cached_tokens") if isinstance(read, dict) else None
    return Usage(
        input_tokens=count_of(usage.get("prompt_tokens") or usage.get("input_tokens")),
        output_tokens=count_of(usage.get("completion_tokens") or usage.get("output_tokens")),
        reasoning_tokens=count_of(reasoning or usage.get("reasoning_tokens")),
        cached_tokens=count_of(cached or usage.get("prompt_cache_hit_tokens")),
    )


def sources_of(
    chunk: dict[str, object], delta: dict[str, object]
) -> Iterator[tuple[object, object]]:
    """Yield the address and the title of each source, wherever the service puts them."""
    for source in (
        delta.get("annotations"),
        chunk.get("search_results"),
        chunk.get("citations"),
    ):
        for one in source if isinstance(source, list) else ():
            if isinstance(one, dict):
                inner = one.get("url_citation")
                found = inner if isinstance(inner, dict) else one
                yield found.get("url"), found.get("title")
            else:
                yield one, ""


class ToolCallAssembler:
    """Tells which call a piece belongs to: by its index, else its id, else its place.

    Services leave the index out, begin it at 1, repeat it for several calls, or send a new id
    with each piece of one call.
    """

    def __init__(self) -> None:
        self._slots: list[tuple[object, str]] = []
        """The index that the service uses for each call, and the call's first id."""
        self._named: set[int] = set()

    def pieces(self, delta: dict[str, object]) -> Iterator[ToolCallDelta]:
        """Yield the pieces of tool calls in a delta."""
        calls = delta.get("tool_calls")
        legacy = delta.get("function_call")
        if isinstance(legacy, dict):
            calls = [{"index": 0, "function": legacy}]
        for position, call in enumerate(calls if isinstance(calls, list) else ()):
            if isinstance(call, dict):
                yield self._piece(call, position)

    def _piece(self, call: dict[str, object], position: int) -> ToolCallDelta:
        function = call.get("function")
        function = function if isinstance(function, dict) else {}
        name = function.get("name")
        name = name if isinstance(name, str) else ""
        call_id = call.get("id")
        call_id = call_id if isinstance(call_id, str) else ""
        arguments = function.get("arguments")
        if isinstance(arguments, dict):
            arguments = json.dumps(arguments, ensure_ascii=False)
        slot, is_new = self._slot(call.get("index"), call_id, position, starts=bool(name))
        if name and slot in self._named:
            name = ""  # Some repeat the name with every piece.
        elif name:
            self._named.add(slot)
        return ToolCallDelta(
            index=slot,
            call_id=call_id if is_new else "",
            name=name,
            arguments=arguments if isinstance(arguments, str) else "",
        )

    def _slot(
        self, index: object, call_id: str, position: int, *, starts: bool
    ) -> tuple[int, bool]:
        """Return the call's own number, and whether it begins here."""
        if call_id:
            for slot, (_, known_id) in enumerate(self._slots):
                if known_id == call_id:
                    return slot, False
        key = index if isinstance(index, int) else ("place", position)
        for slot in range(len(self._slots) - 1, -1, -1):
            if self._slots[slot][0] == key and not (starts and call_id and slot in self._named):
                return slot, False
        if not isinstance(index, int) and not starts and not call_id and self._slots:
            return len(self._slots) - 1, False
        self._slots.append((key, call_id))
        return len(self._slots) - 1, True
