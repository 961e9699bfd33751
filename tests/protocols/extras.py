"""What each protocol says beside its text: a row here, beside that of `DIALECTS`, is the contract.

Nothing stands where a protocol has no such thing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from tests.protocols.dialects import event


@dataclass(frozen=True, kw_only=True)
class Extras:
    """Pieces of a stream, each of which may come between two pieces of text."""

    reasoning: bytes = b""
    """The reasoning "Hm."."""
    refusal: bytes = b""
    """The refusal "No."."""
    call: bytes = b""
    """A call of the tool `look` with `{"q": 1}`."""
    source: bytes = b""
    """The source https://a.test with the title "A"."""
    usage: bytes = b""
    """3 tokens read, 4 written."""
    other: bytes = b""
    """The text "Other." of a further answer to the same question."""
    length: bytes = b""
    """The end of an answer that became too long."""
    safety: bytes = b""
    """The end of an answer that the service's rules stopped."""
    calling: bytes = b""
    """The end of an answer that waits for a tool."""


_SOURCE: Final = {"url": "https://a.test", "title": "A"}
_DONE: Final = b"data: [DONE]\n\n"


def _delta(**delta: object) -> bytes:
    return event({"choices": [{"index": 0, "delta": delta}]})


def _chat_end(reason: str) -> bytes:
    return event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}) + _DONE


def _block(index: int, block: dict[str, Any], *deltas: dict[str, Any]) -> bytes:
    start = event({"type": "content_block_start", "index": index, "content_block": block})
    pieces = [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
    stop = event({"type": "content_block_stop", "index": index})
    return start + b"".join(map(event, pieces)) + stop


def _message_end(reason: str) -> bytes:
    end = {"type": "message_delta", "delta": {"stop_reason": reason}}
    return event(end) + event({"type": "message_stop"})


def _response(kind: str, **fields: object) -> bytes:
    return event({"type": f"response.{kind}", **fields})


def _incomplete(reason: str) -> bytes:
    details = {"status": "incomplete", "incomplete_details": {"reason": reason}}
    return _response("incomplete", response=details)


def _parts(*parts: dict[str, Any], **fields: object) -> bytes:
    return event({"candidates": [{"content": {"parts": list(parts)}, **fields}]})


def _line(**fields: object) -> bytes:
    return json.dumps({"message": {}, "done": False, **fields}).encode() + b"\n"


_CHAT: Final = Extras(
    reasoning=_delta(reasoning_content="Hm."),
    refusal=_delta(refusal="No."),
    call=_delta(
        tool_calls=[{"index": 0, "id": "c1", "function": {"name": "look", "arguments": '{"q'}}]
    )
    + _delta(tool_calls=[{"index": 0, "function": {"arguments": '": 1}'}}]),
    source=_delta(annotations=[{"type": "url_citation", "url_citation": _SOURCE}]),
    usage=event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}),
    other=event({"choices": [{"index": 1, "delta": {"content": "Other."}}]}),
    length=_chat_end("length"),
    safety=_chat_end("content_filter"),
    calling=_chat_end("tool_calls"),
)

EXTRAS: Final[dict[str, Extras]] = {
    "openai_chat": _CHAT,
    "azure_openai": _CHAT,
    "anthropic_messages": Extras(
        reasoning=_block(
            1,
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "thinking_delta", "thinking": "Hm."},
            {"type": "signature_delta", "signature": "abc"},
        ),
        refusal=event(
            {
                "type": "message_delta",
                "delta": {"stop_reason": "refusal", "stop_details": {"explanation": "No."}},
            }
        ),
        call=_block(
            2,
            {"type": "tool_use", "id": "c1", "name": "look", "input": {}},
            {"type": "input_json_delta", "partial_json": ""},
            {"type": "input_json_delta", "partial_json": '{"q'},
            {"type": "input_json_delta", "partial_json": '": 1}'},
        ),
        source=event(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "citations_delta", "citation": _SOURCE},
            }
        ),
        usage=event(
            {"type": "message_delta", "delta": {}, "usage": {"input_tokens": 3, "output_tokens": 4}}
        ),
        length=_message_end("max_tokens"),
        safety=_message_end("refusal"),
        calling=_message_end("tool_use"),
    ),
    "openai_responses": Extras(
        reasoning=_response("reasoning_summary_text.delta", output_index=1, delta="Hm."),
        refusal=_response("refusal.delta", output_index=0, content_index=1, delta="No."),
        call=_response(
            "output_item.added",
            output_index=2,
            item={"type": "function_call", "call_id": "c1", "name": "look", "arguments": ""},
        )
        + _response("function_call_arguments.delta", output_index=2, delta='{"q": 1}'),
        source=_response("output_text.annotation.added", output_index=0, annotation=_SOURCE),
        usage=_response("in_progress", response={"usage": {"input_tokens": 3, "output_tokens": 4}}),
        length=_incomplete("max_output_tokens"),
        safety=_incomplete("content_filter"),
    ),
    "gemini": Extras(
        reasoning=_parts({"text": "Hm.", "thought": True}),
        refusal=event({"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "No."}}),
        call=_parts({"functionCall": {"id": "c1", "name": "look", "args": {"q": 1}}}),
        source=_parts(
            groundingMetadata={
                "groundingChunks": [{"web": {"uri": "https://a.test", "title": "A"}}]
            }
        ),
        usage=event({"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4}}),
        other=_parts({"text": "Other."}, index=1),
        length=_parts(finishReason="MAX_TOKENS"),
        safety=_parts(finishReason="SAFETY"),
    ),
    "ollama_chat": Extras(
        reasoning=_line(message={"thinking": "Hm."}),
        call=_line(
            message={
                "tool_calls": [{"id": "c1", "function": {"name": "look", "arguments": {"q": 1}}}]
            }
        ),
        usage=_line(prompt_eval_count=3, eval_count=4),
        length=_line(done=True, done_reason="length"),
    ),
    "light_chat": Extras(),
}
