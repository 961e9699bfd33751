"""Anthropic's answers as they were recorded: the same at every cut as read by other means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import Usage
from tests.protocols.replaying import Reading, assert_same_at_every_cut, data_of, replay

if TYPE_CHECKING:
    from pathlib import Path

WIRE = "anthropic_messages"
ENDS = {
    "end_turn": "stop", "max_tokens": "length", "tool_use": "tool_calls", "pause_turn": "pause",
}  # fmt: skip
# What each is known to hold, beside what is read of it below.
KNOWN = {
    "anthropic-max-tokens": ("length", Usage(27, 15)),
    "anthropic-pause-turn": ("pause", Usage(404_500, 943, 261)),
    "anthropic-redacted-thinking": ("stop", Usage(92, 189)),
    "anthropic-text": ("stop", Usage(762, 33)),
    "anthropic-thinking": ("stop", Usage(3042, 354)),
    "anthropic-tool-use": ("tool_calls", Usage(514, 165)),
    "anthropic-websearch-citations": ("stop", Usage(22_397, 637)),
}


def expected_of(body: bytes) -> Reading:
    """Read a recording block by block, as its events name them."""
    blocks: dict[int, dict[str, Any]] = {}
    reading = Reading()
    counts: dict[str, int] = {}
    for event in data_of(body):
        match event["type"]:
            case "message_start":
                counts.update(one for one in event["message"]["usage"].items())
            case "content_block_start":
                blocks[event["index"]] = {"said": "", "signature": "", **event["content_block"]}
            case "content_block_delta":
                grow(blocks[event["index"]], event["delta"], reading)
            case "message_delta":
                reading.end = ENDS[event["delta"]["stop_reason"]]
                counts.update(event["usage"])
            case _:
                pass
    for block in blocks.values():
        take(block, reading)
    thinking: Any = counts.get("output_tokens_details") or {}
    reading.usage = Usage(
        counts["input_tokens"], counts["output_tokens"], thinking.get("thinking_tokens", 0)
    )
    return reading


def grow(block: dict[str, Any], delta: dict[str, Any], reading: Reading) -> None:
    for key in ("text", "thinking", "partial_json"):
        block["said"] += delta.get(key, "")
    block["signature"] += delta.get("signature", "")
    if "citation" in delta:
        cited = (delta["citation"]["url"], delta["citation"]["title"])
        if cited[0] not in [url for url, _ in reading.citations]:
            reading.citations.append(cited)


def take(block: dict[str, Any], reading: Reading) -> None:
    match block["type"]:
        case "text":
            reading.text += block["said"]
        case "thinking":
            reading.reasoning += block["said"]
            kept = {"type": "thinking", "thinking": block["said"], "signature": block["signature"]}
            reading.opaque.append(json.dumps(kept))
        case "redacted_thinking":
            kept = {"type": "redacted_thinking", "data": block["data"]}
            reading.opaque.append(json.dumps(kept))
        case "tool_use" | "server_tool_use" | "mcp_tool_use":
            reading.tools.append((block["id"], block["name"], block["said"]))
        case _:
            pass


@pytest.mark.parametrize("name", KNOWN)
def test_a_recording_says_the_same_at_every_cut(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    assert assert_same_at_every_cut(WIRE, body) == expected_of(body)


@pytest.mark.parametrize("name", KNOWN)
def test_a_recording_ends_as_is_known_of_it(name: str, shared: Path) -> None:
    reading = replay(WIRE, [(shared / f"wire/streams/{name}.sse").read_bytes()])
    assert (reading.end, reading.usage) == KNOWN[name]


def test_the_recordings_are_all_there_is_of_their_kind(shared: Path) -> None:
    assert {file.stem for file in (shared / "wire/streams").glob("anthropic-*")} == set(KNOWN)


def test_the_recordings_words_are_the_ones_that_were_said(shared: Path) -> None:
    def of(name: str) -> Reading:
        return replay(WIRE, [(shared / f"wire/streams/anthropic-{name}.sse").read_bytes()])

    assert of("text").text.startswith("\n\nBased on the result from the get_weather tool, the")
    assert of("thinking").reasoning
    assert [name for _, name, _ in of("tool-use").tools] == ["get_weather", "get_time"]
    assert all(json.loads(arguments) for _, _, arguments in of("tool-use").tools)
    assert len(of("redacted-thinking").opaque) == 2
    assert len(of("pause-turn").tools) == 11
    assert "https://www.accuweather.com" in of("websearch-citations").citations[0][0]


def test_a_recording_of_the_future_loses_no_text(shared: Path) -> None:
    body = (shared / "wire/streams/anthropic-text.sse").read_bytes()
    future = body.replace(b'"type":"message_delta"', b'"new":{"deep":[1]},"type":"message_delta"')
    future = future.replace(b'"end_turn"', b'"enlightened"')
    future = b'event: new_thing\ndata: {"type":"new_thing","index":0}\n\n' + future
    future = future.replace(b'"text_delta"', b'"text_delta","more":null')
    reading = replay(WIRE, [future])
    assert (reading.text, reading.end) == (replay(WIRE, [body]).text, "unknown")
