"""Gemini's answers as they were recorded: the same at every cut as read by other means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import Usage
from tests.protocols.replaying import Reading, assert_same_at_every_cut, data_of, replay

if TYPE_CHECKING:
    from pathlib import Path

WIRE = "gemini"
# What each is known to hold, beside what is read of it below.
KNOWN = {
    "gemini-code-execution": Usage(147 + 360, 108 + 168, 168),
    "gemini-function-call": Usage(29, 10 + 202, 202),
    "gemini-interactions": Usage(9, 13 + 220, 220),
    "gemini-text": Usage(277, 124 + 570, 570),
    "gemini-thinking": Usage(34, 469 + 787, 787),
    "vertex-text": Usage(8, 354 + 1702, 1702),
}


def expected_of(body: bytes) -> Reading:
    """Read a recording part by part."""
    reading = Reading()
    for chunk in data_of(body):
        if "delta" in chunk:
            take(reading, {**chunk["delta"], "type": None})
        for candidate in chunk.get("candidates", []):
            for part in candidate["content"].get("parts", []):
                take(reading, part)
            reading.end = candidate.get("finishReason", reading.end).lower()
        if chunk.get("event_type") == "interaction.completed":
            reading.end = {"completed": "stop"}[chunk["interaction"]["status"]]
    return reading


def take(reading: Reading, part: dict[str, Any]) -> None:
    if part.get("thought"):
        reading.reasoning += part["text"]
    else:
        reading.text += part.get("text", "")
    if "functionCall" in part:
        call = part["functionCall"]
        reading.tools.append((call.get("id", ""), call["name"], json.dumps(call["args"])))
    if "executableCode" in part:
        assert part["executableCode"]["language"] == "PYTHON"
        reading.text += "```python\n" + part["executableCode"]["code"] + "\n```\n"
    if "codeExecutionResult" in part:
        output = part["codeExecutionResult"]["output"]
        assert output.endswith("\n")
        # The text after a block begins on a line of its own.
        reading.text += "\n```\n" + output + "```\n\n"
    for signature in (part.get("thoughtSignature"), part.get("signature")):
        if signature:
            kept = {"type": "thoughtSignature", "data": signature}
            on = {"on": "functionCall"} if "functionCall" in part else {}
            reading.opaque.append(json.dumps(kept | on))


@pytest.mark.parametrize("name", KNOWN)
def test_a_recording_says_the_same_at_every_cut(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    expected = expected_of(body)
    expected.usage = KNOWN[name]
    assert assert_same_at_every_cut(WIRE, body) == expected


def test_the_recordings_are_all_there_is_of_their_kind(shared: Path) -> None:
    streams = shared / "wire/streams"
    found = {file.stem for kind in ("gemini-*", "vertex-*") for file in streams.glob(kind)}
    assert found == set(KNOWN)


def test_the_recordings_words_are_the_ones_that_were_said(shared: Path) -> None:
    def of(name: str) -> Reading:
        return replay(WIRE, [(shared / f"wire/streams/{name}.sse").read_bytes()])

    assert of("gemini-text").text.startswith("The image shows a simple, blurry checkerboard")
    assert of("gemini-thinking").reasoning.startswith("**Clarifying User Goals**")
    assert of("gemini-thinking").text.endswith("Always assume a driver might not see you.")
    assert of("gemini-function-call").tools == [("", "get_country", "{}")]
    assert "print(result)\n```\n\n```\n-428330955.97745\n```\n\nThe" in (
        of("gemini-code-execution").text
    )
    assert of("gemini-interactions").text.endswith("Because light attracts bugs!")
    assert "**OpenTelemetry**, its noble" in of("vertex-text").text


def test_a_recording_as_one_json_list_says_the_same(shared: Path) -> None:
    for name in ("gemini-code-execution", "gemini-function-call", "gemini-text", "vertex-text"):
        body = (shared / f"wire/streams/{name}.sse").read_bytes()
        listed = json.dumps(data_of(body), indent=2).replace("\n", "\r\n").encode()
        whole = replay(WIRE, [body])
        for size in (1, 7, 1460, len(listed)):
            parts = [listed[at : at + size] for at in range(0, len(listed), size)]
            assert replay(WIRE, parts) == whole


def test_a_recording_of_the_future_loses_no_text(shared: Path) -> None:
    body = (shared / "wire/streams/gemini-text.sse").read_bytes()
    future = body.replace(b'"finishReason": "STOP"', b'"finishReason": "ENLIGHTENED"')
    future = future.replace(b'"role": "model"', b'"role": "sage","wisdom": [null]')
    future = future.replace(b'{"text"', b'{"newThing": {"a": [1]}},{"text"')
    assert future != body
    reading = replay(WIRE, [future])
    assert (reading.text, reading.end) == (replay(WIRE, [body]).text, "unknown")
