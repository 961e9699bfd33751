"""Answers recorded from real services: the same whole, byte by byte and at every cut."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.protocols.answers.chat_reader import ChatReader
from tests.protocols.cuttings import pieces
from tests.protocols.replaying import Reading, assert_same_at_every_cut, replay

if TYPE_CHECKING:
    from pathlib import Path

WIRE = "openai_chat"
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


@dataclass
class Plain:
    """Reads a recording with JSON over whole lines alone, as these services are known to speak."""

    reading: Reading = field(default_factory=Reading)
    error: str = ""
    tools: dict[int, list[str]] = field(default_factory=dict)

    def read(self, body: bytes) -> Reading:
        for line in body.decode().split("\n"):
            if line.startswith("data: {") and not self.error:
                self._chunk(json.loads(line.removeprefix("data: ")))
        self.reading.tools = [(call[0], call[1], call[2]) for call in self.tools.values()]
        self.reading.end = (
            f"stream_error: {self.error}" if self.error else self.reading.end or "unknown"
        )
        return self.reading

    def _chunk(self, chunk: dict[str, Any]) -> None:
        counts = chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage")
        if counts:
            self.reading.usage = Usage(
                counts["prompt_tokens"],
                counts["completion_tokens"],
                (counts.get("completion_tokens_details") or {}).get("reasoning_tokens")
                or counts.get("reasoning_tokens", 0),
                (counts.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
            )
        self.error = (chunk.get("error") or {}).get("message", "")
        for choice in chunk.get("choices") or []:
            if choice["index"] == 0 and "delta" in choice:
                self._delta(choice["delta"])
                self.reading.end = choice.get("finish_reason") or self.reading.end
        for source in chunk.get("search_results") or []:
            self._cite(source["url"], source["title"])
        for url in chunk.get("citations") or []:
            self._cite(url, "")

    def _delta(self, delta: dict[str, Any]) -> None:
        reading = self.reading
        content = delta.get("content") or ""
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        reading.text += "".join(part["text"] for part in content if part["type"] == "text")
        for part in content:
            reading.reasoning += "".join(one["text"] for one in part.get("thinking", []))
        details = "".join(one.get("text") or "" for one in delta.get("reasoning_details") or [])
        reading.reasoning += delta.get("reasoning_content") or delta.get("reasoning") or details
        reading.refusal += delta.get("refusal") or ""
        for call in delta.get("tool_calls") or []:
            mine = self.tools.setdefault(call["index"], ["", "", ""])
            mine[0] = mine[0] or (call.get("id") or "")
            mine[1] = mine[1] or (call["function"].get("name") or "")
            mine[2] += call["function"].get("arguments") or ""
        for annotation in delta.get("annotations") or []:
            self._cite(annotation["url_citation"]["url"], annotation["url_citation"]["title"])

    def _cite(self, url: str, title: str) -> None:
        if url not in [known for known, _ in self.reading.citations]:
            self.reading.citations.append((url, title))


@pytest.fixture(params=NAMES)
def recording(request: pytest.FixtureRequest, shared: Path) -> bytes:
    return (shared / f"wire/streams/{request.param}.sse").read_bytes()


def test_a_recording_says_the_same_at_every_cut(recording: bytes) -> None:
    assert assert_same_at_every_cut(WIRE, recording) == Plain().read(recording)


def test_nothing_in_a_recording_is_skipped(recording: bytes) -> None:
    reader = ChatReader(PLACE)
    reader.feed(recording)
    assert reader.bad_events == 0


def test_the_recordings_are_all_there_is_of_their_kind(shared: Path) -> None:
    chat = {
        file.stem
        for file in (shared / "wire/streams").glob("*.sse")
        if b'"choices"' in file.read_bytes()
    }
    assert chat == set(NAMES)


@pytest.mark.parametrize("name", ["openrouter-midstream-error", "groq-midstream-error"])
def test_an_error_in_the_middle_gives_the_services_words(name: str, shared: Path) -> None:
    whole = replay(WIRE, [(shared / f"wire/streams/{name}.sse").read_bytes()])
    assert whole.reasoning
    assert whole.end.startswith("stream_error: ")


def test_recordings_of_other_dialects_break_nothing(shared: Path) -> None:
    others = [
        file for file in sorted((shared / "wire/streams").iterdir()) if file.stem not in NAMES
    ]
    assert len(others) == 59 - len(NAMES)
    for file in others:
        body = file.read_bytes()[:20_000]
        assert replay(WIRE, pieces(body, 7)) == replay(WIRE, [body])


def test_recordings_of_the_future_lose_no_text(shared: Path) -> None:
    body = (shared / "wire/streams/openai-chat-text.sse").read_bytes()
    future = body.replace(b'"finish_reason":"stop"', b'"finish_reason":"enlightened"')
    future = future.replace(b'"object":', b'"kind":{"deep":[1]},"object":')
    future = b"event: something.new\n: hello\n" + future
    assert future != body
    assert replay(WIRE, [future]).text == replay(WIRE, [body]).text
    assert replay(WIRE, [future]).end == "unknown"
