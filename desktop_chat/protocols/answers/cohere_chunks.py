"""Events of Cohere's own chat, as gateways pass them on, in the shape of chat completions."""

from __future__ import annotations

from desktop_chat.protocols.framing.json_values import object_at, text_at


def as_chat_chunk(chunk: dict[str, object]) -> dict[str, object]:
    """Return a chunk with choices for an event of Cohere's; any other chunk as it is."""
    if "choices" in chunk or not _is_event(text_at(chunk, "type")):
        return chunk
    change = object_at(chunk, "delta")
    message = object_at(change, "message")
    content = object_at(message, "content")
    delta: dict[str, object] = {
        "content": text_at(content, "text"),
        "reasoning_content": text_at(content, "thinking") or text_at(message, "tool_plan"),
    }
    if call := object_at(message, "tool_calls"):
        delta["tool_calls"] = [{"index": chunk.get("index"), **call}]
    counted = object_at(change, "usage")
    counts = object_at(counted, "tokens")
    cached = {"cached_tokens": counted.get("cached_tokens")}
    return {
        "choices": [{"index": 0, "delta": delta, "finish_reason": change.get("finish_reason")}],
        "usage": {**counts, "input_tokens_details": cached} if counts else None,
    }


def _is_event(kind: str) -> bool:
    return kind.startswith(("message-", "content-", "tool-", "citation-"))
