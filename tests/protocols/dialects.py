"""How each protocol says the same things: a row here is all that the contract asks of a new one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


def event(value: object) -> bytes:
    """Return one event of a stream."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One protocol's way of saying things."""

    path: str
    """Where a question to `model-1` goes, below the server's root."""
    piece: Callable[[str], bytes]
    """A piece of an answer with this text."""
    end: bytes
    """The protocol's own end; nothing where the end of the body is the only one."""
    error: bytes = b""
    """The words "Went away" as an error in mid-stream; nothing where there is no such thing."""
    whole: bytes = b""
    """The answer "Good answer." as one document in the place of a stream, if there is such."""
    models: bytes = b""
    """A list of the models `large` and `small`; nothing where the service cannot list them."""
    models_path: str = ""
    key_header: str = ""
    """Where the key goes; nothing where it goes into the body."""
    base: str = ""
    """What stands behind the server's root in a base URL."""

    @property
    def good(self) -> bytes:
        """A good answer: "Good answer."."""
        return self.piece("Good ") + self.piece("answer.") + self.end


def _chat(words: str) -> bytes:
    return event({"choices": [{"index": 0, "delta": {"content": words}}]})


def _anthropic(words: str) -> bytes:
    delta = {"type": "text_delta", "text": words}
    return event({"type": "content_block_delta", "index": 0, "delta": delta})


def _responses(words: str) -> bytes:
    return event(
        {
            "type": "response.output_text.delta",
            "output_index": 0,
            "content_index": 0,
            "delta": words,
        }
    )


def _gemini(words: str) -> bytes:
    return event({"candidates": [{"content": {"parts": [{"text": words}]}}]})


def _ollama(value: dict[str, object], words: str = "") -> bytes:
    message = {"role": "assistant", "content": words}
    return json.dumps({"message": message, "done": False, **value}).encode() + b"\n"


def _document(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


_WENT_AWAY: Final = {"error": {"message": "Went away", "type": "x"}}
_CHAT_END: Final = (
    event({"choices": [{"delta": {}, "finish_reason": "stop"}]}) + b"data: [DONE]\n\n"
)
_CHAT_WHOLE: Final = _document({"choices": [{"message": {"content": "Good answer."}}]})
_MODELS: Final = _document({"data": [{"id": "large"}, {"id": "small"}]})

DIALECTS: Final[dict[str, Dialect]] = {
    "openai_chat": Dialect(
        base="/v1",
        path="/v1/chat/completions",
        piece=_chat,
        end=_CHAT_END,
        error=event(_WENT_AWAY),
        whole=_CHAT_WHOLE,
        models=_MODELS,
        models_path="/v1/models",
        key_header="authorization",
    ),
    "anthropic_messages": Dialect(
        path="/v1/messages",
        piece=_anthropic,
        end=event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})
        + event({"type": "message_stop"}),
        error=b"event: error\n" + event({"type": "error", **_WENT_AWAY}),
        whole=_document(
            {"type": "message", "content": [{"type": "text", "text": "Good answer."}]}
        ),
        models=_MODELS,
        models_path="/v1/models?limit=1000",
        key_header="x-api-key",
    ),
    "gemini": Dialect(
        path="/v1beta/models/model-1:streamGenerateContent?alt=sse",
        piece=_gemini,
        end=event({"candidates": [{"finishReason": "STOP"}]}),
        error=event(_WENT_AWAY),
        whole=_document(
            [{"candidates": [
                {"content": {"parts": [{"text": "Good answer."}]}, "finishReason": "STOP"}
            ]}]
        ),
        models=_document({"models": [{"name": "models/large"}, {"name": "models/small"}]}),
        models_path="/v1beta/models?pageSize=1000",
        key_header="x-goog-api-key",
    ),
    "openai_responses": Dialect(
        base="/v1",
        path="/v1/responses",
        piece=_responses,
        end=event({"type": "response.completed", "response": {"status": "completed"}}),
        error=b"event: error\n" + event({"type": "error", "message": "Went away"}),
        whole=_document(
            {
                "object": "response",
                "status": "completed",
                "output": [
                    {
                        "type": "message",
                        "content": [{"type": "output_text", "text": "Good answer."}],
                    }
                ],
            }
        ),
        models=_MODELS,
        models_path="/v1/models",
        key_header="authorization",
    ),
    "azure_openai": Dialect(
        path="/openai/deployments/model-1/chat/completions?api-version=2024-10-21",
        piece=_chat,
        end=_CHAT_END,
        error=event(_WENT_AWAY),
        whole=_CHAT_WHOLE,
        models=_MODELS,
        models_path="/openai/deployments?api-version=2023-03-15-preview",
        key_header="api-key",
    ),
    "ollama_chat": Dialect(
        path="/api/chat",
        piece=lambda words: _ollama({}, words),
        end=_ollama({"done": True, "done_reason": "stop"}),
        error=json.dumps({"error": "Went away"}).encode() + b"\n",
        whole=_document({"message": {"content": "Good answer."}, "done": True}),
        models=_document({"models": [{"name": "large"}, {"name": "small"}]}),
        models_path="/api/tags",
        key_header="authorization",
    ),
    "light_chat": Dialect(
        path="/api/light/chat/createChatCompletion",
        piece=lambda words: words.encode("utf-8", "surrogatepass"),
        end=b"",
    ),
}  # fmt: skip
