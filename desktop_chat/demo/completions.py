"""Chat completions in OpenAI's format: reading the request, and building chunks."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.demo.answers import Turn
from desktop_chat.demo.refusals import Refusal, bad_request, unknown_model
from desktop_chat.domain.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL: Final = "demo"
DONE: Final = b"data: [DONE]\n\n"
MODEL_LIST: Final = {
    "object": "list",
    "data": [{"id": MODEL, "object": "model", "created": 1767225600, "owned_by": "desktop-chat"}],
}


@dataclass(frozen=True, slots=True)
class Question:
    """A request for a chat completion, as far as the demo heeds it."""

    turns: tuple[Turn, ...]
    stream: bool
    include_usage: bool
    max_tokens: int | None


def read_question(body: bytes) -> Question | Refusal:
    """Return what a request's body asks, or why it cannot be answered."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return bad_request("We could not parse the JSON body of your request.")
    if not isinstance(content, dict):
        return bad_request("The body of the request must be a JSON object.")
    model = content.get("model")
    if model not in (MODEL, None, ""):
        return unknown_model(str(model))
    messages = content.get("messages")
    if not isinstance(messages, list) or not messages:
        return bad_request("'messages' must be a list that is not empty.", "messages")
    options = content.get("stream_options")
    limit = content.get("max_completion_tokens") or content.get("max_tokens")
    return Question(
        turns=tuple(_turn(one) for one in messages if isinstance(one, dict)),
        stream=content.get("stream") is True,
        include_usage=isinstance(options, dict) and options.get("include_usage") is True,
        max_tokens=limit if type(limit) is int and limit > 0 else None,
    )


class Completion:
    """The envelope that all chunks of one answer share."""

    def __init__(self, question: Question) -> None:
        self._with_usage = question.include_usage
        self._prompt_tokens = _prompt_tokens(question.turns)
        self._id = f"chatcmpl-{new_id()}"
        self._created = int(time.time())

    def chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        """Return one event of a streamed answer."""
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": None,
            "finish_reason": finish_reason,
        }
        extra: dict[str, Any] = {"usage": None} if self._with_usage else {}
        return self._event([choice], extra)

    def usage_chunk(self, reasoning_tokens: int, text_tokens: int) -> bytes:
        """Return the event that only counts tokens, after the last of the answer."""
        return self._event([], {"usage": self._usage(reasoning_tokens, text_tokens)})

    def whole(
        self, reasoning: Sequence[str], text: Sequence[str], finish_reason: str
    ) -> dict[str, Any]:
        """Return an answer that is not streamed, made of its tokens."""
        message = {"role": "assistant", "content": "".join(text), "refusal": None}
        if reasoning:
            message["reasoning_content"] = "".join(reasoning)
        return {
            **self._envelope("chat.completion"),
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}
            ],
            "usage": self._usage(len(reasoning), len(text)),
        }

    def _event(self, choices: list[dict[str, Any]], extra: dict[str, Any]) -> bytes:
        content = {**self._envelope("chat.completion.chunk"), "choices": choices, **extra}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return f"data: {text}\n\n".encode(errors="replace")

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": self._created, "model": MODEL}

    def _usage(self, reasoning_tokens: int, text_tokens: int) -> dict[str, Any]:
        answered = reasoning_tokens + text_tokens
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": answered,
            "total_tokens": self._prompt_tokens + answered,
            "completion_tokens_details": {"reasoning_tokens": reasoning_tokens},
        }


def _turn(message: dict[str, Any]) -> Turn:
    role, content = message.get("role"), message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "\n".join(part for part in parts if isinstance(part, str))
    return Turn(str(role), content if isinstance(content, str) else "")


def _prompt_tokens(turns: Sequence[Turn]) -> int:
    # A count by characters: a long chat must not be cut into tokens at each question.
    return sum(4 + len(turn.text) // 4 for turn in turns)
