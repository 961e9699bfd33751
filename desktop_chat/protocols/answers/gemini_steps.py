"""The events of Gemini's second dialect, its interactions: steps that begin, grow and end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.stream import FinishReason
from desktop_chat.protocols.framing.json_values import count_of, object_at, text_at

if TYPE_CHECKING:
    from desktop_chat.protocols.answers.answer_builder import AnswerBuilder

_ENDS: Final = {
    "completed": FinishReason.STOP,
    "incomplete": FinishReason.LENGTH,
    "requires_action": FinishReason.TOOL_CALLS,
}


def add_step(answer: AnswerBuilder, chunk: dict[str, object]) -> None:
    """Take one event into an answer."""
    answer.chunks += 1
    delta = object_at(chunk, "delta")
    match text_at(delta, "type"):
        case "text":
            answer.add_text(text_at(delta, "text"))
        case "thought_summary":
            answer.add_reasoning(text_at(object_at(delta, "content"), "text"))
        case "thought_signature":
            kept = {"type": "thoughtSignature", "data": text_at(delta, "signature")}
            answer.keep_opaque(json.dumps(kept))
        case _:
            pass
    if text_at(chunk, "event_type") in ("interaction.completed", "interaction.complete"):
        _end(answer, object_at(chunk, "interaction"))


def _end(answer: AnswerBuilder, interaction: dict[str, object]) -> None:
    answer.finish = _ENDS.get(text_at(interaction, "status"), FinishReason.UNKNOWN)
    counts = object_at(interaction, "usage")
    if counts:
        thoughts = count_of(counts.get("total_thought_tokens"))
        answer.report_usage(
            Usage(
                count_of(counts.get("total_input_tokens")),
                count_of(counts.get("total_output_tokens")) + thoughts,
                thoughts,
                count_of(counts.get("total_cached_tokens")),
            )
        )
