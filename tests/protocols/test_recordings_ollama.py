"""Ollama's recorded answers, and Azure's: the same at every cut as read by other means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import Usage
from tests.protocols.replaying import Reading, assert_same_at_every_cut, data_of, replay

if TYPE_CHECKING:
    from pathlib import Path


def lines_of(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.decode().splitlines()]


@pytest.mark.parametrize(
    ("name", "counts"),
    [("ollama-chat", Usage(17, 50)), ("ollama-generate", Usage(16, 51))],
)
def test_ollamas_lines_say_the_same_at_every_cut(name: str, counts: Usage, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.ndjson").read_bytes()
    lines = lines_of(body)
    text = "".join(
        line["message"]["content"] if "message" in line else line["response"] for line in lines
    )
    last = lines[-1]
    assert (last["prompt_eval_count"], last["eval_count"]) == (
        counts.input_tokens,
        counts.output_tokens,
    )
    whole = assert_same_at_every_cut("ollama_chat", body)
    assert whole == Reading(text=text, usage=counts, end="stop")
    # A last line without its end, and lines that end as on Windows, say nothing else.
    assert replay("ollama_chat", [body.rstrip(b"\n")]) == whole
    assert replay("ollama_chat", [body.replace(b"\n", b"\r\n")]) == whole
    cut = body[: body.rindex(b'{"model"')]
    assert replay("ollama_chat", [cut]).end == "broken_stream: "
    assert replay("ollama_chat", [cut + b'{"done":tr']).text == text


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("azure-text", "stop"),
        ("azure-usage", "stop"),
        ("azure-model-router", "stop"),
        ("azure-deepseek-reasoning", "stop"),
    ],
)
def test_azures_chunks_say_the_same_at_every_cut(name: str, reason: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    expected = Reading(end=reason)
    for chunk in data_of(body):
        for choice in chunk["choices"]:
            delta = choice["delta"]
            expected.text += delta.get("content") or ""
            expected.reasoning += delta.get("reasoning_content") or ""
        if counts := chunk.get("usage"):
            expected.usage = Usage(
                counts["prompt_tokens"],
                counts["completion_tokens"],
                (counts.get("completion_tokens_details") or {}).get("reasoning_tokens")
                or counts.get("reasoning_tokens", 0),
                (counts.get("prompt_tokens_details") or {}).get("cached_tokens", 0),
            )
    assert assert_same_at_every_cut("azure_openai", body) == expected
    assert expected.text
