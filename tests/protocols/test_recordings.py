"""Answers recorded from real services: the same whole, byte by byte and at every cut."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import (
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.protocols.answers.chat_reader import ChatReader
from tests.protocols.cuttings import at_random, in_two, pieces

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Failure(kind=ErrorKind.INTERNAL)
NAMES = (
    "azure-model-router", "azure-text", "azure-usage", "crusoe",
    "deepseek-reasoning", "gateway-created-ms", "groq-midstream-error", "groq-reasoning",
    "groq-reasoning-vercel", "hf-router", "litellm-proxy-n2", "mistral-magistral", "mistral-text",
    "moonshot-kimi", "openai-chat-n2", "openai-chat-plain", "openai-chat-text",
    "openai-chat-tools", "openrouter-annotations", "openrouter-midstream-error",
    "openrouter-reasoning", "perplexity-citations", "qwen-dashscope-reasoning", "snowflake",
    "vllm-chat", "writer-no-done", "xai-grok3-mini", "zai-thinking", "azure-deepseek-reasoning",
)  # fmt: skip
EVERY_CUT = 4096


@dataclass(frozen=True)
class Reading:
    """What an answer says."""

    text: str
    reasoning: str
    refusal: str
    tools: tuple[tuple[str, str], ...]
    usage: tuple[int, int] | None
    end: str


def text_of(events: list[StreamEvent]) -> str:
    return "".join(one.text for one in events if isinstance(one, TextDelta))


def read(parts: list[bytes]) -> Reading:
    """Read an answer with the product's reader."""
    reader = ChatReader(PLACE)
    events: list[StreamEvent] = []
    for part in parts:
        events += reader.feed(part)
        if reader.ended:
            break
    events += reader.end()
    try:
        end = reader.outcome(broken=False).reason.value
    except ChatError as error:
        end = f"{error.failure.kind}: {error.failure.message}"
    assert reader.bad_events == 0
    tools: dict[int, list[str]] = {}
    for one in events:
        if isinstance(one, ToolCallDelta):
            call = tools.setdefault(one.index, ["", ""])
            call[0] += one.name
            call[1] += one.arguments
    usage = [one.usage for one in events if isinstance(one, UsageReported)]
    return Reading(
        text=text_of(events),
        reasoning="".join(one.text for one in events if isinstance(one, ReasoningDelta)),
        refusal="".join(one.text for one in events if isinstance(one, RefusalDelta)),
        tools=tuple((name, arguments) for name, arguments in tools.values()),
        usage=(usage[-1].input_tokens, usage[-1].output_tokens) if usage else None,
        end=end,
    )


@dataclass
class Plain:
    """Reads a recording with JSON over whole lines alone, as these services are known to speak."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    end: str = ""
    error: str = ""
    usage: tuple[int, int] | None = None
    tools: dict[int, list[str]] = field(default_factory=dict)

    def read(self, body: bytes) -> Plain:
        for line in body.decode().split("\n"):
            if line.startswith("data: {") and not self.error:
                self._chunk(json.loads(line.removeprefix("data: ")))
        return self

    def _chunk(self, chunk: dict[str, Any]) -> None:
        counts = chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage")
        if counts:
            self.usage = counts["prompt_tokens"], counts["completion_tokens"]
        self.error = (chunk.get("error") or {}).get("message", "")
        for choice in chunk.get("choices") or []:
            if choice["index"] == 0 and "delta" in choice:
                self._delta(choice["delta"])
                self.end = choice.get("finish_reason") or self.end

    def _delta(self, delta: dict[str, Any]) -> None:
        content = delta.get("content") or ""
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        self.text += "".join(part["text"] for part in content if part["type"] == "text")
        for part in content:
            self.reasoning += "".join(one["text"] for one in part.get("thinking", []))
        details = "".join(one.get("text") or "" for one in delta.get("reasoning_details") or [])
        self.reasoning += delta.get("reasoning_content") or delta.get("reasoning") or details
        self.refusal += delta.get("refusal") or ""
        for call in delta.get("tool_calls") or []:
            mine = self.tools.setdefault(call["index"], ["", ""])
            mine[0] = mine[0] or (call["function"].get("name") or "")
            mine[1] += call["function"].get("arguments") or ""


@pytest.fixture(params=NAMES)
def recording(request: pytest.FixtureRequest, shared: Path) -> bytes:
    return (shared / f"wire/streams/{request.param}.sse").read_bytes()


def test_a_recording_says_the_same_at_every_cut(recording: bytes) -> None:
    expected = Plain().read(recording)
    whole = read([recording])
    assert whole.text == expected.text
    assert whole.reasoning == expected.reasoning
    assert whole.refusal == expected.refusal
    assert whole.tools == tuple((name, arguments) for name, arguments in expected.tools.values())
    assert whole.usage == expected.usage
    if expected.error:
        assert whole.end == f"stream_error: {expected.error}"
    else:
        assert whole.end == (expected.end or "unknown")
    for size in (1, 7, 1460):
        assert read(pieces(recording, size)) == whole
    for seed in range(50):
        assert read(at_random(recording, seed)) == whole
    if len(recording) <= EVERY_CUT:
        for parts in in_two(recording):
            assert read(parts) == whole


def test_the_recordings_are_all_there_is_of_their_kind(shared: Path) -> None:
    chat = {
        file.stem
        for file in (shared / "wire/streams").glob("*.sse")
        if b'"choices"' in file.read_bytes()
    }
    assert chat == set(NAMES)


@pytest.mark.parametrize("name", ["openrouter-midstream-error", "groq-midstream-error"])
def test_an_error_in_the_middle_gives_the_services_words(name: str, shared: Path) -> None:
    whole = read([(shared / f"wire/streams/{name}.sse").read_bytes()])
    assert whole.reasoning
    assert whole.end.startswith("stream_error: ")


def test_recordings_of_other_dialects_break_nothing(shared: Path) -> None:
    others = [
        file for file in sorted((shared / "wire/streams").iterdir()) if file.stem not in NAMES
    ]
    assert len(others) == 59 - len(NAMES)
    for file in others:
        body = file.read_bytes()[:20_000]
        whole = ChatReader(PLACE)
        events = [*whole.feed(body), *whole.end()]
        again = ChatReader(PLACE)
        cut = [event for part in pieces(body, 7) for event in again.feed(part)] + again.end()
        assert text_of(cut) == text_of(events)


def test_recordings_of_the_future_lose_no_text(shared: Path) -> None:
    body = (shared / "wire/streams/openai-chat-text.sse").read_bytes()
    future = body.replace(b'"finish_reason":"stop"', b'"finish_reason":"enlightened"')
    future = future.replace(b'"object":', b'"kind":{"deep":[1]},"object":')
    future = b"event: something.new\n: hello\n" + future
    assert future != body
    assert read([future]).text == read([body]).text
    assert read([future]).end == "unknown"
